"""The loop of a worker that carries deliveries out: claim, send outside any transaction, write down what came of it.

Deliveries are no jobs of the queue: a receiver that takes ten seconds for every answer would hold the places of labels
and mail. Here each host has a few requests in flight and no more, and everybody else's go on (decision 0018).
"""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import structlog

from backhaul.domain.webhooks import operations, queries, tables
from backhaul.domain.webhooks.lifecycle import outcome_of
from backhaul.domain.webhooks.metrics import ATTEMPT_SECONDS, ATTEMPTS
from backhaul.domain.webhooks.model import DeliveryStatus, Policy
from backhaul.domain.webhooks.ports import Catalog, Courier
from backhaul.domain.webhooks.queries import Outgoing
from backhaul.domain.webhooks.signatures import standard_webhooks
from backhaul.domain.webhooks.tables import CHANNEL, Claimed
from backhaul.kernel.clock import Clock
from backhaul.kernel.errors import Unavailable
from backhaul.kernel.ids import OrgId
from backhaul.kernel.ports import Ports
from backhaul.storage import nudges
from backhaul.storage.database import Database, Scope

logger = structlog.get_logger("backhaul.webhooks")

IDLE_SECONDS = 1.0  # how long a lost nudge can delay a delivery, and how exact the ladder is


class Sender:
    """The deliveries one worker has in flight. Safe to run in any number of workers."""

    def __init__(self, db: Database, *, clock: Clock, ports: Ports) -> None:
        self._db = db
        self._clock = clock
        self._courier: Courier = ports[Courier]
        self._policy: Policy = ports[Policy]
        self._catalog: Catalog = ports[Catalog]
        self._running: dict[asyncio.Task[None], tuple[str, OrgId]] = {}
        self._wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Send what is due until told to stop, then let what is in flight end."""
        hearing = asyncio.create_task(self._hear())
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                self._wake.clear()
                if not await self.start_due():
                    waking = asyncio.create_task(self._wake.wait())
                    await asyncio.wait(
                        (stopping, waking), timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED
                    )
                    waking.cancel()
            if self._running:
                await asyncio.wait(self._running)
        finally:
            ending = [hearing, stopping, *self._running]
            for task in ending:
                task.cancel()
            await asyncio.gather(*ending, return_exceptions=True)

    async def send_due(self) -> int:
        """Send everything that is due at this moment of the clock, and return how many attempts were made."""
        made = 0
        while True:
            # What was in flight when the claim was made took places; it may have ended while PostgreSQL answered.
            was_busy = bool(self._running)
            started = await self.start_due()
            made += started
            if not (started or was_busy):
                return made
            if self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                await asyncio.sleep(0)

    async def start_due(self) -> int:
        """Start as many due deliveries as there is room for; return how many."""
        room = self._policy.at_once - len(self._running)
        if room <= 0:
            return 0
        now = self._clock.now()
        until = now + timedelta(seconds=self._policy.lease_seconds)
        async with self._db.system() as reader:
            taken = await tables.claim(
                reader,
                running=Counter(self._running.values()),
                now=now,
                until=until,
                room=room,
                at_once_per_host=self._policy.at_once_per_host,
                at_once_per_organization=self._policy.at_once_per_organization,
            )
        for claimed in taken:
            task = asyncio.create_task(self._carry_out(claimed), name=f"webhook {claimed.id}")
            self._running[task] = (claimed.host, claimed.org_id)
            task.add_done_callback(self._end)
        return len(taken)

    def _end(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._wake.set()

    async def _carry_out(self, claimed: Claimed) -> None:
        """Send one delivery. Whatever fails here, its claim runs out and it is due again."""
        log = logger.bind(delivery_id=str(claimed.id), org_id=str(claimed.org_id))
        try:
            scope = Scope(claimed.org_id)
            async with self._db.read(scope) as reader:
                outgoing = await queries.find_outgoing(
                    reader, scope, delivery_id=claimed.id, now=self._clock.now()
                )
            if outgoing is not None and outgoing.delivery.status is DeliveryStatus.PENDING:
                await self._send(outgoing, log)
        except Unavailable as away:
            log.warning("webhook_waits_for_database", reason=str(away))
        except Exception:
            log.exception("webhook_failed")

    async def _send(self, outgoing: Outgoing, log: structlog.stdlib.BoundLogger) -> None:
        delivery, at = outgoing.delivery, self._clock.now()
        terms = self._catalog.find(delivery.wording)
        sign = standard_webhooks if terms is None else terms.sign
        own_ladder = None if terms is None else terms.retry_seconds
        started = time.perf_counter()
        reply = await self._courier.post(
            url=delivery.url,
            headers=[
                ("content-type", outgoing.content_type),
                *sign(delivery, outgoing.secrets, at, outgoing.body),
            ],
            body=outgoing.body,
            timeouts=None if terms is None else terms.timeouts,
        )
        seconds = time.perf_counter() - started
        duration_ms = round(seconds * 1000)
        ATTEMPTS.labels(outcome_of(reply.status).value).inc()
        ATTEMPT_SECONDS.observe(seconds)
        after = await operations.record_attempt(
            self._db,
            sent=delivery,
            reply=reply,
            ladder=self._policy.retry_seconds if own_ladder is None else own_ladder,
            disable_after=None if terms is None else terms.disable_after,
            at=at,
            duration_ms=duration_ms,
            now=self._clock.now(),
        )
        log.info(
            "webhook_attempted",
            attempt=after.attempts,
            status=after.status.value,
            http_status=reply.status,
            failure=reply.failure,
            milliseconds=duration_ms,
        )

    async def _hear(self) -> None:
        while True:
            with suppress(Exception):  # whatever it was, the next attempt may succeed
                await nudges.listen(self._db.worker_pool, CHANNEL, self._wake)
            await asyncio.sleep(IDLE_SECONDS)
