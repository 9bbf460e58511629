"""Sessions end."""

from datetime import datetime
from uuid import UUID

from backhaul.domain.identity.browsing import tables
from backhaul.domain.identity.browsing.errors import BrowserSessionUnknown
from backhaul.domain.identity.browsing.model import Browsing
from backhaul.storage import history
from backhaul.storage.database import Database, Scope


async def sign_out(db: Database, *, browsing: Browsing, now: datetime) -> None:
    """End the session itself; safe to run twice."""
    async with db.transaction(Scope(browsing.actor.org_id)) as tx:
        if await tables.end_session(tx, browsing.session_id, user_id=browsing.user_id, at=now):
            subject = ("user", browsing.user_id)
            history.note(tx, browsing.actor.author, subject=subject, action="signed_out", at=now)


async def end_session(db: Database, *, browsing: Browsing, session_id: UUID, now: datetime) -> None:
    """End another session of the same person; refused with `BrowserSessionUnknown`."""
    async with db.transaction(Scope(browsing.actor.org_id)) as tx:
        if not await tables.end_session(tx, session_id, user_id=browsing.user_id, at=now):
            raise BrowserSessionUnknown
        subject = ("user", browsing.user_id)
        history.note(tx, browsing.actor.author, subject=subject, action="session_ended", at=now)


async def end_other_sessions(db: Database, *, browsing: Browsing, now: datetime) -> int:
    """End every session of the person but this one; returns how many."""
    async with db.transaction(Scope(browsing.actor.org_id)) as tx:
        ended = await tables.end_sessions_but(tx, browsing.session_id, user_id=browsing.user_id, at=now)
        if ended:
            subject = ("user", browsing.user_id)
            reason = f"{ended} sessions"
            history.note(
                tx, browsing.actor.author, subject=subject, action="session_ended", at=now, reason=reason
            )
    return ended
