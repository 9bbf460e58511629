"""Which reshipment a page is about."""

from backhaul.domain.reshipping.errors import ReshipmentUnknown
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.visiting import Visit

PATH = "/reshipments"
_LONGEST_SHOWN = 64


def reshipment_number(visit: Visit) -> int:
    """Return the reshipment's number in the address; a text that is none names nothing we know."""
    text = visit.named("number")
    number = number_or_none(text)
    if number is None:
        raise ReshipmentUnknown(number=text[:_LONGEST_SHOWN])
    return number


def seen_fee(text: str) -> int:
    """Return the estimate that a form was shown with; one that names none has seen none, and answers none."""
    return number_or_none(text) or 0


def path_of(number: int) -> str:
    """Return the address of a reshipment's page."""
    return f"{PATH}/{number}"
