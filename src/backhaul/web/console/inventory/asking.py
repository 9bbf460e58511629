"""What a list of assets is asked for, from the URL and back into it."""

from enum import StrEnum
from typing import TypeVar

import msgspec

from backhaul.domain.inventory.browsing import AssetFilter, Warranty
from backhaul.domain.inventory.model import Custody, StatusType
from backhaul.web.console.paths import with_query
from backhaul.web.console.visiting import Visit

PATH = "/assets"
_MAX = 2**63 - 1
Code = TypeVar("Code", bound=StrEnum)
_NAMES = {
    "status": "status",
    "type": "status_type",
    "model": "model",
    "location": "location",
    "held": "custody",
    "holder": "holder",
    "warranty": "warranty",
    "q": "text",
}


def number_in(text: str | None) -> int | None:
    """Return a number of the query; None for what is none."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 19:  # noqa: PLR2004 -- of a bigint
        return None
    return found if (found := int(text)) <= _MAX else None


def code_in(kind: type[Code], text: str | None) -> Code | None:
    """Return a code of the query; None for one that does not exist."""
    return kind(text) if text in set(kind) else None


def wanted_of(visit: Visit) -> AssetFilter:
    """Return what the URL asks for; a value that means nothing asks for nothing."""
    return AssetFilter(
        status=number_in(visit.asked("status")),
        status_type=code_in(StatusType, visit.asked("type")),
        model=number_in(visit.asked("model")),
        location=number_in(visit.asked("location")),
        custody=code_in(Custody, visit.asked("held")),
        holder=number_in(visit.asked("holder")),
        warranty=code_in(Warranty, visit.asked("warranty")),
        text=visit.asked("q"),
    )


def url_of(path: str, wanted: AssetFilter, *, before: int | None = None) -> str:
    """Return the URL that asks for the same."""
    asked = {name: getattr(wanted, field) for name, field in _NAMES.items()}
    given = {name: None if value is None else str(value) for name, value in asked.items()}
    return with_query(path, **given, before=None if before is None else str(before))


def is_narrowed(wanted: AssetFilter) -> bool:
    """Tell whether anything but everything is asked for."""
    return any(value is not None for value in msgspec.structs.astuple(wanted))
