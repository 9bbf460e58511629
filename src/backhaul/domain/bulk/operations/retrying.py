"""What passes by itself is tried again: others write the same rows at the same moment."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg

from backhaul.domain.bulk.errors import BatchBusy
from backhaul.domain.bulk.model import Batch

ATTEMPTS = 5

# Somebody wrote the same serial numbers (judged again, those rows are updates), removed whom a row names, or holds rows
# for longer than a session waits.
_PASSING = (
    asyncpg.UniqueViolationError,
    asyncpg.ForeignKeyViolationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
)

Result = TypeVar("Result")


async def retrying(batch: Batch, step: Callable[[], Awaitable[Result]]) -> Result:
    """Run a step that is one transaction until it gets through; refuses when others are in the way each time."""
    for _ in range(ATTEMPTS - 1):
        try:
            return await step()
        except _PASSING:
            continue
    try:
        return await step()
    except _PASSING as error:
        raise BatchBusy(number=batch.number) from error
