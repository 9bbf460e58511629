"""Ask somebody to join."""

from datetime import datetime

from backhaul.domain import notify
from backhaul.domain.identity import tables as identity_tables
from backhaul.domain.identity.errors import AlreadyMember, OperatorRoleRefused
from backhaul.domain.identity.model import OPERATOR_ORG_ID, RIGHTS, Actor, Right, Role
from backhaul.domain.identity.spelling import clean_email
from backhaul.domain.invitations import tables
from backhaul.domain.invitations.model import LASTING, Invitation, InvitationId, InvitationStatus, is_given
from backhaul.domain.invitations.operations.withdraw import end_invitation
from backhaul.domain.invitations.tokens import make_token
from backhaul.kernel.ids import new_id
from backhaul.storage import history
from backhaul.storage.database import Database, Tx

TEMPLATE = "membership/invited"


async def invite(
    db: Database, *, actor: Actor, email: str, role: Role, page: str, now: datetime
) -> Invitation:
    """Have a link to join sent to an address; it works once, for a week. `page` is what the token is appended to.

    Nobody hands out more than they have. Refuses a member's address, and one that is invited already. The token is in
    the letter alone: whoever follows it reads that mailbox.
    """
    scope = actor.scope(Right.MEMBERS_MANAGE)
    actor.require_all(RIGHTS[role])
    if role is Role.OPERATOR and scope.org_id != OPERATOR_ORG_ID:
        raise OperatorRoleRefused
    token, token_hash = make_token()
    invitation = Invitation(
        id=InvitationId(new_id()),
        org_id=scope.org_id,
        email=clean_email(email),
        role=role,
        status=InvitationStatus.OPEN,
        invited_by=actor.user_id,
        created_at=now,
        expires_at=now + LASTING,
        ended_at=None,
    )
    async with db.transaction(scope) as tx:
        organization = await identity_tables.lock_organization(tx, scope.org_id)
        if await tables.is_member(tx, invitation.email):
            raise AlreadyMember(user=invitation.email)
        await _clear_the_way(tx, actor, invitation.email, at=now)
        await tables.add(tx, invitation, token_hash=token_hash)
        await notify.decide(
            tx,
            key=f"invitation:{invitation.id}",
            template=TEMPLATE,
            to=[invitation.email],
            about=("invitation", invitation.id),
            context=notify.MembershipLetter(
                organization_name=organization.name,
                inviter_name=await tables.inviter_name(tx, actor),
                role=role.value,
                page_url=f"{page}{token}",
                expires_on=invitation.expires_at.date(),
            ),
            at=now,
        )
        subject = ("invitation", invitation.id)
        history.note(tx, actor.author, subject=subject, action="sent", at=now, after=invitation)
    return invitation


async def _clear_the_way(tx: Tx, actor: Actor, email: str, *, at: datetime) -> None:
    """End what the address has open and cannot be used any more: it stands in nobody's way."""
    former = await tables.lock_open_to(tx, email)
    if former is None:
        return
    if former.expires_at <= at:
        await end_invitation(tx, actor.author, former, at=at, reason="its time was over")
    elif not is_given(
        former.role, by=former.invited_by, role_of_inviter=await tables.inviter_role(tx, former.id)
    ):
        await end_invitation(tx, actor.author, former, at=at, reason="who sent it may not give it any more")
