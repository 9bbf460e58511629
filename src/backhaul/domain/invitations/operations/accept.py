"""Join an organization: with the account that has the address, or with a new one."""

from datetime import datetime

import msgspec

from backhaul.domain.identity import events as identity_events
from backhaul.domain.identity import passwords
from backhaul.domain.identity import tables as identity_tables
from backhaul.domain.identity.model import Membership, User
from backhaul.domain.identity.spelling import clean_name
from backhaul.domain.invitations import tables
from backhaul.domain.invitations.errors import AccountNeeded, InvitationForSomebodyElse, InvitationOver
from backhaul.domain.invitations.model import Invitation, InvitationStatus, OpenedInvitation
from backhaul.domain.invitations.queries import find_by_token
from backhaul.kernel.ids import UserId, new_id
from backhaul.storage import history, outbox
from backhaul.storage.author import Author
from backhaul.storage.database import Database, Scope, Tx


async def accept_as_account(
    db: Database, *, token: str, user_id: UserId | None, now: datetime
) -> OpenedInvitation:
    """Join with the account that is signed in (None: nobody is); refuses another one than was invited.

    Whether the invitation can be used is judged first: who comes late learns that, whoever they are.
    """
    found = await _find_open(db, token, now)
    if user_id is None or found.user_id != user_id:
        raise InvitationForSomebodyElse(email=found.email)
    async with db.transaction(Scope(found.org_id)) as tx:
        invitation = await _lock_open(tx, found, now=now)
        await _join(tx, invitation, user_id, now=now)
    return found


async def accept_as_new(
    db: Database, *, token: str, name: str, password: str, now: datetime
) -> OpenedInvitation:
    """Make the account of who was invited, and join with it; refused where the address has one."""
    found = await _find_open(db, token, now)
    if found.user_id is not None:
        raise AccountNeeded(email=found.email)
    user = User(
        id=UserId(new_id()), email=found.email, name=clean_name(name), is_enabled=True, created_at=now
    )
    password_hash = await passwords.hash_password(password)
    async with db.transaction(Scope(found.org_id)) as tx:
        # Locked before the account is made: of two at once, the second has to learn that the link was used.
        invitation = await _lock_open(tx, found, now=now)
        await tables.create_account(tx, found.id, user, password_hash=password_hash)
        author = Author(kind="user", id=user.id)
        history.note(tx, author, subject=("user", user.id), action="created", at=now, after=user)
        await _join(tx, invitation, user.id, now=now)
    return found


async def _find_open(db: Database, token: str, now: datetime) -> OpenedInvitation:
    found = await find_by_token(db, token=token)
    if not found.is_open(now):
        raise InvitationOver(organization=found.org_name)
    return found


async def _lock_open(tx: Tx, found: OpenedInvitation, *, now: datetime) -> Invitation:
    """Return the invitation, locked, if it can still be used: it was looked at before the transaction."""
    invitation = await tables.lock(tx, found.id)
    role = await tables.inviter_role(tx, found.id)
    if not msgspec.structs.replace(found, status=invitation.status, inviter_role=role).is_open(now):
        raise InvitationOver(organization=found.org_name)
    return invitation


async def _join(tx: Tx, before: Invitation, user_id: UserId, *, now: datetime) -> Membership:
    after = msgspec.structs.replace(before, status=InvitationStatus.ACCEPTED, ended_at=now)
    await tables.save(tx, after)
    added = await identity_tables.add_member(tx, tx.org_id, user_id, role=after.role, at=now)
    author = Author(kind="user", id=user_id)
    subject = ("invitation", after.id)
    history.note(tx, author, subject=subject, action="accepted", at=now, before=before, after=after)
    history.note(tx, author, subject=("member", user_id), action="joined", at=now, after=added)
    outbox.record(tx, identity_events.MemberAdded(subject_id=user_id, role=after.role), at=now)
    return added
