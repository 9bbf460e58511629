"""What must not be done while a case waits: a step in the caller's transaction."""

from backhaul.domain.recovery import tables
from backhaul.domain.recovery.model import Case
from backhaul.domain.recovery.starting.errors import CaseWaiting
from backhaul.storage.database import Tx


async def require_begun(tx: Tx, case: Case) -> None:
    """Refuse to send or write anything about a case that waits for its campaign's start."""
    if case.is_waiting:
        campaign = await tables.get_campaign(tx, case.campaign_id)
        raise CaseWaiting(case=case.code, starts_on=campaign.starts_on.isoformat())
