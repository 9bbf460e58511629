"""What has a case's reminders looked at earlier than planned: something they are counted from has happened.

What only puts them off or stops them is found when they are due.
"""

from backhaul.domain.ladders import LadderId
from backhaul.domain.ladders.events import LadderChanged
from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.events import CampaignChanged, CaseOpened, CaseReopened
from backhaul.domain.recovery.model import CampaignId, CaseId
from backhaul.domain.recovery.reminding import tables
from backhaul.domain.shipping.events import LabelBought
from backhaul.domain.shipping.model import Leg
from backhaul.domain.transfers.events import TransferMoved
from backhaul.domain.transfers.model import TransferId
from backhaul.storage.database import Tx
from backhaul.storage.outbox import Aftermath, reacts_to


@reacts_to(CaseOpened)
async def begin(tx: Tx, opened: CaseOpened, then: Aftermath) -> None:
    """Plan the first reminder of a new case."""
    tables.wake(tx, CaseId(opened.subject_id), at=then.now)


@reacts_to(CaseReopened)
async def resume(tx: Tx, reopened: CaseReopened, then: Aftermath) -> None:
    """Plan the next reminder of a case in which something is expected again."""
    tables.wake(tx, CaseId(reopened.subject_id), at=then.now)


@reacts_to(TransferMoved)
async def follow_transfer(tx: Tx, moved: TransferMoved, then: Aftermath) -> None:
    """Plan anew when a box arrived or a parcel was handed over."""
    await _wake_case_of(tx, TransferId(moved.subject_id), then)


@reacts_to(LabelBought)
async def follow_label(tx: Tx, bought: LabelBought, then: Aftermath) -> None:
    """Plan anew when the label of somebody who gets no box is there."""
    if bought.leg is Leg.DEVICE:
        await _wake_case_of(tx, TransferId(bought.subject_id), then)


@reacts_to(LadderChanged)
async def follow_ladder(tx: Tx, changed: LadderChanged, then: Aftermath) -> None:
    """Plan every open case anew that uses the ladder."""
    await tables.wake_users(tx, LadderId(changed.subject_id), at=then.now)


@reacts_to(CampaignChanged)
async def follow_campaign(tx: Tx, changed: CampaignChanged, then: Aftermath) -> None:
    """Plan every open case of a campaign anew that has another deadline or ladder."""
    await tables.wake_campaign(tx, CampaignId(changed.subject_id), at=then.now)


async def _wake_case_of(tx: Tx, transfer_id: TransferId, then: Aftermath) -> None:
    found = await recovery_tables.find_case_of(tx, transfer_id)
    if found is not None:
        tables.wake(tx, found[0], at=then.now)
