"""Endpoints: added with a secret, disabled when they are gone, removed."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.identity.tables import lock_organization
from backhaul.domain.webhooks import lifecycle, tables
from backhaul.domain.webhooks.errors import EndpointTaken, TooManyEndpoints
from backhaul.domain.webhooks.events import EndpointAdded, EndpointEnabled, EndpointRemoved
from backhaul.domain.webhooks.lifecycle import Action, EndpointAction
from backhaul.domain.webhooks.model import (
    MAX_SECRET_LENGTH,
    MIN_SECRET_LENGTH,
    Endpoint,
    EndpointId,
    EndpointStatus,
    Policy,
)
from backhaul.domain.webhooks.operations.secrets import ensure_secret, replace_secret
from backhaul.domain.webhooks.ports import Terms
from backhaul.domain.webhooks.urls import check_url, host_of
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Tx


async def add_endpoint(
    db: Database,
    *,
    actor: Actor,
    url: str,
    terms: Terms,
    policy: Policy,
    now: datetime,
    topic: str | None = None,
    secret: str | None = None,
    account_number: int | None = None,
    is_active: bool = True,
) -> tuple[Endpoint, str]:
    """Have news sent to a URL; return the endpoint with its secret, which lists never show.

    With `topic` it is told that alone. A dialect may let its clients bring the secret (16 to 200 characters), and have
    the receiver told by which account it was asked for. One that is not active is told nothing until it is. Refused
    on a plan without webhooks, beyond the family's number of endpoints, and for a URL that is taken.
    """
    scope = actor.scope(Right.WEBHOOKS_WRITE)
    actor.require_api_plan()
    _require_valid(url, secret, policy)
    endpoint = Endpoint(
        id=EndpointId(new_id()),
        org_id=scope.org_id,
        url=url,
        family=terms.family,
        wording=terms.wording,
        topic=topic,
        status=EndpointStatus.ACTIVE if is_active else EndpointStatus.DISABLED,
        consecutive_failures=0,
        created_at=now,
        updated_at=now,
        version=1,
        account_number=account_number,
    )
    async with db.transaction(scope) as tx:
        await lock_organization(tx, scope.org_id)  # two that come at once are counted one after the other
        limit = terms.max_endpoints
        if limit is not None and await tables.count_endpoints(tx, terms.family) >= limit:
            raise TooManyEndpoints(limit=limit)
        number = await tables.add_endpoint(tx, endpoint)
        if number is None:
            raise EndpointTaken(version=terms.wording)
        endpoint = msgspec.structs.replace(endpoint, number=number)
        made = await ensure_secret(tx, endpoint.id, at=now, text=secret)
        assert made is not None, "nobody else knows this endpoint yet"
        history.note(
            tx,
            actor.author,
            subject=("webhook_endpoint", endpoint.id),
            action="added",
            at=now,
            after=endpoint,
        )
        outbox.record(tx, EndpointAdded(subject_id=endpoint.id), at=now)
    return endpoint, made.text


async def enable_endpoint(db: Database, *, actor: Actor, endpoint_id: EndpointId, now: datetime) -> Endpoint:
    """Tell a disabled endpoint news again; what was cancelled meanwhile is sent by replaying it."""
    scope = actor.scope(Right.WEBHOOKS_WRITE)
    async with db.transaction(scope) as tx:
        before = await tables.lock_endpoint(tx, endpoint_id)
        after = lifecycle.advance_endpoint(before, EndpointAction.ENABLE, at=now)
        await save_endpoint(tx, actor.author, before, after, action="enabled", at=now)
        outbox.record(tx, EndpointEnabled(subject_id=endpoint_id), at=now)
    return after


async def remove_endpoint(db: Database, *, actor: Actor, endpoint_id: EndpointId, now: datetime) -> Endpoint:
    """Remove an endpoint and cancel what it was still to be told. It stays in history, with all its attempts."""
    scope = actor.scope(Right.WEBHOOKS_WRITE)
    async with db.transaction(scope) as tx:
        before = await tables.lock_endpoint(tx, endpoint_id)
        after = lifecycle.advance_endpoint(before, EndpointAction.REMOVE, at=now)
        await save_endpoint(tx, actor.author, before, after, action="removed", at=now)
        await cancel_pending(tx, actor.author, endpoint_id, at=now)
        outbox.record(tx, EndpointRemoved(subject_id=endpoint_id), at=now)
    return after


async def change_endpoint(
    db: Database,
    *,
    actor: Actor,
    endpoint_id: EndpointId,
    policy: Policy,
    now: datetime,
    url: str | None = None,
    secret: str | None = None,
    is_active: bool | None = None,
) -> Endpoint:
    """Change what is given of an endpoint; its failures are forgiven. A new secret signs at once, the old one no more.

    What waits for it goes to its new URL: the old one gets nothing that is signed with a secret it never had. One that
    is no longer active is told nothing, and what it was still to be told is cancelled. Refused for a URL that is taken.
    """
    scope = actor.scope(Right.WEBHOOKS_WRITE)
    _require_valid(url, secret, policy)
    async with db.transaction(scope) as tx:
        if url is not None:
            await lock_organization(tx, scope.org_id)  # two that take the same URL come one after the other
        before = await tables.lock_endpoint(tx, endpoint_id)
        is_told = before.status is EndpointStatus.ACTIVE if is_active is None else is_active
        after = lifecycle.change_endpoint(before, url=url or before.url, is_active=is_told, at=now)
        if after.url != before.url and await tables.is_url_taken(tx, after):
            raise EndpointTaken(version=before.wording)
        if secret is not None:
            await replace_secret(tx, actor.author, endpoint_id, secret, at=now)
        await save_endpoint(tx, actor.author, before, after, action="changed", at=now)
        if not is_told:
            await cancel_pending(tx, actor.author, endpoint_id, at=now)
        elif after.url != before.url:
            await _redirect_pending(tx, actor.author, after, at=now)
        if is_told and before.status is not EndpointStatus.ACTIVE:
            outbox.record(tx, EndpointEnabled(subject_id=endpoint_id), at=now)
    return after


def _require_valid(url: str | None, secret: str | None, policy: Policy) -> None:
    problems = [] if url is None else check_url(url, allowed=policy.allowed_networks)
    # Not left to the database: its error would repeat the secret.
    if secret is not None and not MIN_SECRET_LENGTH <= len(secret) <= MAX_SECRET_LENGTH:
        text = f"must have {MIN_SECRET_LENGTH} to {MAX_SECRET_LENGTH} characters"
        problems.append(FieldProblem("secret", "webhook.secret_length", text))
    if problems:
        raise InvalidInput(problems)


async def save_endpoint(
    tx: Tx, author: history.Author, before: Endpoint, after: Endpoint, *, action: str, at: datetime
) -> None:
    """Write an endpoint back and note what changed."""
    await tables.save_endpoint(tx, after)
    subject = ("webhook_endpoint", after.id)
    history.note(tx, author, subject=subject, action=action, at=at, before=before, after=after)


async def cancel_pending(tx: Tx, author: history.Author, endpoint_id: EndpointId, *, at: datetime) -> int:
    """Cancel every delivery that waits for an endpoint, which the caller has locked; return how many."""
    waiting = await tables.lock_pending(tx, endpoint_id)
    for before in waiting:
        after = lifecycle.advance(before, Action.CANCEL, at=at)
        await tables.save_delivery(tx, after)
        subject = ("webhook_delivery", after.id)
        history.note(tx, author, subject=subject, action="cancelled", at=at, before=before, after=after)
    return len(waiting)


async def _redirect_pending(tx: Tx, author: history.Author, endpoint: Endpoint, *, at: datetime) -> None:
    host = host_of(endpoint.url)
    waiting = await tables.lock_pending(tx, endpoint.id)
    if waiting:
        await tables.redirect_pending(tx, endpoint.id, url=endpoint.url, host=host)
    for before in waiting:
        after = lifecycle.redirect(before, url=endpoint.url, host=host)
        subject = ("webhook_delivery", after.id)
        history.note(tx, author, subject=subject, action="redirected", at=at, before=before, after=after)
