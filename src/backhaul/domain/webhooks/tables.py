"""Writing endpoints, secrets, deliveries and attempts; claiming what is due."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from backhaul.domain.webhooks.errors import DeliveryUnknown, EndpointUnknown
from backhaul.domain.webhooks.model import (
    Attempt,
    Delivery,
    DeliveryId,
    Endpoint,
    EndpointId,
    Message,
    Secret,
)
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Reader, Tx
from backhaul.storage.facts import FactKind
from backhaul.storage.rows import deleted, optional, record

CHANNEL = "backhaul_webhooks"

ENDPOINT_COLUMNS = ", ".join(Endpoint.__struct_fields__)
DELIVERY_COLUMNS = ", ".join(Delivery.__struct_fields__)

COUNT_ENDPOINTS = """
SELECT count(*) FROM webhook_endpoints WHERE org_id = $1 AND family = $2 AND status <> 'removed'
"""
INSERT_ENDPOINT = f"""
INSERT INTO webhook_endpoints (org_id, {ENDPOINT_COLUMNS.replace("org_id, ", "").removesuffix(", number")})
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT DO NOTHING RETURNING number
"""
LOCK_ENDPOINT = f"SELECT {ENDPOINT_COLUMNS} FROM webhook_endpoints WHERE org_id = $1 AND id = $2 FOR UPDATE"
SAVE_ENDPOINT = """
UPDATE webhook_endpoints SET status = $3, consecutive_failures = $4, updated_at = $5, version = $6, url = $7
WHERE org_id = $1 AND id = $2 AND version = $6 - 1
"""
IS_URL_TAKEN = """
SELECT EXISTS (SELECT FROM webhook_endpoints WHERE org_id = $1 AND id <> $2 AND wording = $3 AND url = $4
               AND topic IS NOT DISTINCT FROM $5 AND status <> 'removed')
"""
COUNT_FAILURES = "UPDATE webhook_endpoints SET consecutive_failures = $3 WHERE org_id = $1 AND id = $2"

LOCK_ENDPOINT_OF = f"""
SELECT {ENDPOINT_COLUMNS} FROM webhook_endpoints
WHERE org_id = $1 AND id = (SELECT endpoint_id FROM webhook_deliveries WHERE org_id = $1 AND id = $2) FOR UPDATE
"""

INSERT_SIGNING_KEY = """
INSERT INTO webhook_secrets (org_id, id, endpoint_id, secret, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (org_id, endpoint_id) WHERE expires_at IS NULL DO NOTHING RETURNING id
"""
EXPIRE_SIGNING_KEYS = """
UPDATE webhook_secrets SET expires_at = least(expires_at, $3)
WHERE org_id = $1 AND endpoint_id IS NOT DISTINCT FROM $2
  AND (expires_at IS NULL OR expires_at > $3)
"""
LOCK_SIGNING_KEY = """
SELECT id, endpoint_id, secret AS text, created_at, expires_at FROM webhook_secrets
WHERE org_id = $1 AND endpoint_id IS NOT DISTINCT FROM $2 AND expires_at IS NULL FOR UPDATE
"""

INSERT_DELIVERY = """
INSERT INTO webhook_deliveries (org_id, id, endpoint_id, url, host, wording, topic, once_key, content_type, body,
                                status, attempts, tries, next_attempt_at, decided_at, version, account_number)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', 0, 0, $11, $11, 1, $12)
ON CONFLICT (org_id, once_key, endpoint_id) WHERE once_key IS NOT NULL DO NOTHING RETURNING id
"""
LOCK_DELIVERY = f"SELECT {DELIVERY_COLUMNS} FROM webhook_deliveries WHERE org_id = $1 AND id = $2 FOR UPDATE"
LOCK_PENDING = f"""
SELECT {DELIVERY_COLUMNS} FROM webhook_deliveries
WHERE org_id = $1 AND endpoint_id = $2 AND status = 'pending' ORDER BY id FOR UPDATE
"""
SAVE_DELIVERY = """
UPDATE webhook_deliveries
SET status = $3, attempts = $4, tries = $5, next_attempt_at = $6, ended_at = $7, failure = $8, version = $9,
    url = $10, host = $11
WHERE org_id = $1 AND id = $2
"""
REDIRECT_PENDING = """
UPDATE webhook_deliveries SET url = $3, host = $4, version = version + 1
WHERE org_id = $1 AND endpoint_id = $2 AND status = 'pending'
"""

ATTEMPT = FactKind(
    name="webhook_attempts",
    width=10,
    insert="""
INSERT INTO webhook_attempts (org_id, id, delivery_id, number, at, duration_ms, outcome, http_status, error, excerpt)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::timestamptz[], $6::integer[], $7::text[],
                     $8::integer[], $9::text[], $10::text[])
""",
)

# Takes due deliveries of all organizations and puts their next attempt off to the end of the lease: if this worker
# dies, they are due again then. At most $6 go to one host, $7 are one organization's and $8 are started at all; those
# in flight here ($3 to $5: host, organization, count) are included. Organizations take turns at a host, and hosts take
# turns: neither a slow host nor a long backlog nor an organization with many of both stands before the others.
# `lanes` steps over the index, one look-up for each host and organization.
CLAIM = """
WITH RECURSIVE lanes AS (
    (SELECT host, org_id FROM webhook_deliveries WHERE status = 'pending' ORDER BY host, org_id LIMIT 1)
    UNION ALL
    SELECT following.host, following.org_id FROM lanes CROSS JOIN LATERAL (
        SELECT host, org_id FROM webhook_deliveries
        WHERE status = 'pending' AND (host, org_id) > (lanes.host, lanes.org_id) ORDER BY host, org_id LIMIT 1
    ) AS following
), running AS (
    SELECT host, org_id, count FROM unnest($3::text[], $4::uuid[], $5::integer[]) AS r (host, org_id, count)
), due AS (
    SELECT lane.org_id, lane.id, lane.next_attempt_at,
           row_number() OVER (PARTITION BY lanes.host
                              ORDER BY lane.place + coalesce(running.count, 0), lane.next_attempt_at, lane.id)
           + coalesce((SELECT sum(count) FROM running AS busy WHERE busy.host = lanes.host), 0) AS turn_at_host
    FROM lanes
    LEFT JOIN running ON running.host = lanes.host AND running.org_id = lanes.org_id
    CROSS JOIN LATERAL (
        SELECT d.org_id, d.id, d.next_attempt_at, row_number() OVER (ORDER BY d.next_attempt_at, d.id) AS place
        FROM webhook_deliveries AS d
        WHERE d.status = 'pending' AND d.host = lanes.host AND d.org_id = lanes.org_id AND d.next_attempt_at <= $1
        ORDER BY d.next_attempt_at, d.id LIMIT $6
    ) AS lane
), possible AS (
    SELECT org_id, id, next_attempt_at, turn_at_host,
           row_number() OVER (PARTITION BY org_id ORDER BY turn_at_host, next_attempt_at, id)
           + coalesce((SELECT sum(count) FROM running AS busy WHERE busy.org_id = due.org_id), 0) AS turn_of_org
    FROM due WHERE turn_at_host <= $6
), chosen AS (
    SELECT org_id, id FROM possible WHERE turn_of_org <= $7
    ORDER BY turn_of_org, turn_at_host, next_attempt_at, id LIMIT $8
), held AS (
    SELECT d.org_id, d.id FROM webhook_deliveries AS d JOIN chosen ON chosen.org_id = d.org_id AND chosen.id = d.id
    WHERE d.status = 'pending' AND d.next_attempt_at <= $1 FOR UPDATE OF d SKIP LOCKED
)
UPDATE webhook_deliveries AS d SET next_attempt_at = $2 FROM held WHERE d.org_id = held.org_id AND d.id = held.id
RETURNING d.org_id, d.id, d.host
"""

# Across tenants. What ended long ago, however it did, with its attempts, the oldest first; whatever a replay holds is
# left for the next turn.
FORGET_ENDED = """
WITH old AS (
    SELECT org_id, id FROM webhook_deliveries WHERE status <> 'pending' AND ended_at < $1
    ORDER BY ended_at LIMIT 1000 FOR UPDATE SKIP LOCKED
), attempted AS (
    DELETE FROM webhook_attempts AS a USING old WHERE a.org_id = old.org_id AND a.delivery_id = old.id
)
DELETE FROM webhook_deliveries AS d USING old WHERE d.org_id = old.org_id AND d.id = old.id
"""


class Claimed(msgspec.Struct, frozen=True):
    """A delivery that one worker has taken on."""

    org_id: OrgId
    id: DeliveryId
    host: str


async def count_endpoints(tx: Tx, family: str) -> int:
    """Return how many endpoints of a family there are, removed ones left out."""
    counted: int = await tx.fetchval(COUNT_ENDPOINTS, tx.org_id, family)
    return counted


async def add_endpoint(tx: Tx, e: Endpoint) -> int | None:
    """Add an endpoint and return its number; None when its URL is taken."""
    number: int | None = await tx.fetchval(
        INSERT_ENDPOINT, tx.org_id, e.id, e.url, e.family, e.wording, e.topic, e.status.value,
        e.consecutive_failures, e.created_at, e.updated_at, e.version, e.account_number,
    )  # fmt: skip
    return number


async def lock_endpoint(tx: Tx, endpoint_id: EndpointId) -> Endpoint:
    """Return an endpoint, locked until the transaction ends."""
    row = await tx.fetchrow(LOCK_ENDPOINT, tx.org_id, endpoint_id)
    if row is None:
        raise EndpointUnknown(endpoint_id=endpoint_id)
    return record(Endpoint, row)


async def lock_endpoint_of(tx: Tx, delivery_id: DeliveryId) -> Endpoint | None:
    """Return the endpoint a delivery goes to, locked; None for a callback. To be locked before the delivery."""
    return optional(Endpoint, await tx.fetchrow(LOCK_ENDPOINT_OF, tx.org_id, delivery_id))


async def save_endpoint(tx: Tx, e: Endpoint) -> None:
    """Write a locked endpoint back; its version has grown by one."""
    await tx.execute(
        SAVE_ENDPOINT, tx.org_id, e.id, e.status.value, e.consecutive_failures, e.updated_at, e.version, e.url
    )


async def is_url_taken(tx: Tx, e: Endpoint) -> bool:
    """Tell whether another endpoint of the same wording and topic has this URL."""
    taken: bool = await tx.fetchval(IS_URL_TAKEN, tx.org_id, e.id, e.wording, e.url, e.topic)
    return taken


async def count_failures(tx: Tx, endpoint_id: EndpointId, failures: int) -> None:
    """Keep how many attempts in a row have failed; no change of the endpoint itself."""
    await tx.execute(COUNT_FAILURES, tx.org_id, endpoint_id, failures)


async def add_secret(tx: Tx, secret: Secret) -> bool:
    """Add a secret as the present one; return False when there is one."""
    added = await tx.fetchval(
        INSERT_SIGNING_KEY, tx.org_id, secret.id, secret.endpoint_id, secret.text, secret.created_at
    )
    return added is not None


async def lock_secret(tx: Tx, endpoint_id: EndpointId | None) -> Secret | None:
    """Return the present secret, locked until the transaction ends."""
    return optional(Secret, await tx.fetchrow(LOCK_SIGNING_KEY, tx.org_id, endpoint_id))


async def expire_secrets(tx: Tx, endpoint_id: EndpointId | None, *, at: datetime) -> None:
    """Let every secret that is valid end then, unless it ends sooner."""
    await tx.execute(EXPIRE_SIGNING_KEYS, tx.org_id, endpoint_id, at)


async def add_delivery(tx: Tx, d: Delivery, message: Message) -> bool:
    """Add a delivery that is due at once; return False when it was decided before. Two at once: one waits."""
    added = await tx.fetchval(
        INSERT_DELIVERY, tx.org_id, d.id, d.endpoint_id, d.url, d.host, d.wording, d.topic, d.once_key,
        message.content_type, message.body, d.decided_at, d.account_number,
    )  # fmt: skip
    return added is not None


async def lock_delivery(tx: Tx, delivery_id: DeliveryId) -> Delivery:
    """Return a delivery, locked until the transaction ends."""
    row = await tx.fetchrow(LOCK_DELIVERY, tx.org_id, delivery_id)
    if row is None:
        raise DeliveryUnknown(delivery_id=delivery_id)
    return record(Delivery, row)


async def lock_pending(tx: Tx, endpoint_id: EndpointId) -> list[Delivery]:
    """Return what an endpoint is still to be told, locked until the transaction ends."""
    return [record(Delivery, row) for row in await tx.fetch(LOCK_PENDING, tx.org_id, endpoint_id)]


async def save_delivery(tx: Tx, d: Delivery) -> None:
    """Write a locked delivery back."""
    await tx.execute(
        SAVE_DELIVERY, tx.org_id, d.id, d.status.value, d.attempts, d.tries, d.next_attempt_at, d.ended_at,
        d.failure, d.version, d.url, d.host,
    )  # fmt: skip


async def redirect_pending(tx: Tx, endpoint_id: EndpointId, *, url: str, host: str) -> None:
    """Have everything that waits for an endpoint, and that `lock_pending` has locked, sent to another URL."""
    await tx.execute(REDIRECT_PENDING, tx.org_id, endpoint_id, url, host)


def note_attempt(tx: Tx, a: Attempt) -> None:
    """Note an attempt for the commit."""
    tx.note(
        ATTEMPT, tx.org_id, a.id, a.delivery_id, a.number, a.at, a.duration_ms, a.outcome.value, a.http_status,
        a.error, a.excerpt,
    )  # fmt: skip


async def forget_ended(tx: Tx, *, before: datetime) -> int:
    """Drop deliveries that ended before then, at most 1,000 a call; return how many. Needs the worker role."""
    return deleted(await tx.execute(FORGET_ENDED, before))


async def claim(
    reader: Reader,
    *,
    running: Mapping[tuple[str, OrgId], int],
    now: datetime,
    until: datetime,
    room: int,
    at_once_per_host: int,
    at_once_per_organization: int,
) -> list[Claimed]:
    """Take due deliveries on, across tenants; needs the worker role."""
    lanes = list(running)
    rows = await reader.fetch(
        CLAIM, now, until, [host for host, _ in lanes], [org_id for _, org_id in lanes],
        list(running.values()), at_once_per_host, at_once_per_organization, room,
    )  # fmt: skip
    return [Claimed(row["org_id"], row["id"], row["host"]) for row in rows]
