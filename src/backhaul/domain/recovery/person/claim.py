"""Say "I no longer have it": a claim, kept as evidence. What became of the item, the organization decides."""

from collections.abc import Sequence
from datetime import datetime

from backhaul.domain.identity.queries import get_organization
from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.errors import ItemUnknown
from backhaul.domain.recovery.model import Case, Item, Shipping
from backhaul.domain.recovery.parcels import send_parcels
from backhaul.domain.recovery.person import tables
from backhaul.domain.recovery.person.errors import CaseEndedAlready, ClaimRefused
from backhaul.domain.recovery.person.model import GoneReason, Linked
from backhaul.domain.recovery.person.spelling import clean_note
from backhaul.storage import history
from backhaul.storage.database import Database, Scope, Tx


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
        case, items = await _lock(tx, linked)
        item = _item_at(case, items, position)
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
    """Take a claim back: the item turned up. Where its parcel was left out because of the claim, it is ordered now."""
    async with db.transaction(linked.scope) as tx:
        case, items = await _lock(tx, linked)
        item = _item_at(case, items, position)
        if not await tables.withdraw_claim(tx, item, at=now):
            raise ClaimRefused(position=position)
        history.note(
            tx,
            linked.author,
            subject=("recovery_case", linked.case_id),
            action=f"item_{position}_claim_withdrawn",
            at=now,
        )
        if case.shipping is not Shipping.ASK:
            await _send_after_all(tx, case, items, item, at=now)


async def _send_after_all(tx: Tx, case: Case, items: Sequence[Item], found: Item, *, at: datetime) -> None:
    if any(parcel.position == found.parcel for parcel in await recovery_tables.list_parcels(tx, case.id)):
        return
    gone = await tables.claimed_items(tx, case.id)
    inside = [
        item for item in items if item.parcel == found.parcel and item.outcome is None and item.id not in gone
    ]
    campaign = await recovery_tables.get_campaign(tx, case.campaign_id)
    organization = await get_organization(tx, Scope(tx.org_id))
    await send_parcels(tx, campaign, case, inside, plan=organization.plan, at=at)


async def _lock(tx: Tx, linked: Linked) -> tuple[Case, list[Item]]:
    case, items = await recovery_tables.lock_case(tx, linked.case_id)
    if case.outcome is not None:
        raise CaseEndedAlready
    return case, items


def _item_at(case: Case, items: Sequence[Item], position: int) -> Item:
    for item in items:
        if item.position == position:
            return item
    raise ItemUnknown(case=case.public_number, position=position)
