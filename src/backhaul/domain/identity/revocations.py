"""Hears that somebody's rights changed: one connection that listens, whatever happens to PostgreSQL.

What happened while nobody listened is unknown, so every (re)connection counts as a notice about everybody.
"""

import asyncio
import contextlib
from collections.abc import Callable

import asyncpg
import msgspec
import structlog

from backhaul.domain.identity.cache import Notice
from backhaul.domain.identity.queries import PULSE
from backhaul.domain.identity.tables import CHANNEL
from backhaul.storage.database import Database

_FIRST_WAIT_SECONDS = 0.1
_LONGEST_WAIT_SECONDS = 5.0
_PULSE_SECONDS = 5.0  # a connection cut without a word is noticed by asking
_ANSWER_SECONDS = 5.0

_log = structlog.get_logger()


class RevocationListener:
    """Calls `heed` with every notice, from `start` to `close`."""

    def __init__(self, db: Database, heed: Callable[[Notice], None]) -> None:
        self._db = db
        self._heed = heed
        self._task: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()

    @property
    def is_listening(self) -> bool:
        """Tell whether notices arrive at the moment."""
        return self._listening.is_set()

    async def wait_until_listening(self) -> None:
        """Return as soon as notices arrive."""
        await self._listening.wait()

    def start(self) -> None:
        """Begin to listen, beside everything else; PostgreSQL need not be there yet."""
        if self._task is None:
            self._task = asyncio.create_task(self._listen_always(), name="identity.revocations")

    async def close(self) -> None:
        """Stop listening."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _listen_always(self) -> None:
        wait = _FIRST_WAIT_SECONDS
        while True:
            try:
                await self._listen_once()
                reason = "the connection ended"
            except Exception as error:  # noqa: BLE001 -- whatever it was, the next attempt may succeed
                reason = str(error) or type(error).__name__
            wait = _FIRST_WAIT_SECONDS if self._listening.is_set() else min(2 * wait, _LONGEST_WAIT_SECONDS)
            self._listening.clear()
            _log.warning("identity.listener_lost", reason=reason, next_attempt_seconds=wait)
            await asyncio.sleep(wait)

    async def _listen_once(self) -> None:
        """Listen until the connection ends."""
        pool = self._db.lookup_pool
        connection = await pool.acquire(timeout=_ANSWER_SECONDS)
        try:
            ended = asyncio.Event()
            connection.add_termination_listener(lambda _: ended.set())
            await connection.add_listener(CHANNEL, self._receive)
            self._heed(Notice())
            self._listening.set()
            while not ended.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), _PULSE_SECONDS)
                if not ended.is_set():
                    await connection.fetchval(PULSE, timeout=_ANSWER_SECONDS)
        finally:
            with contextlib.suppress(asyncpg.InterfaceError):  # it may have ended by itself
                connection.terminate()  # a connection that has listened is not lent to anybody else
            await pool.release(connection)

    def _receive(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        try:
            notice = msgspec.json.decode(str(payload), type=Notice)
        except msgspec.MsgspecError:
            notice = Notice()  # from another release: what it means is unknown, so it means everybody
        self._heed(notice)
