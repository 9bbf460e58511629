"""Nudges: "there is something to do", told after the commit and outside it.

A NOTIFY inside a transaction makes commits wait for one another; a nudge is sent by a statement of its own,
at most every 50 ms per process. It may be lost when the process dies: whoever waits for nudges also looks by
itself now and then.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

import asyncpg

SPACING_SECONDS = 0.05
CLOSING_SECONDS = 1.0

SEND = "SELECT pg_notify(channel, '') FROM unnest($1::text[]) AS channel"


class Nudger:
    """Gathers nudges and sends them in the background."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._waiting: set[str] = set()
        self._sender: asyncio.Task[None] | None = None
        self._is_closing = asyncio.Event()

    def send(self, channels: Iterable[str]) -> None:
        """Nudge whoever listens to these channels, soon and at most once."""
        self._waiting.update(channels)
        if self._waiting and (self._sender is None or self._sender.done()):
            self._sender = asyncio.create_task(self._send())

    async def close(self) -> None:
        """Send what waits, if that goes quickly, and stop."""
        self._is_closing.set()
        if self._sender is not None:
            await asyncio.wait({self._sender}, timeout=CLOSING_SECONDS)
            self._sender.cancel()

    async def _send(self) -> None:
        while self._waiting:
            channels, self._waiting = sorted(self._waiting), set()
            with suppress(Exception):  # the work is committed; it is only found later
                await self._pool.execute(SEND, channels)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_closing.wait(), SPACING_SECONDS)


async def listen(pool: asyncpg.Pool, channel: str, wake: asyncio.Event) -> None:
    """Set `wake` at every nudge, until the connection is lost: then raise."""
    lost = asyncio.Event()

    def note_loss(_: object) -> None:
        lost.set()

    def note_nudge(*_: object) -> None:
        wake.set()

    connection = await pool.acquire()
    try:
        connection.add_termination_listener(note_loss)
        await connection.add_listener(channel, note_nudge)
        wake.set()  # for whatever came while nobody listened
        await lost.wait()
        raise ConnectionResetError("the connection that listens for nudges was lost")
    finally:
        if not lost.is_set():
            connection.remove_termination_listener(note_loss)
            await connection.remove_listener(channel, note_nudge)
        await pool.release(connection)
