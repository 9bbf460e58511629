"""What a list of assets is asked for, from the URL and back into it."""

import msgspec

from backhaul.domain.inventory.browsing import AssetFilter, Warranty
from backhaul.domain.inventory.model import Custody, StatusType
from backhaul.web.console.cursors import code_or_none, number_or_none
from backhaul.web.console.paths import with_query
from backhaul.web.console.visiting import Visit

PATH = "/assets"
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


def wanted_of(visit: Visit) -> AssetFilter:
    """Return what the URL asks for; a value that means nothing asks for nothing."""
    return AssetFilter(
        status=number_or_none(visit.asked("status")),
        status_type=code_or_none(StatusType, visit.asked("type")),
        model=number_or_none(visit.asked("model")),
        location=number_or_none(visit.asked("location")),
        custody=code_or_none(Custody, visit.asked("held")),
        holder=number_or_none(visit.asked("holder")),
        warranty=code_or_none(Warranty, visit.asked("warranty")),
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
