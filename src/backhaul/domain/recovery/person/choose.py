"""Choose how things are sent: a box, a label, or a label and somebody who collects."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.queries import get_organization
from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.model import Case, Shipping
from backhaul.domain.recovery.parcels import send_parcels
from backhaul.domain.recovery.person import tables
from backhaul.domain.recovery.person.errors import (
    AddressUnconfirmed,
    CaseEndedAlready,
    ChosenAlready,
    NothingToSend,
)
from backhaul.domain.recovery.person.model import Choice, Linked
from backhaul.storage import history
from backhaul.storage.database import Database

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
        gone = await tables.claimed_items(tx, before.id)
        inside = [item for item in items if item.outcome is None and item.id not in gone]
        if not inside:
            raise NothingToSend
        after = msgspec.structs.replace(
            before, shipping=_SHIPPING[choice], updated_at=now, version=before.version + 1
        )
        await tables.save_shipping(tx, after)
        history.note(
            tx,
            linked.author,
            subject=("recovery_case", after.id),
            action=f"{choice.value}_chosen",
            at=now,
            before=before,
            after=after,
        )
        campaign = await recovery_tables.get_campaign(tx, after.campaign_id)
        organization = await get_organization(tx, linked.scope)
        await send_parcels(
            tx,
            campaign,
            after,
            inside,
            plan=organization.plan,
            at=now,
            wants_pickup=choice is Choice.PICKUP,
        )
    return after
