"""The relay: tells others what happened, after it happened.

Events are claimed with FOR UPDATE SKIP LOCKED and marked, never remembered by "id greater than the last":
a transaction that commits late would be lost that way. An event waits for earlier ones of its subject.
"""

import asyncio
import contextlib
from datetime import datetime, timedelta

import msgspec
import structlog

from backhaul.kernel.clock import Clock
from backhaul.kernel.errors import DomainError, Kind, Unavailable
from backhaul.kernel.ids import OrgId
from backhaul.kernel.ports import Ports
from backhaul.storage import nudges
from backhaul.storage.database import Database, Scope
from backhaul.storage.outbox import CHANNEL, EVENTS, Aftermath, reacted_names, reactions_to, unheard_names
from backhaul.storage.rows import deleted

logger = structlog.get_logger("backhaul.relay")

BATCH = 100
AT_ONCE = 4
MAX_ATTEMPTS = 12  # with doubling from one second to ten minutes: about an hour, then it is parked
IDLE_SECONDS = 1.0  # how long a lost nudge can delay an event
KEEP_PROCESSED = timedelta(days=7)

# Known kinds that nobody reacts to are done as soon as they exist. Kinds this release does not know wait for a
# process that does: two releases may run side by side.
SKIP_UNHEARD = """
UPDATE outbox SET processed_at = $1
WHERE (org_id, id) IN (
    SELECT org_id, id FROM outbox WHERE processed_at IS NULL AND type = ANY($2::text[])
    ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED)
"""

WAITING = """
SELECT org_id, id FROM outbox AS o
WHERE processed_at IS NULL AND type = ANY($4::text[]) AND attempts < $3
  AND (next_attempt_at IS NULL OR next_attempt_at <= $1)
  AND NOT EXISTS (SELECT FROM outbox AS earlier
                  WHERE earlier.org_id = o.org_id AND earlier.subject_id = o.subject_id
                    AND earlier.processed_at IS NULL AND earlier.id < o.id)
ORDER BY id LIMIT $2
"""

CLAIM = """
SELECT type, payload, attempts FROM outbox
WHERE org_id = $1 AND id = $2 AND processed_at IS NULL FOR UPDATE SKIP LOCKED
"""

MARK = "UPDATE outbox SET processed_at = $3, failure = NULL WHERE org_id = $1 AND id = $2"

FAILED = """
UPDATE outbox SET attempts = attempts + 1, failure = $3, next_attempt_at = $4
WHERE org_id = $1 AND id = $2 AND processed_at IS NULL
"""

PARKED = """
SELECT org_id, id, type, subject_id, at, attempts, failure FROM outbox
WHERE processed_at IS NULL AND attempts >= $1 ORDER BY id LIMIT 1000
"""

RELEASE = """
UPDATE outbox SET attempts = 0, next_attempt_at = NULL
WHERE processed_at IS NULL AND id = $1 AND attempts >= $2 RETURNING id
"""

FORGET = """
DELETE FROM outbox
WHERE (org_id, id) IN (SELECT org_id, id FROM outbox WHERE processed_at < $1 LIMIT 5000)
"""


class EventNotParked(DomainError):
    """No parked event has this id."""

    code = "event.not_parked"
    kind = Kind.NOT_FOUND
    message = "There is no parked event {event_id}. `backhaul jobs parked` lists them."


class ParkedEvent(msgspec.Struct, frozen=True):
    """An event whose reactions kept failing; later events of its subject wait behind it."""

    org_id: OrgId
    id: int
    type: str
    subject_id: object
    at: datetime
    attempts: int
    failure: str


async def relay_waiting(db: Database, *, ports: Ports, clock: Clock) -> int:
    """Tell one batch of events; return how many were told. Safe to run in several processes."""
    now = clock.now()
    async with db.system() as reader:
        await reader.execute(SKIP_UNHEARD, now, unheard_names(), BATCH * 10)
        waiting = await reader.fetch(WAITING, now, BATCH, MAX_ATTEMPTS, reacted_names())
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(org_id: OrgId, event_id: int) -> bool:
        async with gate:
            return await _tell(db, org_id, event_id, ports=ports, clock=clock)

    told = await asyncio.gather(*(one(row["org_id"], row["id"]) for row in waiting))
    return sum(told)


async def _tell(db: Database, org_id: OrgId, event_id: int, *, ports: Ports, clock: Clock) -> bool:
    name, attempts = "", 0
    try:
        async with db.transaction(Scope(org_id)) as tx:
            row = await tx.fetchrow(CLAIM, org_id, event_id)
            if row is None:
                return False
            name, attempts = row["type"], row["attempts"]
            happened = msgspec.convert(row["payload"], EVENTS[name])
            aftermath = Aftermath(clock.now(), ports)
            for reaction in reactions_to(name):
                await reaction(tx, happened, aftermath)
            await tx.execute(MARK, org_id, event_id, aftermath.now)
    except Unavailable:
        return False  # the database itself: nothing is wrong with the event
    except Exception as error:
        logger.exception("reaction failed", name=name, event_id=event_id, attempt=attempts + 1)
        await _note_failure(db, org_id, event_id, attempts, error, now=clock.now())
        return False
    return True


async def _note_failure(
    db: Database, org_id: OrgId, event_id: int, attempts: int, error: Exception, *, now: datetime
) -> None:
    pause = timedelta(seconds=min(2**attempts, 600))
    reason = f"{type(error).__name__}: {error}"[:500]
    with contextlib.suppress(Unavailable):
        async with db.transaction(Scope(org_id)) as tx:
            await tx.execute(FAILED, org_id, event_id, reason, now + pause)


async def run_relay(db: Database, *, ports: Ports, clock: Clock, stop: asyncio.Event) -> None:
    """Relay until told to stop; the database may go away and come back."""
    wake = asyncio.Event()
    hearing = asyncio.create_task(_hear(db, wake))
    try:
        while not stop.is_set():
            wake.clear()
            told = 0
            try:
                told = await relay_waiting(db, ports=ports, clock=clock)
            except Unavailable:
                logger.warning("database unavailable", what="relay")
            except Exception:
                logger.exception("relay round failed")
            if not told:
                await _either(stop, wake)
    finally:
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)


async def _hear(db: Database, wake: asyncio.Event) -> None:
    """Wake the relay when something was committed; a lost nudge costs at most `IDLE_SECONDS`."""
    while True:
        try:
            await nudges.listen(db.worker_pool, CHANNEL, wake)
        except Exception as error:  # noqa: BLE001 -- whatever it was, the next attempt may succeed
            logger.info("relay does not hear nudges for a moment", reason=str(error))
            await asyncio.sleep(IDLE_SECONDS)


async def _either(stop: asyncio.Event, wake: asyncio.Event) -> None:
    waiting = [asyncio.create_task(stop.wait()), asyncio.create_task(wake.wait())]
    await asyncio.wait(waiting, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


async def forget_processed(db: Database, *, now: datetime) -> int:
    """Drop what was told long ago, at most 5,000 events a call; return how many."""
    async with db.system_transaction() as tx:
        return deleted(await tx.execute(FORGET, now - KEEP_PROCESSED))


async def list_parked_events(db: Database) -> list[ParkedEvent]:
    """Return events whose reactions kept failing."""
    async with db.system() as reader:
        return [ParkedEvent(**dict(row)) for row in await reader.fetch(PARKED, MAX_ATTEMPTS)]


async def release_event(db: Database, event_id: int) -> None:
    """Try a parked event again, with all its attempts; raises `EventNotParked`."""
    async with db.system_transaction() as tx:
        if await tx.fetchval(RELEASE, event_id, MAX_ATTEMPTS) is None:
            raise EventNotParked(event_id=event_id)
    db.nudge(CHANNEL)
