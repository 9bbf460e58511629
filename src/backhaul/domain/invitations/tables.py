"""The writes of invitations, each a step in the caller's transaction."""

import asyncpg

from backhaul.domain.identity.model import Actor, Role, User
from backhaul.domain.invitations.errors import AccountNeeded, AlreadyInvited, InvitationUnknown
from backhaul.domain.invitations.model import Invitation, InvitationId
from backhaul.kernel.ids import UserId
from backhaul.storage.database import Tx
from backhaul.storage.rows import optional, record

COLUMNS = "id, org_id, email, role, status, invited_by, created_at, expires_at, ended_at"

ADD = """
INSERT INTO invitations (org_id, id, email, role, token_hash, status, invited_by, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
LOCK_OPEN_TO = f"""
SELECT {COLUMNS} FROM invitations WHERE org_id = $1 AND email = $2 AND status = 'open' FOR UPDATE
"""
LOCK_OPEN_OF = f"""
SELECT {COLUMNS} FROM invitations WHERE org_id = $1 AND invited_by = $2 AND status = 'open' ORDER BY id FOR UPDATE
"""
LOCK = f"SELECT {COLUMNS} FROM invitations WHERE org_id = $1 AND id = $2 FOR UPDATE"
SAVE = "UPDATE invitations SET status = $3, ended_at = $4 WHERE org_id = $1 AND id = $2"
IS_MEMBER = """
SELECT EXISTS (
    SELECT FROM memberships AS m JOIN users AS u ON u.id = m.user_id WHERE m.org_id = $1 AND u.email = $2
)
"""
CREATE_ACCOUNT = """
SELECT create_invited_account(
    org_id => $1, invitation_id => $2, user_id => $3, user_name => $4, new_password_hash => $5, at => $6
)
"""
INVITER_ROLE = "SELECT role FROM find_inviter(org_id => $1, invitation_id => $2)"
INVITER_NAME = """
SELECT u.name FROM memberships AS m JOIN users AS u ON u.id = m.user_id WHERE m.org_id = $1 AND m.user_id = $2
"""


async def add(tx: Tx, one: Invitation, *, token_hash: bytes) -> None:
    """Store an invitation: of its token only the hash. Refuses a second open one for the address."""
    try:
        await tx.execute(
            ADD, tx.org_id, one.id, one.email, one.role.value, token_hash, one.status.value, one.invited_by,
            one.created_at, one.expires_at,
        )  # fmt: skip
    except asyncpg.UniqueViolationError as error:
        raise AlreadyInvited(email=one.email) from error


async def lock(tx: Tx, invitation_id: InvitationId) -> Invitation:
    """Return an invitation, locked until the commit."""
    row = await tx.fetchrow(LOCK, tx.org_id, invitation_id)
    if row is None:
        raise InvitationUnknown(invitation=invitation_id)
    return record(Invitation, row)


async def lock_open_to(tx: Tx, email: str) -> Invitation | None:
    """Return the open invitation of an address, locked until the commit; its time may be over."""
    return optional(Invitation, await tx.fetchrow(LOCK_OPEN_TO, tx.org_id, email))


async def lock_open_of(tx: Tx, user_id: UserId) -> list[Invitation]:
    """Return the open invitations that somebody has sent, locked until the commit."""
    return [record(Invitation, row) for row in await tx.fetch(LOCK_OPEN_OF, tx.org_id, user_id)]


async def inviter_role(tx: Tx, invitation_id: InvitationId) -> Role | None:
    """Return by which role who sent an invitation works in the organization now; None for nobody's."""
    role: str | None = await tx.fetchval(INVITER_ROLE, tx.org_id, invitation_id)
    return None if role is None else Role(role)


async def save(tx: Tx, one: Invitation) -> None:
    """Write a locked invitation back."""
    await tx.execute(SAVE, tx.org_id, one.id, one.status.value, one.ended_at)


async def is_member(tx: Tx, email: str) -> bool:
    """Tell whether the address is a member's already."""
    found: bool = await tx.fetchval(IS_MEMBER, tx.org_id, email)
    return found


async def inviter_name(tx: Tx, actor: Actor) -> str | None:
    """Return the name of who invites."""
    name: str | None = await tx.fetchval(INVITER_NAME, tx.org_id, actor.user_id)
    return name


async def create_account(tx: Tx, invitation_id: InvitationId, user: User, *, password_hash: str) -> None:
    """Add the account of who was invited, under the invitation's address whatever `user` says."""
    try:
        await tx.execute(
            CREATE_ACCOUNT,
            tx.org_id,
            invitation_id,
            UserId(user.id),
            user.name,
            password_hash,
            user.created_at,
        )
    except asyncpg.UniqueViolationError as error:  # somebody with the address came first
        raise AccountNeeded(email=user.email) from error
