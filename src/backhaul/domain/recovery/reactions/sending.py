"""What follows from a new case: a transfer for each parcel."""

from backhaul.domain.recovery import tables
from backhaul.domain.recovery.events import CaseOpened
from backhaul.domain.recovery.model import CaseId
from backhaul.domain.recovery.parcels import send_parcels
from backhaul.storage.database import Tx
from backhaul.storage.outbox import Aftermath, reacts_to


@reacts_to(CaseOpened)
async def send(tx: Tx, opened: CaseOpened, then: Aftermath) -> None:
    """Order the case's parcels, unless it has come to an end before."""
    case, items = await tables.lock_case(tx, CaseId(opened.subject_id))
    expected = [item for item in items if item.outcome is None]
    if expected:
        campaign = await tables.get_campaign(tx, case.campaign_id)
        send_parcels(tx, campaign, case, expected, plan=opened.plan, at=then.now)
