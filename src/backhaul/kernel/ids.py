"""Ids: UUIDv7, so that new rows land at the end of their index. Clients treat them as opaque."""

import secrets
import threading
import time
from typing import NewType
from uuid import UUID

OrgId = NewType("OrgId", UUID)
UserId = NewType("UserId", UUID)

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_RANDOM_BITS = 74
_RANDOM_LOW_BITS = 62
_RANDOM_LOW_MASK = (1 << _RANDOM_LOW_BITS) - 1
_STEP_BITS = 48  # leaves room for millions of ids in one millisecond

_turn = threading.Lock()
_last = 0  # milliseconds and random bits of the newest id


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562 §5.7): 48 bits of unix milliseconds, 74 random bits.

    Ids of one process only grow, within a millisecond too (§6.2): what is listed by id is in order.
    """
    global _last  # noqa: PLW0603 -- one sequence for the process
    fresh = (time.time_ns() // 1_000_000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    with _turn:
        if fresh <= _last:
            fresh = _last + 1 + secrets.randbits(_STEP_BITS)
        _last = fresh
    milliseconds, high = fresh >> _RANDOM_BITS, fresh >> _RANDOM_LOW_BITS & 0xFFF
    return UUID(int=(milliseconds << 80) | _VERSION_7 | (high << 64) | _VARIANT | (fresh & _RANDOM_LOW_MASK))
