"""The one way a changed transfer is written: row, history and event together."""

from datetime import datetime

from backhaul.domain.transfers import tables
from backhaul.domain.transfers.events import TransferMoved
from backhaul.domain.transfers.model import Transfer
from backhaul.storage import history, outbox
from backhaul.storage.database import Tx


async def save_move(
    tx: Tx,
    author: history.Author,
    before: Transfer,
    after: Transfer,
    *,
    action: str,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Write a transfer back, note what changed, and tell others when its status did."""
    await tables.save(tx, after)
    subject = ("transfer", after.id)
    history.note(tx, author, subject=subject, action=action, at=at, before=before, after=after, reason=reason)
    if after.status is not before.status:
        outbox.record(tx, TransferMoved(subject_id=after.id, before=before.status, after=after.status), at=at)
