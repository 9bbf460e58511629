"""Have no more reminders, or have them again after all."""

from datetime import datetime

from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.person.errors import CaseEndedAlready
from backhaul.domain.recovery.person.model import Linked
from backhaul.storage.database import Database


async def set_reminders(db: Database, *, linked: Linked, is_wanted: bool, now: datetime) -> None:
    """Stop reminders to the person of a case, or send them again. Repeating changes nothing."""
    from backhaul.domain.recovery.reminding import opt_in, opt_out  # noqa: PLC0415 -- it links to this page

    async with db.transaction(linked.scope) as tx:
        case, _ = await recovery_tables.lock_case(tx, linked.case_id)
        if case.outcome is not None:
            raise CaseEndedAlready
        change = opt_in if is_wanted else opt_out
        await change(tx, author=linked.author, case_id=case.id, at=now)
