"""Clients: added, given another secret, disabled."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from backhaul.domain.identity.clients import credentials, events, tables
from backhaul.domain.identity.clients.errors import ClientAlreadyDisabled, ClientUnknown, TooManyClients
from backhaul.domain.identity.clients.model import Client, ClientId
from backhaul.domain.identity.clients.spelling import clean_redirects, clean_scopes
from backhaul.domain.identity.errors import MemberUnknown
from backhaul.domain.identity.model import RIGHTS, Actor, Right, Role
from backhaul.domain.identity.spelling import MAX_KEY_NAME_LENGTH, clean_name
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import OrgId, UserId, new_id
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Tx


async def add_client(
    db: Database,
    *,
    actor: Actor,
    name: str,
    scopes: Iterable[str],
    most: int,
    now: datetime,
    user_id: UserId | None = None,
    redirect_uris: Iterable[str] = (),
) -> tuple[Client, str]:
    """Add a client of a member (the actor, unless named) and return it with its secret: never shown again.

    A member has at most `most` enabled ones: refused with `TooManyClients` otherwise. A client does no more than its
    member may, and its member no more than who adds it.
    """
    scope = actor.scope(Right.KEYS_MANAGE)
    owner_id = user_id or actor.user_id
    if owner_id is None:
        raise InvalidInput([FieldProblem("user_id", "identity.client_needs_user", "must name its member")])
    made = credentials.make_secret()
    client = Client(
        id=ClientId(new_id()),
        org_id=scope.org_id,
        user_id=owner_id,
        name=clean_name(name, longest=MAX_KEY_NAME_LENGTH),
        client_id=credentials.make_client_id(),
        redirect_uris=clean_redirects(redirect_uris),
        scopes=clean_scopes(scopes),
        created_at=now,
        secret_made_at=now,
        disabled_at=None,
    )
    async with db.transaction(scope) as tx:
        role = await tables.hold_member(tx, scope.org_id, owner_id)
        if role is None:
            raise MemberUnknown(user=owner_id)
        actor.require_all(RIGHTS[Role(role)])
        if await tables.count_enabled(tx, scope.org_id, owner_id) >= most:
            raise TooManyClients(most=most)
        await tables.add_client(tx, client, secret_hash=made.hash)
        history.note(tx, actor.author, subject=("client", client.id), action="added", at=now, after=client)
        outbox.record(tx, events.ClientAdded(subject_id=client.id, user_id=owner_id), at=now)
    return client, made.secret


async def rotate_client_secret(
    db: Database, *, actor: Actor, client_id: str, now: datetime
) -> tuple[Client, str]:
    """Give a client another secret and return it: never shown again. The former one ends; tokens stay valid."""
    scope = actor.scope(Right.KEYS_MANAGE)
    made = credentials.make_secret()
    async with db.transaction(scope) as tx:
        before = await _lock_enabled(tx, scope.org_id, client_id)
        after = msgspec.structs.replace(before, secret_made_at=now)
        await tables.set_secret(tx, after, secret_hash=made.hash)
        history.note(
            tx,
            actor.author,
            subject=("client", after.id),
            action="secret_rotated",
            at=now,
            before=before,
            after=after,
        )
    return after, made.secret


async def disable_client(db: Database, *, actor: Actor, client_id: str, now: datetime) -> Client:
    """End a client and all its tokens at once, in every process."""
    scope = actor.scope(Right.KEYS_MANAGE)
    async with db.transaction(scope) as tx:
        before = await _lock_enabled(tx, scope.org_id, client_id)
        after = msgspec.structs.replace(before, disabled_at=now)
        await tables.disable(tx, after)
        await tables.tell_authenticators(tx, org_id=scope.org_id, client_id=after.id)
        history.note(
            tx,
            actor.author,
            subject=("client", after.id),
            action="disabled",
            at=now,
            before=before,
            after=after,
        )
        outbox.record(tx, events.ClientDisabled(subject_id=after.id, user_id=after.user_id), at=now)
    return after


async def disable_clients_of(tx: Tx, *, actor: Actor, user_id: UserId, at: datetime) -> None:
    """End the clients of a member who leaves. Whoever calls tells the authenticators."""
    for client in await tables.disable_of_member(tx, tx.org_id, user_id, at=at):
        before = msgspec.structs.replace(client, disabled_at=None)
        history.note(
            tx,
            actor.author,
            subject=("client", client.id),
            action="disabled",
            at=at,
            before=before,
            after=client,
        )
        outbox.record(tx, events.ClientDisabled(subject_id=client.id, user_id=user_id), at=at)


async def _lock_enabled(tx: Tx, org_id: OrgId, client_id: str) -> Client:
    client = await tables.lock_client(tx, org_id, client_id)
    if client is None:
        raise ClientUnknown(client=client_id)
    if client.disabled_at is not None:
        raise ClientAlreadyDisabled(client=client_id, disabled_at=f"{client.disabled_at:%Y-%m-%d %H:%M}")
    return client
