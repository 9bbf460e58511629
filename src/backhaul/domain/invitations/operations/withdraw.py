"""Take an invitation back."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import RIGHTS, Actor, Right
from backhaul.domain.invitations import tables
from backhaul.domain.invitations.errors import InvitationUnknown
from backhaul.domain.invitations.model import Invitation, InvitationId, InvitationStatus
from backhaul.storage import history
from backhaul.storage.database import Database


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
        after = msgspec.structs.replace(before, status=InvitationStatus.WITHDRAWN, ended_at=now)
        await tables.save(tx, after)
        subject = ("invitation", after.id)
        history.note(
            tx, actor.author, subject=subject, action="withdrawn", at=now, before=before, after=after
        )
    return after
