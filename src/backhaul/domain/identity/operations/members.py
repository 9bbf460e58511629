"""Who belongs to an organization, and as what. Nobody hands out or takes away more than they have."""

from datetime import datetime

import msgspec

from backhaul.domain.identity import events, tables
from backhaul.domain.identity.clients.operations.keeping import disable_clients_of
from backhaul.domain.identity.errors import (
    LastOperatorKept,
    LastOwnerKept,
    MemberUnknown,
    OperatorRoleRefused,
    RoleChangedMeanwhile,
)
from backhaul.domain.identity.model import OPERATOR_ORG_ID, RIGHTS, Actor, Membership, Right, Role
from backhaul.kernel.errors import DomainError
from backhaul.kernel.ids import OrgId, UserId
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Tx

# Roles that never die out where somebody has them, and what is refused to whoever would be the last.
_KEPT: dict[Role, type[DomainError]] = {Role.OWNER: LastOwnerKept, Role.OPERATOR: LastOperatorKept}


async def add_member(db: Database, *, actor: Actor, user_id: UserId, role: Role, now: datetime) -> Membership:
    """Bring an account into the actor's organization.

    The operator's right: until there are invitations, an admin could otherwise read any account by adding it.
    """
    scope = actor.scope(Right.INSTALLATION_OPERATE)
    actor.require_all(RIGHTS[role])
    _require_place_for(role, scope.org_id)
    async with db.transaction(scope) as tx:
        added = await tables.add_member(tx, scope.org_id, user_id, role=role, at=now)
        history.note(tx, actor.author, subject=("member", user_id), action="added", at=now, after=added)
        outbox.record(tx, events.MemberAdded(subject_id=user_id, role=role), at=now)
    return added


async def set_role(
    db: Database, *, actor: Actor, user_id: UserId, role: Role, now: datetime, was: Role | None = None
) -> Membership:
    """Give a member another role. The role they have already changes nothing; the last owner or operator stays one.

    Refused when the member has another role by now than `was`.
    """
    scope = actor.scope(Right.MEMBERS_MANAGE)
    actor.require_all(RIGHTS[role])
    _require_place_for(role, scope.org_id)
    async with db.transaction(scope) as tx:
        before = await _lock_below(tx, actor, user_id)
        if before.role is role:
            return before
        if was not in {None, before.role}:
            raise RoleChangedMeanwhile(role=before.role.value)
        await _keep_the_last(tx, before)
        after = msgspec.structs.replace(before, role=role)
        await tables.set_role(tx, after)
        await tables.tell_authenticators(tx, org_id=scope.org_id, user_id=user_id)
        history.note(
            tx,
            actor.author,
            subject=("member", user_id),
            action="role_set",
            at=now,
            before=before,
            after=after,
        )
    return after


async def remove_member(db: Database, *, actor: Actor, user_id: UserId, now: datetime) -> None:
    """End a membership, the member's keys and clients in this organization; never the last owner's or operator's."""
    scope = actor.scope(Right.MEMBERS_MANAGE)
    async with db.transaction(scope) as tx:
        before = await _lock_below(tx, actor, user_id)
        await _keep_the_last(tx, before)
        ended_keys = await tables.remove_member(tx, before, at=now)
        await disable_clients_of(tx, actor=actor, user_id=user_id, at=now)
        await tables.tell_authenticators(tx, org_id=scope.org_id, user_id=user_id)
        for key in ended_keys:
            history.note(
                tx,
                actor.author,
                subject=("api_key", key.id),
                action="revoked",
                at=now,
                before=msgspec.structs.replace(key, revoked_at=None),
                after=key,
            )
            outbox.record(tx, events.ApiKeyRevoked(subject_id=key.id, user_id=user_id), at=now)
        history.note(tx, actor.author, subject=("member", user_id), action="removed", at=now, before=before)
        outbox.record(tx, events.MemberRemoved(subject_id=user_id), at=now)


def _require_place_for(role: Role, org_id: OrgId) -> None:
    if role is Role.OPERATOR and org_id != OPERATOR_ORG_ID:
        raise OperatorRoleRefused


async def _lock_below(tx: Tx, actor: Actor, user_id: UserId) -> Membership:
    before = await tables.lock_member(tx, actor.org_id, user_id)
    if before is None:
        raise MemberUnknown(user=user_id)
    actor.require_all(RIGHTS[before.role])
    return before


async def _keep_the_last(tx: Tx, leaving: Membership) -> None:
    refusal = _KEPT.get(leaving.role)
    if refusal is not None and await tables.count_others_as(tx, leaving) == 0:
        raise refusal(user=leaving.user_id)
