"""Refuse the release of a hold: the second person."""

from datetime import datetime

from backhaul.domain.holds import lifecycle, tables
from backhaul.domain.holds.events import ReleaseRefused
from backhaul.domain.holds.model import Release
from backhaul.domain.holds.operations.authorizing import require_present_right
from backhaul.domain.holds.spelling import check_reason, person_of
from backhaul.domain.identity.model import Actor, Right
from backhaul.kernel.errors import InvalidInput
from backhaul.storage import history, outbox
from backhaul.storage.database import Database


async def refuse_release(db: Database, *, actor: Actor, release: int, reason: str, now: datetime) -> Release:
    """Refuse what somebody else asked for: the hold goes on, and its release can be asked for again.

    Refused with `SecondPersonNeeded` for whoever asked, by whatever key: they withdraw it.
    """
    scope = actor.scope(Right.HOLDS_WRITE)
    problems = check_reason(reason)
    if problems:
        raise InvalidInput(problems)
    async with db.transaction(scope) as tx:
        await require_present_right(tx, actor)
        before = await tables.lock_release(tx, release)
        after = lifecycle.refuse(before, person=person_of(actor), reason=reason.strip(), at=now)
        await tables.end_release(tx, after)
        subject = ("hold", after.hold_id)
        history.note(
            tx, actor.author, subject=subject, action="release_refused", at=now, before=before, after=after
        )
        outbox.record(tx, ReleaseRefused(subject_id=after.hold_id, release_id=after.id), at=now)
    return after
