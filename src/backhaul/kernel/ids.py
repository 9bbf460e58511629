"""Ids: UUIDv7, so that new rows land at the end of their index. Clients treat them as opaque."""

import secrets
import time
from typing import NewType
from uuid import UUID

OrgId = NewType("OrgId", UUID)
UserId = NewType("UserId", UUID)

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_RANDOM_LOW_MASK = (1 << 62) - 1


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562 §5.7): 48 bits of unix milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    high = random >> 62
    return UUID(int=(milliseconds << 80) | _VERSION_7 | (high << 64) | _VARIANT | (random & _RANDOM_LOW_MASK))
