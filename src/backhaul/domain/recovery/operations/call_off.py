"""Call off what was sent again once the first parcel arrived all the same."""

from datetime import datetime

from backhaul.domain.recovery import tables
from backhaul.domain.recovery.model import CaseId
from backhaul.domain.recovery.parcels import call_off
from backhaul.domain.transfers import tables as transfer_tables
from backhaul.storage import history
from backhaul.storage.database import Database, Scope

_REASON = "What it was sent for has arrived in another parcel."


async def call_off_replacements(db: Database, *, scope: Scope, case_id: CaseId, now: datetime) -> None:
    """Cancel the parcels of a case that nobody needs any more, as far as they are still here. Safe to run twice.

    A box that has left cannot be called off; the case's page says so, and the radar has somebody tell the person.
    """
    async with db.transaction(scope) as tx:
        # Before the case and in the order of their ids, as everybody does.
        for transfer_id in sorted(parcel.transfer_id for parcel in await tables.list_parcels(tx, case_id)):
            await transfer_tables.lock(tx, transfer_id)
        case, items = await tables.lock_case(tx, case_id)
        await call_off(tx, history.SYSTEM, case, items, reason=_REASON, at=now)
