"""Accounts. They belong to the installation: only its operator changes them, in the operator's own scope."""

from datetime import datetime

import msgspec

from backhaul.domain.identity import passwords, tables
from backhaul.domain.identity.model import OPERATOR_ORG_ID, Actor, Right, User
from backhaul.domain.identity.spelling import clean_email, clean_name
from backhaul.kernel.ids import UserId, new_id
from backhaul.storage import history
from backhaul.storage.database import Database, Scope

_OPERATOR_SCOPE = Scope(OPERATOR_ORG_ID)


async def create_user(
    db: Database, *, actor: Actor, email: str, name: str, now: datetime, password: str | None = None
) -> User:
    """Create an account; without a password it cannot sign in, but may own API keys."""
    actor.scope(Right.INSTALLATION_OPERATE)
    created = User(
        id=UserId(new_id()), email=clean_email(email), name=clean_name(name), is_enabled=True, created_at=now
    )
    password_hash = None if password is None else await passwords.hash_password(password)
    async with db.transaction(_OPERATOR_SCOPE) as tx:
        await tables.add_user(tx, created, password_hash=password_hash)
        history.note(tx, actor.author, subject=("user", created.id), action="created", at=now, after=created)
    return created


async def set_password(db: Database, *, actor: Actor, user_id: UserId, password: str, now: datetime) -> None:
    """Replace an account's password and end its sessions."""
    actor.scope(Right.INSTALLATION_OPERATE)
    password_hash = await passwords.hash_password(password)
    async with db.transaction(_OPERATOR_SCOPE) as tx:
        await tables.lock_user(tx, user_id)
        await tables.set_password(tx, user_id, password_hash=password_hash, at=now)
        await tables.tell_authenticators(tx, user_id=user_id)
        history.note(tx, actor.author, subject=("user", user_id), action="password_set", at=now)


async def disable_user(db: Database, *, actor: Actor, user_id: UserId, now: datetime) -> User:
    """Shut an account out everywhere: its keys and sessions stop working until it is enabled again."""
    return await _set_enabled(db, actor=actor, user_id=user_id, is_enabled=False, now=now)


async def enable_user(db: Database, *, actor: Actor, user_id: UserId, now: datetime) -> User:
    """Let a disabled account back in; its keys work again, its sessions do not."""
    return await _set_enabled(db, actor=actor, user_id=user_id, is_enabled=True, now=now)


async def _set_enabled(
    db: Database, *, actor: Actor, user_id: UserId, is_enabled: bool, now: datetime
) -> User:
    actor.scope(Right.INSTALLATION_OPERATE)
    async with db.transaction(_OPERATOR_SCOPE) as tx:
        before = await tables.lock_user(tx, user_id)
        if before.is_enabled is is_enabled:
            return before
        after = msgspec.structs.replace(before, is_enabled=is_enabled)
        await tables.enable_user(tx, user_id, is_enabled=is_enabled, at=now)
        await tables.tell_authenticators(tx, user_id=user_id)
        history.note(
            tx,
            actor.author,
            subject=("user", user_id),
            action="enabled" if is_enabled else "disabled",
            at=now,
            before=before,
            after=after,
        )
    return after
