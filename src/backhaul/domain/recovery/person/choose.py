"""Choose how things are sent: a box, a label, or a label and somebody who collects.

The person chooses on their page; the organization may choose for whoever does not.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Plan, Right
from backhaul.domain.identity.queries import get_organization
from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.model import Case, Item, Shipping
from backhaul.domain.recovery.parcels import send_parcels
from backhaul.domain.recovery.person import tables
from backhaul.domain.recovery.person.errors import (
    AddressUnconfirmed,
    CaseEndedAlready,
    ChosenAlready,
    NothingToSend,
    SentAlready,
)
from backhaul.domain.recovery.person.model import Choice, Linked
from backhaul.domain.recovery.starting.asking import require_begun
from backhaul.storage import history
from backhaul.storage.database import Database, Tx

_SHIPPING = {Choice.KIT: Shipping.KIT, Choice.LABEL: Shipping.LABEL, Choice.PICKUP: Shipping.LABEL}


async def choose(db: Database, *, linked: Linked, choice: Choice, now: datetime) -> Case:
    """Order the case's parcels as the person wants them sent; possible once, where the organization asks.

    Refused before the address is confirmed. Items that are claimed to be gone travel in no parcel. Pickup orders the
    add-on of that name, which the organization pays for.
    """
    async with db.transaction(linked.scope) as tx:
        before, items = await recovery_tables.lock_case(tx, linked.case_id)
        if before.outcome is not None:
            raise CaseEndedAlready
        if before.shipping is not Shipping.ASK:
            raise ChosenAlready
        if not await tables.is_confirmed(tx, before.id):
            raise AddressUnconfirmed
        inside = await _expected(tx, before, items)
        if not inside:
            raise NothingToSend
        organization = await get_organization(tx, linked.scope)
        return await _send(tx, linked.author, before, inside, choice, plan=organization.plan, at=now)


async def choose_for(db: Database, *, actor: Actor, case: str, choice: Choice, now: datetime) -> Case:
    """Order a case's parcels in the person's stead, the case named by its id or code; to the address that is known.

    Possible once, where the person was asked and has not answered (`SentAlready`), and not before the campaign's start
    (`CaseWaiting`). Otherwise like `choose`.
    """
    async with db.transaction(actor.scope(Right.RECOVERY_WRITE)) as tx:
        before, items = await recovery_tables.lock_case_by(tx, case)
        await require_begun(tx, before)
        inside = await _expected(tx, before, items)
        if before.shipping is not Shipping.ASK or not inside:
            raise SentAlready(case=before.code)
        return await _send(tx, actor.author, before, inside, choice, plan=actor.plan, at=now)


async def _expected(tx: Tx, case: Case, items: Sequence[Item]) -> list[Item]:
    gone = await tables.claimed_items(tx, case.id)
    return [item for item in items if item.outcome is None and item.id not in gone]


async def _send(
    tx: Tx,
    author: history.Author,
    before: Case,
    inside: Sequence[Item],
    choice: Choice,
    *,
    plan: Plan,
    at: datetime,
) -> Case:
    after = msgspec.structs.replace(
        before, shipping=_SHIPPING[choice], updated_at=at, version=before.version + 1
    )
    await tables.save_shipping(tx, after)
    history.note(
        tx,
        author,
        subject=("recovery_case", after.id),
        action=f"{choice.value}_chosen",
        at=at,
        before=before,
        after=after,
    )
    campaign = await recovery_tables.get_campaign(tx, after.campaign_id)
    await send_parcels(tx, campaign, after, inside, plan=plan, at=at, wants_pickup=choice is Choice.PICKUP)
    return after
