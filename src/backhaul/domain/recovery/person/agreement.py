"""The words of the hand-over that are signed, from what is expected on that day. Pure."""

import hashlib
from datetime import date

from backhaul.domain.recovery.model import Item
from backhaul.domain.recovery.person.model import Page

_PROMISE = (
    "I send it with the prepaid label I was given. I keep no copy of the organization's data, and I know that the "
    "devices may be erased once they have arrived."
)


def handover_text(page: Page, *, on: date) -> str:
    """Return the exact words to sign: the same items on the same day give the same words."""
    case = page.case
    lines = [
        f"Hand-over of equipment to {_plain(page.organization_name)}",
        "",
        f"Date: {on.isoformat()}",
        f"Recovery: {case.code}",
        f"Person: {_plain(f'{case.first_name} {case.last_name}')}",
        "",
        f"I hand over the following to {_plain(page.organization_name)}:",
        *(f"{number}. {_described(item)}" for number, item in enumerate(page.expected, 1)),
        "",
        _PROMISE,
    ]
    return "\n".join(lines)


def text_hash(text: str) -> bytes:
    """Return the SHA-256 of the words."""
    return hashlib.sha256(text.encode()).digest()


def marks_of(item: Item) -> tuple[str, ...]:
    """Return what tells an item apart, each with its name."""
    known = (("serial number", item.serial_number), ("asset", item.tag), ("IMEI", item.imei))
    return tuple(f"{name} {_plain(value)}" for name, value in known if value)


def _described(item: Item) -> str:
    marks = ", ".join(marks_of(item))
    return f"{_plain(item.name)} ({marks})" if marks else _plain(item.name)


def _plain(text: str) -> str:
    # Nothing that somebody entered can begin a line of its own.
    return " ".join(text.split())
