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
    here = next((href for _, href in TABS[1:] if path == href or path.startswith(f"{href}/")), "/money")
    return [(label, href, href == here) for label, href in TABS]
