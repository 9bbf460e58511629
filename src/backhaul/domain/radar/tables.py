"""Writing exceptions: steps in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from backhaul.domain.radar import statements
from backhaul.domain.radar.errors import ExceptionUnknown
from backhaul.domain.radar.model import Cause, ClosedBecause, Cutoffs, ExceptionId, ParcelException, Policy
from backhaul.domain.shipping.model import ShipmentId
from backhaul.domain.transfers.model import Status
from backhaul.kernel.ids import OrgId, new_id
from backhaul.storage.database import Reader, Tx
from backhaul.storage.rows import record

HIGHEST_NUMBER = 2**63 - 1


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """An exception whose cause is gone, and why it is."""

    exception_id: ExceptionId
    closed_because: ClosedBecause


async def differing(
    reader: Reader, policy: Policy, *, now: datetime, limit: int
) -> list[tuple[OrgId, ShipmentId]]:
    """Return the parcels of all organizations where an exception is to be opened or closed; needs the worker role."""
    rows = await reader.fetch(
        statements.DIFFERING, policy.look_back, now, *_instants(policy.cutoffs(now)), limit
    )
    return [(row["org_id"], row["shipment_id"]) for row in rows]


async def compare(
    tx: Tx, shipment_ids: Sequence[ShipmentId], cutoffs: Cutoffs
) -> tuple[list[Cause], list[Ending]]:
    """Return what is wrong with some parcels and has no exception yet, and which exceptions have no cause any more."""
    rows = await tx.fetch(statements.COMPARE, tx.org_id, list(shipment_ids), *_instants(cutoffs))
    causes = [record(Cause, row) for row in rows if row["exception_id"] is None]
    return causes, [record(Ending, row) for row in rows if row["exception_id"] is not None]


def _instants(cutoffs: Cutoffs) -> tuple[datetime, datetime, datetime]:
    return cutoffs.unscanned, cutoffs.still, cutoffs.unreceived


async def close(tx: Tx, endings: Sequence[Ending], *, at: datetime) -> list[ParcelException]:
    """Close exceptions and return those that nobody else has closed."""
    if not endings:
        return []
    ids, reasons = [one.exception_id for one in endings], [one.closed_because.value for one in endings]
    rows = await tx.fetch(statements.CLOSE, tx.org_id, ids, reasons, at)
    return [record(ParcelException, row) for row in rows]


async def open_all(tx: Tx, causes: Sequence[Cause], policy: Policy, *, at: datetime) -> list[ParcelException]:
    """Open an exception for each cause and return those that nobody else has opened."""
    if not causes:
        return []
    columns = zip(
        *(
            (
                new_id(), c.kind.value, c.suggested_action.value, c.shipment_id, c.transfer_id, c.case_id,
                c.campaign_id, c.leg.value, c.carrier and c.carrier.value, c.tracking_number, c.owner_id,
                c.owner_email, c.since, policy.due_at(c.kind, at),
            )
            for c in causes
        ),
        strict=True,
    )  # fmt: skip
    rows = await tx.fetch(statements.OPEN, tx.org_id, *(list(column) for column in columns), at)
    return [record(ParcelException, row) for row in rows]


async def lock(tx: Tx, number: int) -> tuple[ParcelException, Status]:
    """Return an exception, locked, and how far its transfer is; refuses an unknown one."""
    row = None
    if 0 < number <= HIGHEST_NUMBER:
        row = await tx.fetchrow(statements.LOCK, tx.org_id, number)
    if row is None:
        raise ExceptionUnknown(exception=number)
    return record(ParcelException, row), Status(row["transfer_status"])


async def save(tx: Tx, x: ParcelException) -> None:
    """Write a locked exception back; its version has grown by one."""
    because = x.closed_because and x.closed_because.value
    await tx.execute(
        statements.SAVE, tx.org_id, x.id, x.owner_id, x.owner_email, x.acknowledged_at, x.acknowledged_by, x.note,
        x.closed_at, because, x.version, x.snoozed_until, x.snoozed_by,
    )  # fmt: skip
