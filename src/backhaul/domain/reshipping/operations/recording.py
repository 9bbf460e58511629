"""The one way a changed reshipment is written: row, history and event together."""

from datetime import datetime

from backhaul.domain.reshipping import tables
from backhaul.domain.reshipping.events import ReshipmentMoved, ReshipmentQuoted
from backhaul.domain.reshipping.model import Reshipment
from backhaul.storage import history, outbox
from backhaul.storage.database import Tx


async def save_move(
    tx: Tx,
    author: history.Author,
    before: Reshipment,
    after: Reshipment,
    *,
    action: str,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Write a locked reshipment back, note what changed, and tell others of a new status or estimate."""
    await tables.save(tx, after)
    subject = ("reshipment", after.id)
    history.note(tx, author, subject=subject, action=action, at=at, before=before, after=after, reason=reason)
    if after.status is not before.status:
        moved = ReshipmentMoved(
            subject_id=after.id,
            number=after.number,
            before=before.status,
            after=after.status,
            estimated_fee_minor=after.estimated_fee_minor,
        )
        outbox.record(tx, moved, at=at)
    if after.estimate != before.estimate:
        tell_quoted(tx, after, at=at)


def tell_quoted(tx: Tx, one: Reshipment, *, at: datetime) -> None:
    """Tell others that there is an estimate to answer."""
    quoted = ReshipmentQuoted(
        subject_id=one.id,
        number=one.number,
        estimated_fee_minor=one.estimated_fee_minor,
        currency=one.currency,
    )
    outbox.record(tx, quoted, at=at)
