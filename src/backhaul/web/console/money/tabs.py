"""The parts of the pages about money."""

TABS = (
    ("Wallet", "/money"),
    ("Quotes", "/money/quotes"),
    ("Holds", "/money/holds"),
    ("Fees", "/money/fees"),
    ("Charges", "/money/charges"),
    ("Refunds", "/money/refunds"),
    ("Invoices", "/money/invoices"),
)


def tabs_at(path: str) -> list[tuple[str, str, bool]]:
    """Return the tabs, with the one that a page belongs to marked."""
    return [
        (label, href, path == href or (href != "/money" and path.startswith(f"{href}/")))
        for label, href in TABS
    ]
