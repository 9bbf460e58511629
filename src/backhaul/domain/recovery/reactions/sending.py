"""What follows from a new case: a transfer for each parcel."""

from backhaul.domain.recovery import tables
from backhaul.domain.recovery.events import CaseOpened
from backhaul.domain.recovery.model import CaseId, Shipping
from backhaul.domain.recovery.parcels import send_parcels
from backhaul.domain.recovery.person import tables as person_tables
from backhaul.storage.database import Tx
from backhaul.storage.outbox import Aftermath, reacts_to


@reacts_to(CaseOpened)
async def send(tx: Tx, opened: CaseOpened, then: Aftermath) -> None:
    """Order the case's parcels, unless it has come to an end before, or the person chooses how they are sent.

    Nothing is sent for what the person has said by now that they do not have, and nothing twice: who chose on their
    page before this ran, or found something again, was sent its parcel then.
    """
    case, items = await tables.lock_case(tx, CaseId(opened.subject_id))
    if case.shipping is Shipping.ASK:
        return
    sent = {parcel.position for parcel in await tables.list_parcels(tx, case.id)}
    gone = await person_tables.claimed_items(tx, case.id)
    expected = [
        item for item in items if item.outcome is None and item.id not in gone and item.parcel not in sent
    ]
    if expected:
        campaign = await tables.get_campaign(tx, case.campaign_id)
        await send_parcels(tx, campaign, case, expected, plan=opened.plan, at=then.now)
