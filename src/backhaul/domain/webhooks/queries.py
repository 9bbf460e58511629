"""Reading endpoints, deliveries and attempts: one statement a question."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Plan, Right
from backhaul.domain.webhooks.errors import DeliveryUnknown, EndpointUnknown
from backhaul.domain.webhooks.model import (
    Attempt,
    Delivery,
    DeliveryId,
    DeliveryStatus,
    Endpoint,
    EndpointId,
)
from backhaul.domain.webhooks.tables import DELIVERY_COLUMNS, ENDPOINT_COLUMNS
from backhaul.storage.database import Database, Reader, Scope, Tx
from backhaul.storage.rows import optional, record

MAX_PAGE = 200

_ENDPOINT = ", ".join(f"e.{name}" for name in Endpoint.__struct_fields__)
_DELIVERY = ", ".join(f"d.{name}" for name in Delivery.__struct_fields__)

# A plan without webhooks is told nothing; its endpoints wait for a better one (contract §1.7). Whoever removes an
# endpoint waits for those who are telling it something, and then cancels that as well.
LIST_LISTENING = f"""
SELECT {_ENDPOINT} FROM webhook_endpoints AS e
JOIN organizations AS o ON o.org_id = e.org_id AND o.plan = ANY($4::text[])
WHERE e.org_id = $1 AND e.family = $2 AND e.status = 'active' AND (e.topic IS NULL OR e.topic = $3)
ORDER BY e.id FOR SHARE OF e
"""
LIST_ENDPOINTS = f"""
SELECT {ENDPOINT_COLUMNS} FROM webhook_endpoints
WHERE org_id = $1 AND (status <> 'removed' OR $2) ORDER BY id LIMIT 1000
"""
GET_ENDPOINT = f"SELECT {ENDPOINT_COLUMNS} FROM webhook_endpoints WHERE org_id = $1 AND id = $2"

GET_ENDPOINT_BY_NUMBER = f"""
SELECT {ENDPOINT_COLUMNS} FROM webhook_endpoints
WHERE org_id = $1 AND number = $2 AND wording = $3 AND status <> 'removed'
"""
LIST_NEWEST_ENDPOINTS = f"""
SELECT {ENDPOINT_COLUMNS} FROM webhook_endpoints
WHERE org_id = $1 AND wording = $2 AND status <> 'removed' AND ($3::bigint IS NULL OR number < $3)
ORDER BY number DESC LIMIT $4
"""
LIST_OLDEST_ENDPOINTS = f"""
SELECT {ENDPOINT_COLUMNS} FROM webhook_endpoints
WHERE org_id = $1 AND wording = $2 AND status <> 'removed' AND ($3::bigint IS NULL OR number > $3)
ORDER BY number LIMIT $4
"""

FIND_OUTGOING = f"""
SELECT {_DELIVERY}, d.content_type, d.body,
    (SELECT coalesce(array_agg(s.secret ORDER BY s.created_at DESC, s.id DESC), '{{}}')
     FROM webhook_secrets AS s
     WHERE s.org_id = d.org_id AND s.endpoint_id IS NOT DISTINCT FROM d.endpoint_id
       AND (s.expires_at IS NULL OR s.expires_at > $3)) AS secrets
FROM webhook_deliveries AS d WHERE d.org_id = $1 AND d.id = $2
"""

# A statement for each index: pages are cut by $2 and have $3 lines.
_BEHIND = "($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
LIST_DELIVERIES = f"SELECT {DELIVERY_COLUMNS} FROM webhook_deliveries WHERE org_id = $1 AND {_BEHIND}"
LIST_DELIVERIES_OF_STATUS = f"""
SELECT {DELIVERY_COLUMNS} FROM webhook_deliveries WHERE org_id = $1 AND status = $4 AND {_BEHIND}
"""
LIST_DELIVERIES_TO = f"""
SELECT {DELIVERY_COLUMNS} FROM webhook_deliveries
WHERE org_id = $1 AND endpoint_id = $4 AND ($5::text IS NULL OR status = $5) AND {_BEHIND}
"""
LIST_CALLBACKS = f"""
SELECT {DELIVERY_COLUMNS} FROM webhook_deliveries WHERE org_id = $1 AND endpoint_id IS NULL AND {_BEHIND}
"""
LIST_CALLBACKS_OF_STATUS = f"""
SELECT {DELIVERY_COLUMNS} FROM webhook_deliveries
WHERE org_id = $1 AND endpoint_id IS NULL AND status = $4 AND {_BEHIND}
"""
GET_DELIVERY = f"""
SELECT {_DELIVERY}, d.content_type, d.body,
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', a.id, 'delivery_id', a.delivery_id, 'number', a.number, 'at', a.at,
                'duration_ms', a.duration_ms, 'outcome', a.outcome, 'http_status', a.http_status,
                'error', a.error, 'excerpt', a.excerpt) ORDER BY a.id), '[]')
     FROM webhook_attempts AS a WHERE a.org_id = d.org_id AND a.delivery_id = d.id) AS log
FROM webhook_deliveries AS d WHERE d.org_id = $1 AND d.id = $2
"""


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery with all that is needed to send it."""

    delivery: Delivery
    content_type: str
    body: bytes
    secrets: tuple[str, ...]  # those that are valid now, newest first

    def __repr__(self) -> str:
        return f"Outgoing(delivery={self.delivery.id})"  # its secrets belong into no log


class DeliveryDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery with its bytes and everything that was tried."""

    delivery: Delivery
    content_type: str
    body: bytes
    attempts: tuple[Attempt, ...]  # oldest first


async def list_listening(tx: Tx, *, family: str, topic: str) -> list[Endpoint]:
    """Return the endpoints that are told this news, held until the commit; none when the plan has no webhooks."""
    plans = [plan.value for plan in Plan if plan is not Plan.FREE]
    rows = await tx.fetch(LIST_LISTENING, tx.org_id, family, topic, plans)
    return [record(Endpoint, row) for row in rows]


async def list_endpoints(db: Database, *, actor: Actor, with_removed: bool = False) -> list[Endpoint]:
    """Return the organization's endpoints, oldest first."""
    scope = actor.scope(Right.WEBHOOKS_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(LIST_ENDPOINTS, scope.org_id, with_removed)
    return [record(Endpoint, row) for row in rows]


async def get_endpoint(db: Database, *, actor: Actor, endpoint_id: EndpointId) -> Endpoint:
    """Return one endpoint, or refuse."""
    scope = actor.scope(Right.WEBHOOKS_READ)
    async with db.read(scope) as reader:
        found = optional(Endpoint, await reader.fetchrow(GET_ENDPOINT, scope.org_id, endpoint_id))
    if found is None:
        raise EndpointUnknown(endpoint_id=endpoint_id)
    return found


async def get_endpoint_by_number(db: Database, *, actor: Actor, number: int, wording: str) -> Endpoint:
    """Return an endpoint of a dialect by its number, or refuse."""
    scope = actor.scope(Right.WEBHOOKS_READ)
    async with db.read(scope) as reader:
        row = await reader.fetchrow(GET_ENDPOINT_BY_NUMBER, scope.org_id, number, wording)
    if row is None:
        raise EndpointUnknown(endpoint_id=number)
    return record(Endpoint, row)


async def list_endpoints_of(
    db: Database,
    *,
    actor: Actor,
    wording: str,
    is_ascending: bool = False,
    after: int | None = None,
    limit: int = 50,
) -> list[Endpoint]:
    """Return a page of a dialect's endpoints by their numbers; the next comes `after` the last number."""
    scope = actor.scope(Right.WEBHOOKS_READ)
    statement = LIST_OLDEST_ENDPOINTS if is_ascending else LIST_NEWEST_ENDPOINTS
    async with db.read(scope) as reader:
        rows = await reader.fetch(statement, scope.org_id, wording, after, min(limit, MAX_PAGE))
    return [record(Endpoint, row) for row in rows]


async def find_outgoing(
    reader: Reader, scope: Scope, *, delivery_id: DeliveryId, now: datetime
) -> Outgoing | None:
    """Return a delivery with its bytes and the secrets that are valid now."""
    row = await reader.fetchrow(FIND_OUTGOING, scope.org_id, delivery_id, now)
    if row is None:
        return None
    columns = dict(row)
    content_type, body = columns.pop("content_type"), columns.pop("body")
    secrets = tuple(columns.pop("secrets"))
    return Outgoing(delivery=record(Delivery, columns), content_type=content_type, body=body, secrets=secrets)


async def list_deliveries(
    db: Database,
    *,
    actor: Actor,
    status: DeliveryStatus | None = None,
    endpoint_id: EndpointId | None = None,
    before: DeliveryId | None = None,
    limit: int = 50,
) -> list[Delivery]:
    """Return a page of deliveries, newest first; `before` is the last id of the page before."""
    scope, only = actor.scope(Right.WEBHOOKS_READ), status and status.value
    page = (scope.org_id, before, min(limit, MAX_PAGE))
    async with db.read(scope) as reader:
        if endpoint_id is not None:
            rows = await reader.fetch(LIST_DELIVERIES_TO, *page, endpoint_id, only)
        elif only is not None:
            rows = await reader.fetch(LIST_DELIVERIES_OF_STATUS, *page, only)
        else:
            rows = await reader.fetch(LIST_DELIVERIES, *page)
    return [record(Delivery, row) for row in rows]


async def list_callbacks(
    db: Database,
    *,
    actor: Actor,
    status: DeliveryStatus | None = None,
    before: DeliveryId | None = None,
    limit: int = 50,
) -> list[Delivery]:
    """Return a page of deliveries to URLs that came with requests, newest first."""
    scope = actor.scope(Right.WEBHOOKS_READ)
    page = (scope.org_id, before, min(limit, MAX_PAGE))
    async with db.read(scope) as reader:
        if status is None:
            rows = await reader.fetch(LIST_CALLBACKS, *page)
        else:
            rows = await reader.fetch(LIST_CALLBACKS_OF_STATUS, *page, status.value)
    return [record(Delivery, row) for row in rows]


async def get_delivery(db: Database, *, actor: Actor, delivery_id: DeliveryId) -> DeliveryDetail:
    """Return a delivery with its bytes and its attempts, or refuse."""
    scope = actor.scope(Right.WEBHOOKS_READ)
    async with db.read(scope) as reader:
        row = await reader.fetchrow(GET_DELIVERY, scope.org_id, delivery_id)
    if row is None:
        raise DeliveryUnknown(delivery_id=delivery_id)
    columns = dict(row)
    content_type, body, log = (columns.pop(name) for name in ("content_type", "body", "log"))
    return DeliveryDetail(
        delivery=record(Delivery, columns),
        content_type=content_type,
        body=body,
        attempts=msgspec.convert(log, tuple[Attempt, ...]),
    )
