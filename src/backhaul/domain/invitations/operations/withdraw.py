"""Take an invitation back."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import RIGHTS, Actor, Right
from backhaul.domain.invitations import tables
from backhaul.domain.invitations.errors import InvitationUnknown
from backhaul.domain.invitations.model import Invitation, InvitationId, InvitationStatus
from backhaul.storage import history
from backhaul.storage.author import Author
from backhaul.storage.database import Database, Tx


async def withdraw_invitation(
    db: Database, *, actor: Actor, invitation_id: InvitationId, now: datetime
) -> Invitation:
    """End an open invitation: its link does nothing any more. Withdrawing it again changes nothing."""
    async with db.transaction(actor.scope(Right.MEMBERS_MANAGE)) as tx:
        before = await tables.lock(tx, invitation_id)
        actor.require_all(RIGHTS[before.role])
        if before.status is InvitationStatus.WITHDRAWN:
            return before
        if before.status is InvitationStatus.ACCEPTED:
            raise InvitationUnknown(invitation=invitation_id)
        return await end_invitation(tx, actor.author, before, at=now)


async def end_invitation(
    tx: Tx, author: Author, before: Invitation, *, at: datetime, reason: str | None = None
) -> Invitation:
    """Write that a locked, open invitation is withdrawn."""
    after = msgspec.structs.replace(before, status=InvitationStatus.WITHDRAWN, ended_at=at)
    await tables.save(tx, after)
    subject = ("invitation", after.id)
    history.note(
        tx, author, subject=subject, action="withdrawn", at=at, before=before, after=after, reason=reason
    )
    return after
