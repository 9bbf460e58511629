"""Links to the person's page: 256 random bits for one case, good for a while, revocable.

Nothing about anybody is in a link, and nothing that could be forged: only its SHA-256 is kept (decision 0022).
"""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.model import Case
from backhaul.domain.recovery.person import tables
from backhaul.domain.recovery.person.errors import PersonLinkInvalid
from backhaul.domain.recovery.person.model import Linked, Pages
from backhaul.domain.recovery.person.queries import find_link
from backhaul.domain.recovery.starting.asking import require_begun
from backhaul.storage import history
from backhaul.storage.database import Database, Scope, Tx

DAYS = 90  # longer than any ladder of reminders
_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


async def issue_link(tx: Tx, *, case: Case, at: datetime, days: int = DAYS) -> str:
    """Return a new link's token; it is not kept and cannot be shown again. The case's other links stay good."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    await tables.keep_link(tx, case.id, token_hash=_hash(token), at=at, expires_at=at + timedelta(days=days))
    return token


async def page_url(tx: Tx, *, case: Case, at: datetime, pages: Pages) -> str:
    """Return a new link to a person's page."""
    return pages.person_page + await issue_link(tx, case=case, at=at, days=pages.link_days)


async def make_link(db: Database, *, actor: Actor, case: str, pages: Pages, now: datetime) -> str:
    """Return a new link to somebody's page, the case named by its id or code: for whoever lost theirs.

    Refused before the campaign's start (`CaseWaiting`): nothing is to be done on the page yet.
    """
    async with db.transaction(actor.scope(Right.RECOVERY_WRITE)) as tx:
        found, _ = await recovery_tables.lock_case_by(tx, case)
        await require_begun(tx, found)
        url = await page_url(tx, case=found, at=now, pages=pages)
        history.note(tx, actor.author, subject=("recovery_case", found.id), action="link_made", at=now)
    return url


async def revoke_links(db: Database, *, actor: Actor, case: str, now: datetime) -> int:
    """End all links of a case at once and return how many were good still. Repeating changes nothing."""
    async with db.transaction(actor.scope(Right.RECOVERY_WRITE)) as tx:
        found, _ = await recovery_tables.lock_case_by(tx, case)
        ended = await tables.revoke_links(tx, found.id, at=now)
        if ended:
            history.note(
                tx, actor.author, subject=("recovery_case", found.id), action="links_revoked", at=now
            )
    return ended


async def follow(db: Database, *, token: str, now: datetime) -> Linked:
    """Return where a token leads; refuses malformed, unknown, expired and revoked ones alike.

    A token that cannot be one of ours asks the database nothing.
    """
    if not _TOKEN.fullmatch(token):
        raise PersonLinkInvalid
    async with db.lookup() as reader:
        found = await find_link(reader, _hash(token))
    if found is None or found.is_revoked or found.valid_until <= now:
        raise PersonLinkInvalid
    return Linked(Scope(found.org_id), found.link_id, found.case_id)


def is_well_formed(token: str) -> bool:
    """Return whether a token could be one of ours."""
    return _TOKEN.fullmatch(token) is not None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
