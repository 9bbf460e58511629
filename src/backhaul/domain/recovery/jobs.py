"""What reactions leave for later, because it locks what they may not lock any more."""

from backhaul.domain.recovery.model import CaseId
from backhaul.domain.recovery.operations.call_off import call_off_replacements
from backhaul.jobqueue import OUTAGE, Run, job
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Scope


@job("recovery.call_off", retry=OUTAGE)
async def call_off(run: Run, *, org_id: OrgId, case_id: CaseId) -> None:
    """Call off what was sent again in the place of a parcel that arrived. Safe to run twice."""
    await call_off_replacements(run.db, scope=Scope(org_id), case_id=case_id, now=run.now())
