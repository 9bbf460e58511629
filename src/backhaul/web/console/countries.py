"""Countries as the address forms list them."""

from backhaul.kernel.countries import COUNTRY_CODES, country_name

COUNTRIES: list[tuple[str, str]] = sorted(
    ((code, country_name(code)) for code in COUNTRY_CODES), key=lambda one: one[1]
)
_CODES = frozenset(COUNTRY_CODES)


def country_code_of(text: str) -> str | None:
    """Return the ISO 3166-1 code that a form sent; None for none of the list."""
    return text if text in _CODES else None
