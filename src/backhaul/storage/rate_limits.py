"""Rate limits that all processes share: leaky buckets in a table that is not logged.

One statement a request, outside the business transaction: what was asked for counts even if it was refused, and nobody
waits for anybody's transaction. The bucket's content leaks out by itself; who would make it run over is turned away and
adds nothing. A crash of PostgreSQL empties all buckets.
"""

import math
from datetime import datetime

import msgspec

from backhaul.kernel.errors import DomainError, Kind
from backhaul.storage.database import Database, Tx
from backhaul.storage.rows import deleted

# Sorted by key, so that two requests never wait for one another. A clock that is behind lets nothing leak.
TAKE = """
INSERT INTO rate_limits AS r (key, level, at, capacity, per_second, is_passed)
SELECT w.key, 1, $4, w.capacity, w.per_second, true
FROM unnest($1::text[], $2::double precision[], $3::double precision[]) AS w (key, capacity, per_second) ORDER BY w.key
ON CONFLICT (key) DO UPDATE SET
    (level, is_passed) = (
        SELECT CASE WHEN n.level + 1 <= excluded.capacity THEN n.level + 1 ELSE n.level END,
            n.level + 1 <= excluded.capacity
        FROM (SELECT greatest(0, r.level - excluded.per_second * greatest(0, extract(epoch FROM excluded.at - r.at)))
            AS level) AS n),
    at = greatest(r.at, excluded.at), capacity = excluded.capacity, per_second = excluded.per_second
RETURNING key, level, is_passed, (level + 1 - capacity) / per_second AS seconds
"""
# Whatever leaked out completely is as good as a bucket that was never there.
SWEEP = """
DELETE FROM rate_limits WHERE key IN (
    SELECT key FROM rate_limits WHERE at < $1 AND at + make_interval(secs => level / per_second) < $1 LIMIT 5000)
"""


class RateLimited(DomainError):
    """More was asked for in a short time than is allowed."""

    code = "service.rate_limited"
    kind = Kind.TOO_MANY
    message = "That was too much in a short time. Please wait {retry_after_seconds} seconds."


class Bucket(msgspec.Struct, frozen=True):
    """Whose requests are counted together, how many may come at once, and how many a second for long."""

    key: str  # at most 200 characters
    capacity: float
    per_second: float


async def take(db: Database, *buckets: Bucket, now: datetime) -> dict[str, float]:
    """Count one request in each of some buckets, or refuse it while one of them is full.

    Returns how full each is now, by its key.
    """
    columns = (
        [bucket.key for bucket in buckets],
        [bucket.capacity for bucket in buckets],
        [bucket.per_second for bucket in buckets],
    )
    async with db.lookup() as reader:
        rows = await reader.fetch(TAKE, *columns, now)
    waits = [row["seconds"] for row in rows if not row["is_passed"]]
    if waits:
        raise RateLimited(retry_after_seconds=max(1, math.ceil(max(waits))))
    return {row["key"]: row["level"] for row in rows}


async def sweep(tx: Tx, *, now: datetime) -> int:
    """Drop buckets that are empty by now, at most 5,000 a call; return how many. Needs the worker role."""
    return deleted(await tx.execute(SWEEP, now))
