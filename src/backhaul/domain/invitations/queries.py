"""Reading invitations: one statement a question."""

from backhaul.domain.identity.model import Actor, Right, Role
from backhaul.domain.invitations.errors import InvitationUnknown
from backhaul.domain.invitations.model import Invitation, InvitationId, ListedInvitation, OpenedInvitation
from backhaul.domain.invitations.tables import COLUMNS
from backhaul.domain.invitations.tokens import hash_of
from backhaul.storage.database import Database
from backhaul.storage.rows import record

LIST_OPEN = f"""
SELECT {COLUMNS}, inviter_name, inviter_role
FROM invitations AS i
LEFT JOIN LATERAL find_inviter(org_id => $1, invitation_id => i.id)
    AS b (inviter_id, inviter_name, inviter_role) ON true
WHERE org_id = $1 AND status = 'open' ORDER BY id DESC LIMIT 500
"""
GET = f"SELECT {COLUMNS} FROM invitations WHERE org_id = $1 AND id = $2"
FIND = """
SELECT i.org_id, i.org_name, i.id, i.email, i.role, i.status, i.expires_at, i.user_id, b.user_id AS invited_by,
    b.name AS inviter_name, b.role AS inviter_role
FROM find_invitation(wanted_token_hash => $1) AS i
LEFT JOIN LATERAL find_inviter(org_id => i.org_id, invitation_id => i.id) AS b ON true
"""


async def list_open_invitations(db: Database, *, actor: Actor) -> list[ListedInvitation]:
    """Return who was asked and has not answered, newest first, those that cannot be used any more included."""
    scope = actor.scope(Right.MEMBERS_MANAGE)
    async with db.read(scope) as reader:
        rows = await reader.fetch(LIST_OPEN, scope.org_id)
    return [
        ListedInvitation(
            invitation=record(Invitation, row),
            inviter_name=row["inviter_name"],
            inviter_role=None if row["inviter_role"] is None else Role(row["inviter_role"]),
        )
        for row in rows
    ]


async def get_invitation(db: Database, *, actor: Actor, invitation_id: InvitationId) -> Invitation:
    """Return an invitation, open or not, or refuse."""
    scope = actor.scope(Right.MEMBERS_MANAGE)
    async with db.read(scope) as reader:
        row = await reader.fetchrow(GET, scope.org_id, invitation_id)
    if row is None:
        raise InvitationUnknown(invitation=invitation_id)
    return record(Invitation, row)


async def find_by_token(db: Database, *, token: str) -> OpenedInvitation:
    """Return the invitation of a link, whichever organization's it is, or refuse."""
    token_hash, row = hash_of(token), None
    if token_hash is not None:
        async with db.lookup() as lookup:
            row = await lookup.fetchrow(FIND, token_hash)
    if row is None:
        raise InvitationUnknown
    return record(OpenedInvitation, row)
