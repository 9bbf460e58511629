"""Look at parcels: open exceptions, and close those whose cause is gone."""

from collections.abc import Sequence
from datetime import datetime

from backhaul.domain.radar import lifecycle, tables
from backhaul.domain.radar.events import ExceptionClosed, ExceptionOpened
from backhaul.domain.radar.metrics import CLOSED, OPENED
from backhaul.domain.radar.model import ParcelException, Policy
from backhaul.domain.shipping.model import ShipmentId
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Scope, Tx


async def look_at(
    db: Database, *, scope: Scope, shipment_ids: Sequence[ShipmentId], policy: Policy, now: datetime
) -> None:
    """Bring the exceptions of some parcels to what is wrong with them now. Safe to run twice, and at once."""
    async with db.transaction(scope) as tx:
        causes, endings = await tables.compare(tx, shipment_ids, policy.cutoffs(now))
        closed = await tables.close(tx, endings, at=now)  # first: a parcel may need something else by now
        opened = await tables.open_all(tx, causes, policy, at=now)
        for exception in closed:
            note_closed(tx, history.SYSTEM, lifecycle.reopened(exception), exception, action="closed", at=now)
        for exception in opened:
            _note_opened(tx, exception, at=now)
    for exception in closed:
        CLOSED.labels(exception.kind.value).inc()
    for exception in opened:
        OPENED.labels(exception.kind.value).inc()


def name_of(author: history.Author) -> str:
    """Return who did something, as an exception keeps it: kind and id."""
    return author.kind if author.id is None else f"{author.kind} {author.id}"


def note_closed(
    tx: Tx,
    author: history.Author,
    before: ParcelException,
    after: ParcelException,
    *,
    action: str,
    at: datetime,
) -> None:
    """Note that an exception is closed, and tell others."""
    assert after.closed_because is not None
    subject = ("parcel_exception", after.id)
    history.note(tx, author, subject=subject, action=action, at=at, before=before, after=after)
    outbox.record(
        tx,
        ExceptionClosed(
            subject_id=after.id,
            kind=after.kind,
            shipment_id=after.shipment_id,
            transfer_id=after.transfer_id,
            because=after.closed_because,
        ),
        at=at,
    )


def _note_opened(tx: Tx, exception: ParcelException, *, at: datetime) -> None:
    subject = ("parcel_exception", exception.id)
    history.note(tx, history.SYSTEM, subject=subject, action="opened", at=at, after=exception)
    outbox.record(
        tx,
        ExceptionOpened(
            subject_id=exception.id,
            kind=exception.kind,
            shipment_id=exception.shipment_id,
            transfer_id=exception.transfer_id,
        ),
        at=at,
    )
