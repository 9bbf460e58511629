"""Withdraw the request for a release: whoever made it."""

from datetime import datetime

from backhaul.domain.holds import lifecycle, tables
from backhaul.domain.holds.events import ReleaseWithdrawn
from backhaul.domain.holds.model import Release
from backhaul.domain.holds.spelling import check_reason, person_of
from backhaul.domain.identity.model import Actor, Right
from backhaul.kernel.errors import InvalidInput
from backhaul.storage import history, outbox
from backhaul.storage.database import Database


async def withdraw_release(
    db: Database, *, actor: Actor, release: int, reason: str, now: datetime
) -> Release:
    """Take back what the caller asked for: the hold goes on, and its release can be asked for again.

    Refused with `ReleaseOfAnother` for everybody else: they refuse it.
    """
    scope = actor.scope(Right.HOLDS_WRITE)
    problems = check_reason(reason)
    if problems:
        raise InvalidInput(problems)
    async with db.transaction(scope) as tx:
        before = await tables.lock_release(tx, release)
        after = lifecycle.withdraw(before, person=person_of(actor), reason=reason.strip(), at=now)
        await tables.end_release(tx, after)
        subject = ("hold", after.hold_id)
        history.note(
            tx, actor.author, subject=subject, action="release_withdrawn", at=now, before=before, after=after
        )
        outbox.record(tx, ReleaseWithdrawn(subject_id=after.hold_id, release_id=after.id), at=now)
    return after
