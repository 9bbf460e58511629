"""Keep a loop going: whatever ends it, it is started again, less and less eagerly."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import asyncpg
import structlog

from backhaul.kernel.errors import Unavailable

logger = structlog.get_logger("backhaul.jobs")

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0
STEADY_SECONDS = 30.0  # a loop that held this long starts again at the first pause

_EXPECTED = (Unavailable, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


async def supervise(name: str, loop: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Run `loop` until it returns or `stop` is set; start it again when it fails."""
    clock = asyncio.get_running_loop()
    pause = FIRST_PAUSE_SECONDS
    while not stop.is_set():
        started = clock.time()
        try:
            await loop()
        except _EXPECTED as error:
            logger.warning("loop_interrupted", loop=name, reason=f"{type(error).__name__}: {error}")
        except Exception:
            logger.exception("loop_failed", loop=name)
        else:
            return
        if clock.time() - started > STEADY_SECONDS:
            pause = FIRST_PAUSE_SECONDS
        await wait_for(stop, pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


async def wait_for(event: asyncio.Event, seconds: float) -> None:
    """Wait until the event is set, or that long."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
