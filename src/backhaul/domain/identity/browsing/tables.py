"""The writes of sessions and of what people set for themselves, each a step in the caller's transaction."""

from datetime import datetime
from uuid import UUID

from backhaul.domain.identity.browsing.model import Device
from backhaul.domain.identity.model import OPERATOR_ORG_ID
from backhaul.kernel.ids import OrgId, UserId
from backhaul.storage.database import Tx

BEGIN_SESSION = """
SELECT begin_browser_session(
    org_id => $1, session_id => $2, new_token_hash => $3, new_csrf_secret => $4, wanted_user_id => $5,
    seen_valid_from => $6, second_factor_due => $7, address => $8, agent => $9, at => $10, ends_at => $11
)
"""
PROVE_SESSION = "SELECT prove_browser_session(org_id => $1, session_id => $2, wanted_user_id => $3, at => $4)"
MOVE_SESSION = "SELECT move_browser_session(org_id => $1, session_id => $2, wanted_user_id => $3)"
END_SESSIONS = """
SELECT end_browser_sessions(org_id => $1, wanted_user_id => $2, session_id => $3, except_id => $4, at => $5)
"""
RENAME = "SELECT rename_user_account(org_id => $1, user_id => $2, new_name => $3)"


async def begin_session(
    tx: Tx,
    session_id: UUID,
    *,
    token_hash: bytes,
    csrf_secret: bytes,
    user_id: UserId,
    seen_valid_from: datetime,
    is_second_factor_due: bool,
    device: Device,
    at: datetime,
    expires_at: datetime,
) -> bool:
    """Begin a session in the transaction's organization; false when account or membership changed meanwhile."""
    begun = await tx.fetchval(
        BEGIN_SESSION,
        tx.org_id,
        session_id,
        token_hash,
        csrf_secret,
        user_id,
        seen_valid_from,
        is_second_factor_due,
        device.remote_address,
        device.user_agent,
        at,
        expires_at,
    )
    return begun is not None


async def prove_session(tx: Tx, session_id: UUID, *, user_id: UserId, at: datetime) -> None:
    """Note when the identity provider had the person sign in anew, of a session of the transaction's organization."""
    await tx.execute(PROVE_SESSION, tx.org_id, session_id, user_id, at)


async def move_session(tx: Tx, session_id: UUID, *, user_id: UserId) -> OrgId | None:
    """Work in the transaction's organization from now on; returns by whose membership, None when by none."""
    allowed_by: OrgId | None = await tx.fetchval(MOVE_SESSION, tx.org_id, session_id, user_id)
    return allowed_by


async def end_session(tx: Tx, session_id: UUID, *, user_id: UserId, at: datetime) -> bool:
    """End one session of an account."""
    return int(await tx.fetchval(END_SESSIONS, tx.org_id, user_id, session_id, None, at)) > 0


async def end_sessions_but(tx: Tx, session_id: UUID, *, user_id: UserId, at: datetime) -> int:
    """End every session of an account but this one; returns how many."""
    return int(await tx.fetchval(END_SESSIONS, tx.org_id, user_id, None, session_id, at))


async def rename_account(tx: Tx, user_id: UserId, name: str) -> None:
    """Write an account's name. The transaction must be in the operator's scope."""
    await tx.execute(RENAME, OPERATOR_ORG_ID, user_id, name)
