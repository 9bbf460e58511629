"""API keys: made, shown once, revoked."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from backhaul.domain.identity import credentials, events, tables
from backhaul.domain.identity.errors import ApiKeyAlreadyRevoked, ApiKeyUnknown, MemberUnknown
from backhaul.domain.identity.model import RIGHTS, Actor, ApiKey, ApiKeyId, Right, rights_of
from backhaul.domain.identity.spelling import MAX_KEY_NAME_LENGTH, clean_name, clean_networks
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import UserId, new_id
from backhaul.storage import history, outbox
from backhaul.storage.database import Database


async def create_api_key(
    db: Database,
    *,
    actor: Actor,
    name: str,
    now: datetime,
    user_id: UserId | None = None,
    scopes: Sequence[Right] = (),
    allowed_networks: Iterable[str] = (),
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key for a member (the actor, unless named) and return it with its secret: never shown again.

    A key can do no more than its maker: refused with `RightMissing` otherwise.
    """
    scope = actor.scope(Right.KEYS_MANAGE)
    owner_id = user_id or actor.user_id
    if owner_id is None:
        raise InvalidInput([FieldProblem("user_id", "identity.key_needs_user", "must name the key's user")])
    if expires_at is not None and expires_at <= now:
        raise InvalidInput([FieldProblem("expires_at", "identity.expiry_past", "must lie in the future")])
    made = credentials.make_secret()
    key = ApiKey(
        id=ApiKeyId(new_id()),
        org_id=scope.org_id,
        user_id=owner_id,
        name=clean_name(name, longest=MAX_KEY_NAME_LENGTH),
        prefix=made.prefix,
        scopes=tuple(dict.fromkeys(scopes)),
        allowed_networks=clean_networks(allowed_networks),
        created_at=now,
        expires_at=expires_at,
        last_used_at=None,
        revoked_at=None,
    )
    async with db.transaction(scope) as tx:
        role = await tables.hold_enabled_member(tx, scope.org_id, owner_id)
        if role is None:
            raise MemberUnknown(user=owner_id)
        _require_useful(key.scopes, RIGHTS[role])
        actor.require_all(rights_of(role, key.scopes))
        await tables.add_key(tx, key, made)
        history.note(tx, actor.author, subject=("api_key", key.id), action="created", at=now, after=key)
        outbox.record(tx, events.ApiKeyCreated(subject_id=key.id, user_id=owner_id), at=now)
    return key, made.secret


async def revoke_api_key(db: Database, *, actor: Actor, key_id: ApiKeyId, now: datetime) -> ApiKey:
    """End a key at once, in every process."""
    scope = actor.scope(Right.KEYS_MANAGE)
    async with db.transaction(scope) as tx:
        before = await tables.lock_key(tx, scope.org_id, key_id)
        if before is None:
            raise ApiKeyUnknown(api_key=key_id)
        if before.revoked_at is not None:
            raise ApiKeyAlreadyRevoked(api_key=key_id, revoked_at=f"{before.revoked_at:%Y-%m-%d %H:%M}")
        after = msgspec.structs.replace(before, revoked_at=now)
        await tables.revoke_key(tx, after)
        await tables.tell_authenticators(tx, api_key_id=key_id)
        history.note(
            tx,
            actor.author,
            subject=("api_key", key_id),
            action="revoked",
            at=now,
            before=before,
            after=after,
        )
        outbox.record(tx, events.ApiKeyRevoked(subject_id=key_id, user_id=after.user_id), at=now)
    return after


def _require_useful(scopes: Sequence[Right], role_rights: frozenset[Right]) -> None:
    problems = [
        FieldProblem(
            f"scopes[{position}]", "identity.scope_beyond_role", f"{scope} is not in the user's role"
        )
        for position, scope in enumerate(scopes)
        if scope not in role_rights
    ]
    if problems:
        raise InvalidInput(problems)
