"""The keys that access tokens are signed with, as this process knows them. All processes share them in PostgreSQL."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from joserfc.jwk import OctKey

from backhaul.domain.identity.queries import FIND_SIGNING_KEYS
from backhaul.domain.identity.tokens import SigningKey
from backhaul.kernel.clock import Clock
from backhaul.kernel.errors import Unavailable
from backhaul.storage.database import Database

_LONG_AGO = float("-inf")


class SigningKeys:
    """Read once, and again after a notice.

    That a key still verifies is told by the statement that asks about the token's bearer, so a known key may be old.
    Whoever signs wants the newest key, and reads them anew when what is known is `held_seconds` old.
    """

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        kept: timedelta,
        held_seconds: float,
        look_again_seconds: float,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._clock = clock
        self._kept = kept
        self._held_seconds = held_seconds
        self._look_again_seconds = look_again_seconds
        self._ticks = ticks
        self._known: dict[UUID, SigningKey] = {}
        self._read_at = _LONG_AGO
        self._generation = 0
        self._reading = asyncio.Lock()

    async def current(self) -> SigningKey:
        """Return the key to sign with."""
        keys = await self._keys_unless_older_than(self._held_seconds)
        for key in keys.values():
            if key.is_current:
                return key
        raise Unavailable(what="The signing key")

    async def find(self, key_id: UUID) -> SigningKey | None:
        """Return the key of this id; an unknown one makes us look again, but not more often than every few seconds."""
        known = self._known.get(key_id)
        if known is not None:
            return known
        keys = await self._keys_unless_older_than(self._look_again_seconds)
        return keys.get(key_id)

    def forget(self) -> None:
        """Read the keys anew before the next use."""
        self._generation += 1
        self._known = {}
        self._read_at = _LONG_AGO

    async def _keys_unless_older_than(self, seconds: float) -> dict[UUID, SigningKey]:
        async with self._reading:
            asked_at = self._ticks()
            if asked_at - self._read_at < seconds:
                return self._known
            generation = self._generation
            async with self._db.lookup() as lookup:
                rows = await lookup.fetch(FIND_SIGNING_KEYS, self._clock.now() - self._kept)
            keys = {
                row["id"]: SigningKey(
                    row["id"], OctKey.import_key(row["secret"]), is_current=row["retired_at"] is None
                )
                for row in rows
            }
            # Overtaken by a notice, which every process gets when it begins to listen, they serve whoever asked and
            # nobody else: the next reads them again.
            if generation == self._generation:
                self._known, self._read_at = keys, asked_at
            return keys
