"""From the address of the list to what is wanted, and back: every filter stands in the URL."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from backhaul.domain.shipping.model import CarrierCode, Leg
from backhaul.domain.transfers.answers import Cursor, Wanted
from backhaul.domain.transfers.listing import LONGEST_TEXT
from backhaul.domain.transfers.model import Direction, Status, TransferId
from backhaul.kernel.countries import is_country
from backhaul.web.console.cursors import code_or_none
from backhaul.web.console.paths import with_query
from backhaul.web.console.transfers.words import GROUPS

PATH = "/transfers"
NAMES = ("q", "status", "direction", "leg", "carrier", "country", "person", "from", "until", "attention")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def wanted_of(given: Mapping[str, str | None], zone: ZoneInfo) -> Wanted:
    """Return what a query asks for; a value that means nothing is passed over. Days are the viewer's."""
    status, country, person = given.get("status"), given.get("country"), given.get("person")
    chosen = code_or_none(Status, status)
    statuses = GROUPS[status][1] if status in GROUPS else (chosen,) if chosen is not None else ()
    return Wanted(
        statuses=statuses,
        direction=code_or_none(Direction, given.get("direction")),
        leg=_leg(given.get("leg")),
        carrier=code_or_none(CarrierCode, given.get("carrier")),
        country_code=country if country is not None and is_country(country) else None,
        person=None if person is None else person[:LONGEST_TEXT],
        since=_instant(given.get("from"), zone, days=0),
        until=_instant(given.get("until"), zone, days=1),
        needs_attention=given.get("attention") == "1",
        text=given.get("q"),
    )


def address_of(given: Mapping[str, str | None], **changes: str | None) -> str:
    """Return the list's address with these filters; what is None is left out."""
    return with_query(PATH, **{**{name: given.get(name) for name in NAMES}, **changes})


def is_filtered(given: Mapping[str, str | None]) -> bool:
    """Tell whether anything is left out of the list."""
    return any(given.get(name) for name in NAMES)


def written(cursor: Cursor) -> str:
    """Return a cursor as a part of an address."""
    return f"{(cursor.created_at - _EPOCH) // _MICROSECOND}.{cursor.id.hex}"


def read(text: str | None) -> Cursor | None:
    """Return a cursor; None for a text that is none."""
    moment, _, identity = (text or "").partition(".")
    try:
        return Cursor(_EPOCH + timedelta(microseconds=int(moment)), TransferId(UUID(identity)))
    except (ValueError, OverflowError):
        return None


def _leg(text: str | None) -> Leg | None:
    leg = code_or_none(Leg, text)
    return leg if leg in {Leg.BOX, Leg.DEVICE} else None


def _instant(text: str | None, zone: ZoneInfo, *, days: int) -> datetime | None:
    """Return when a day of the viewer begins; `days` later."""
    try:
        day = date.fromisoformat(text or "") + timedelta(days=days)
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
