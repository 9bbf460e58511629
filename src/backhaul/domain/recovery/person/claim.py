"""Say "I no longer have it": a claim, kept as evidence. What became of the item, the organization decides."""

from datetime import datetime

from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.errors import ItemUnknown
from backhaul.domain.recovery.model import Item
from backhaul.domain.recovery.person import tables
from backhaul.domain.recovery.person.errors import CaseEndedAlready, ClaimRefused
from backhaul.domain.recovery.person.model import GoneReason, Linked
from backhaul.domain.recovery.person.spelling import clean_note
from backhaul.storage import history
from backhaul.storage.database import Database, Tx


async def claim_item(
    db: Database,
    *,
    linked: Linked,
    position: int,
    reason: GoneReason,
    note: str | None,
    now: datetime,
) -> None:
    """Keep that somebody says they do not have an item, and why. Its outcome stays open, and nothing is called off."""
    clean = clean_note("note", note)
    async with db.transaction(linked.scope) as tx:
        item = await _lock_item(tx, linked, position)
        if item.outcome is not None or not await tables.add_claim(
            tx, linked, item, reason=reason, note=clean, at=now
        ):
            raise ClaimRefused(position=position)
        history.note(
            tx,
            linked.author,
            subject=("recovery_case", linked.case_id),
            action=f"item_{position}_claimed_{reason.value}",
            at=now,
            reason=clean,
        )


async def withdraw_claim(db: Database, *, linked: Linked, position: int, now: datetime) -> None:
    """Take a claim back: the item turned up."""
    async with db.transaction(linked.scope) as tx:
        item = await _lock_item(tx, linked, position)
        if not await tables.withdraw_claim(tx, item, at=now):
            raise ClaimRefused(position=position)
        history.note(
            tx,
            linked.author,
            subject=("recovery_case", linked.case_id),
            action=f"item_{position}_claim_withdrawn",
            at=now,
        )


async def _lock_item(tx: Tx, linked: Linked, position: int) -> Item:
    case, items = await recovery_tables.lock_case(tx, linked.case_id)
    if case.outcome is not None:
        raise CaseEndedAlready
    for item in items:
        if item.position == position:
            return item
    raise ItemUnknown(case=case.public_number, position=position)
