"""A person has no more reminders, or has them again: their own switch."""

from datetime import datetime

import msgspec

from backhaul.domain.recovery.model import CaseId
from backhaul.domain.recovery.reminding import tables
from backhaul.kernel.ids import OrgId
from backhaul.storage import history
from backhaul.storage.database import Reader, Tx


async def opt_out(tx: Tx, *, author: history.Author, case_id: CaseId, at: datetime) -> None:
    """Stop the reminders of a locked case at the person's own wish. Repeating changes nothing."""
    await _switch(tx, author, case_id, opted_out_at=at, action="opted_out", at=at)


async def opt_in(tx: Tx, *, author: history.Author, case_id: CaseId, at: datetime) -> None:
    """Take a person's wish back. Steps that fell due meanwhile stay passed over."""
    await _switch(tx, author, case_id, opted_out_at=None, action="opted_in", at=at)


async def has_opted_out(reader: Reader, *, org_id: OrgId, case_id: CaseId) -> bool:
    """Return whether the person wants no more reminders."""
    return (await tables.find_switches(reader, org_id, case_id)).opted_out_at is not None


async def _switch(
    tx: Tx,
    author: history.Author,
    case_id: CaseId,
    *,
    opted_out_at: datetime | None,
    action: str,
    at: datetime,
) -> None:
    before = await tables.find_switches(tx, tx.org_id, case_id)
    if (before.opted_out_at is None) == (opted_out_at is None):
        return
    after = msgspec.structs.replace(before, opted_out_at=opted_out_at)
    await tables.switch(tx, case_id, after)
    subject = ("recovery_case", case_id)
    history.note(tx, author, subject=subject, action=action, at=at, before=before, after=after)
