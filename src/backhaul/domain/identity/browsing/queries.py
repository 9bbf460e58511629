"""The reads of sessions: look-ups by what a cookie holds, or of one account."""

from datetime import datetime

from backhaul.domain.identity.browsing.model import Account, Browsing, ListedSession, Terms
from backhaul.domain.identity.browsing.rows import account_from, listed_session_from
from backhaul.storage.database import Database

FIND_SESSION = """
SELECT session_id, csrf_secret, is_second_factor_due, created_at, last_seen_at, user_id, user_number, user_email,
    user_name, theme, time_zone, has_second_factor, valid_from, org_id, org_number, org_name, plan, role, organizations
FROM find_browser_session(wanted_token_hash => $1, at => $2, seen_after => $3)
"""
FIND_ACCOUNT = """
SELECT user_id, user_number, user_email, org_id, valid_from, has_second_factor
FROM find_browser_account(wanted_email => $1)
"""
HAS_PASSWORD = "SELECT has_password(wanted_user_id => $1)"  # noqa: S105 -- SQL
PROVED_AT = "SELECT browser_session_proved_at(wanted_session_id => $1)"
LIST_SESSIONS = """
SELECT id, org_name, remote_address, user_agent, created_at, last_seen_at
FROM list_browser_sessions(wanted_user_id => $1, at => $2, seen_after => $3)
"""


async def find_account(db: Database, *, email: str) -> Account | None:
    """Return the account with this folded address that may begin a session."""
    async with db.lookup() as lookup:
        row = await lookup.fetchrow(FIND_ACCOUNT, email)
    return None if row is None else account_from(row)


async def has_password(db: Database, *, browsing: Browsing) -> bool:
    """Tell whether the person has a password here; an identity provider alone vouches for who has none."""
    async with db.lookup() as lookup:
        found: bool = await lookup.fetchval(HAS_PASSWORD, browsing.user_id)
    return found


async def find_proved_at(db: Database, *, browsing: Browsing) -> datetime | None:
    """Return when an identity provider had the person sign in anew for this session; None: it was not asked to."""
    async with db.lookup() as lookup:
        found: datetime | None = await lookup.fetchval(PROVED_AT, browsing.session_id)
    return found


async def list_sessions(
    db: Database, *, browsing: Browsing, terms: Terms, now: datetime
) -> list[ListedSession]:
    """Return the person's own live sessions, the one used last first; at most 100."""
    async with db.lookup() as lookup:
        rows = await lookup.fetch(LIST_SESSIONS, browsing.user_id, now, now - terms.idle)
    return [listed_session_from(row) for row in rows]
