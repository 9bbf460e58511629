"""Reading transfers as people do: a list cut down and searched, and one with all that belongs to it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from backhaul.domain.shipping.model import Leg
from backhaul.domain.transfers import statements
from backhaul.domain.transfers.answers import Cursor, FullTransfer, ListedTransfer, Wanted
from backhaul.domain.transfers.errors import TransferUnknown
from backhaul.domain.transfers.model import Status, Transfer, TransferId
from backhaul.storage.database import Reader, Scope
from backhaul.storage.rows import record

MAX_PAGE = 200
MOST_FOUND = 500  # by each way a text is searched
SHORTEST_TEXT = 2  # of what is searched for
LONGEST_TEXT = 200

# Where a transfer is while a leg is under way.
OF_LEG = {
    Leg.BOX: (Status.PENDING_BOX, Status.BOX_IN_TRANSIT),
    Leg.DEVICE: (Status.PENDING_DEVICE, Status.DEVICE_IN_TRANSIT),
}

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_LOWEST_ID = TransferId(UUID(int=0))
_HIGHEST_ID = TransferId(UUID(int=2**128 - 1))
_LAST_SIGN = "\U0010ffff"
_PRINTED = "bh-"  # labels print BH- before the end of an id


async def list_transfers(
    reader: Reader, scope: Scope, *, wanted: Wanted, after: Cursor | None = None, limit: int = 50
) -> list[ListedTransfer]:
    """Return a page of transfers, newest first, of those that meet everything asked for.

    The caller has the right to read transfers.
    """
    if 0 < len(_text(wanted)) < SHORTEST_TEXT:
        return []
    statement, arguments = prepared(scope, wanted, after=after, limit=limit)
    return [_listed(row) for row in await reader.fetch(statement, *arguments)]


def prepared(
    scope: Scope, wanted: Wanted, *, after: Cursor | None = None, limit: int = 50
) -> tuple[str, list[Any]]:
    """Return the statement that looks at the fewest rows, and what it is asked."""
    text = _text(wanted)
    is_by_carrier = not text and not wanted.ids and _is_by_carrier(wanted)
    end = Cursor(wanted.until or _NEVER, _LOWEST_ID) if after is None or is_by_carrier else after
    arguments: list[Any] = [
        scope.org_id,
        min(limit, MAX_PAGE),
        end.created_at,
        end.id,
        wanted.since or _EVER,
        [status.value for status in _statuses(wanted)],
        wanted.direction and wanted.direction.value,
        wanted.carrier and wanted.carrier.value,
        wanted.leg and wanted.leg.value,
        wanted.needs_attention,
        wanted.country_code,
        wanted.person,
    ]
    if wanted.ids:
        return statements.LIST_BY_IDS, [*arguments, list(wanted.ids)]
    if text:
        return statements.LIST_BY_TEXT, [*arguments, *_searched(text)]
    if is_by_carrier:
        return statements.LIST_BY_CARRIER, [*arguments, _HIGHEST_ID if after is None else after.id]
    return _statement(wanted), arguments


def _is_by_carrier(wanted: Wanted) -> bool:
    """Return whether the carrier alone leaves the fewest rows to look at."""
    cut = (wanted.statuses, wanted.leg, wanted.needs_attention, wanted.country_code, wanted.person)
    return wanted.carrier is not None and not any(cut)


def _text(wanted: Wanted) -> str:
    return " ".join((wanted.text or "").split())[:LONGEST_TEXT]


def _statement(wanted: Wanted) -> str:
    if wanted.person is not None:
        return statements.LIST_BY_PERSON
    if wanted.needs_attention:
        return statements.LIST_BY_ATTENTION
    if wanted.country_code is not None:
        return statements.LIST_BY_COUNTRY
    return statements.LIST_BY_STATUS if wanted.direction is None else statements.LIST_BY_DIRECTION


def _statuses(wanted: Wanted) -> tuple[Status, ...]:
    chosen = wanted.statuses or tuple(Status)
    if wanted.leg is None:
        return chosen
    return tuple(status for status in chosen if status in OF_LEG[wanted.leg])


def _searched(text: str) -> list[object]:
    folded = text.lower()  # as the schema's name_key does
    serial = "".join(text.split()).upper()
    return [
        folded,
        serial,
        folded + _LAST_SIGN,
        serial + _LAST_SIGN,
        _id_or_none(text),
        MOST_FOUND,
        folded.removeprefix(_PRINTED),
    ]


def _id_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _listed(row: Mapping[str, Any]) -> ListedTransfer:
    values = dict(row)
    return msgspec.convert({**values, "parcels": values["parcels"] or ()}, ListedTransfer)


async def get_full(reader: Reader, scope: Scope, *, transfer_id: TransferId) -> FullTransfer:
    """Return a transfer with everything that belongs to it, or refuse an id that is not this organization's.

    The caller has the right to read transfers.
    """
    row = await reader.fetchrow(statements.GET_FULL, scope.org_id, transfer_id)
    if row is None:
        raise TransferUnknown(transfer_id=transfer_id)
    values = dict(row)
    lists = ("parcels", "charges", "messages", "exceptions", "history")
    return msgspec.convert(
        {
            "transfer": record(Transfer, row),
            "short_id": values["short_id"],
            **{name: values[name] or () for name in lists},
            **{name: values[name] for name in ("asset", "person", "case")},
        },
        FullTransfer,
    )
