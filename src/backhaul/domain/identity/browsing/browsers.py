"""Who is signed in with a browser: one statement a request, nothing remembered, so that an end counts at once.

When a browser was last seen is written beside the requests, at most once a minute for each.
"""

import asyncio
import contextlib
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import structlog

from backhaul.domain.identity.browsing import credentials
from backhaul.domain.identity.browsing.model import Browsing, Terms
from backhaul.domain.identity.browsing.queries import FIND_SESSION
from backhaul.domain.identity.browsing.rows import browsing_from
from backhaul.domain.identity.browsing.statements import NOTE_VISITS
from backhaul.kernel.clock import Clock
from backhaul.kernel.errors import DomainError
from backhaul.storage.database import Database

_BETWEEN_NOTED_VISITS = timedelta(minutes=1)
_WRITTEN_EVERY_SECONDS = 10.0

_log = structlog.get_logger()


class Browsers:
    """Knows who browses. One per process: `start` it, and `close` it before the database."""

    def __init__(self, db: Database, *, clock: Clock, terms: Terms) -> None:
        self._db = db
        self._clock = clock
        self.terms = terms
        self._visits: dict[UUID, datetime] = {}
        self._writer: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to write down visits."""
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_always(), name="identity.browser_visits")

    async def close(self) -> None:
        """Stop, and write down the visits not yet written."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
        await self._try_to_write()

    async def find(self, token: str) -> Browsing | None:
        """Return who is signed in with the browser that holds this token; None for nobody. One statement."""
        token_hash = credentials.hash_of(token)
        if token_hash is None:
            return None
        now = self._clock.now()
        async with self._db.lookup() as lookup:
            row = await lookup.fetchrow(FIND_SESSION, token_hash, now, now - self.terms.idle)
        if row is None:
            return None
        browsing = browsing_from(row)
        if now - browsing.last_seen_at >= _BETWEEN_NOTED_VISITS:
            self._visits[browsing.session_id] = now
        return browsing

    async def write_visits(self) -> None:
        """Write when browsers were last seen."""
        visits, self._visits = self._visits, {}
        if visits:
            async with self._db.lookup() as lookup:
                await lookup.execute(NOTE_VISITS, list(visits), list(visits.values()))

    async def _write_always(self) -> None:
        while True:
            await asyncio.sleep(_WRITTEN_EVERY_SECONDS)
            await self._try_to_write()

    async def _try_to_write(self) -> None:
        """Write the visits; on failure they are lost, and the next one in a minute is noted again."""
        try:
            await self.write_visits()
        except (DomainError, asyncpg.PostgresError) as error:
            _log.warning("identity.browser_visits_not_written", reason=str(error))
