"""Reading invitations: one statement a question."""

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.invitations.errors import InvitationUnknown
from backhaul.domain.invitations.model import Invitation, OpenedInvitation
from backhaul.domain.invitations.tables import COLUMNS
from backhaul.domain.invitations.tokens import hash_of
from backhaul.storage.database import Database
from backhaul.storage.rows import record

LIST_OPEN = f"""
SELECT {COLUMNS} FROM invitations WHERE org_id = $1 AND status = 'open' ORDER BY id DESC LIMIT 500
"""
FIND = """
SELECT org_id, org_name, id, email, role, status, expires_at, inviter_name, user_id
FROM find_invitation(wanted_token_hash => $1)
"""


async def list_open_invitations(db: Database, *, actor: Actor) -> list[Invitation]:
    """Return who was asked and has not answered, newest first, those whose time is over included."""
    scope = actor.scope(Right.MEMBERS_MANAGE)
    async with db.read(scope) as reader:
        return [record(Invitation, row) for row in await reader.fetch(LIST_OPEN, scope.org_id)]


async def find_by_token(db: Database, *, token: str) -> OpenedInvitation:
    """Return the invitation of a link, whichever organization's it is, or refuse."""
    token_hash, row = hash_of(token), None
    if token_hash is not None:
        async with db.lookup() as lookup:
            row = await lookup.fetchrow(FIND, token_hash)
    if row is None:
        raise InvitationUnknown
    return record(OpenedInvitation, row)
