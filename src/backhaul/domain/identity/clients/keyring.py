"""The keys of clients' tokens as this process knows them. All processes share them in PostgreSQL."""

import asyncio
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from joserfc.jwk import RSAKey

from backhaul.domain.identity.clients import sealing
from backhaul.domain.identity.clients.queries import ADD_FIRST_KEY, FIND_KEYS
from backhaul.domain.identity.clients.tokens import SigningPair, VerifyingKey
from backhaul.kernel.clock import Clock
from backhaul.kernel.errors import Unavailable
from backhaul.storage.database import Database
from backhaul.storage.installation_secrets import find_secret

_LONG_AGO = float("-inf")


class Keyring:
    """Read once, and again after a notice; the installation's first key is made when the first is needed."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        held_seconds: float,
        look_again_seconds: float,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._clock = clock
        self._held_seconds = held_seconds
        self._look_again_seconds = look_again_seconds
        self._ticks = ticks
        self._known: dict[UUID, VerifyingKey] = {}
        self._pair: SigningPair | None = None
        self._read_at = _LONG_AGO
        self._generation = 0
        self._reading = asyncio.Lock()

    async def current(self) -> SigningPair:
        """Return the key to sign with."""
        await self._read_unless_younger_than(self._held_seconds, makes_first=True)
        if self._pair is None:
            raise Unavailable(what="The signing key")
        return self._pair

    async def find(self, key_id: UUID) -> VerifyingKey | None:
        """Return the key of this id; an unknown one makes us look again, but not more often than every few seconds."""
        if key_id not in self._known:
            await self._read_unless_younger_than(self._look_again_seconds)
        return self._known.get(key_id)

    async def published(self) -> list[dict[str, Any]]:
        """Return the public keys that verify tokens, the one that signs first (RFC 7517 §5)."""
        await self._read_unless_younger_than(self._held_seconds, makes_first=True)
        return [key.published for key in self._known.values()]

    def forget(self) -> None:
        """Read the keys anew before the next use."""
        self._generation += 1
        self._known = {}
        self._pair = None
        self._read_at = _LONG_AGO

    async def _read_unless_younger_than(self, seconds: float, *, makes_first: bool = False) -> None:
        async with self._reading:
            asked_at = self._ticks()
            if asked_at - self._read_at < seconds and not (makes_first and self._pair is None):
                return
            generation = self._generation
            rows = await self._rows()
            if makes_first and not any(row["sealed_private_key"] for row in rows):
                await self._make_first()
                rows = await self._rows()
            await self._keep(rows)
            # Overtaken by a notice they serve this once, and the next who asks reads them again.
            self._read_at = asked_at if generation == self._generation else _LONG_AGO

    async def _rows(self) -> list[Any]:
        async with self._db.lookup() as lookup:
            rows: list[Any] = await lookup.fetch(FIND_KEYS, self._clock.now())
        return rows

    async def _make_first(self) -> None:
        made = await sealing.make_pair(await find_secret(self._db, sealing.SECRET_NAME))
        arguments = (made.id, made.public_key, made.sealed_private_key, self._clock.now())
        async with self._db.lookup() as lookup:
            await lookup.execute(ADD_FIRST_KEY, *arguments)

    async def _keep(self, rows: list[Any]) -> None:
        known = self._known
        self._known = {
            row["id"]: known.get(row["id"])
            or VerifyingKey(row["id"], RSAKey.import_key(row["public_key"]), row["public_key"])
            for row in rows
        }
        current = next((row for row in rows if row["sealed_private_key"] is not None), None)
        if current is None:
            self._pair = None
        elif self._pair is None or self._pair.id != current["id"]:
            secret = await find_secret(self._db, sealing.SECRET_NAME)
            self._pair = SigningPair(current["id"], sealing.unsealed(current["sealed_private_key"], secret))
