"""The keys of clients' tokens as this process knows them. All processes share them in PostgreSQL."""

import asyncio
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from joserfc.jwk import RSAKey

from backhaul.domain.identity.clients import sealing
from backhaul.domain.identity.clients.queries import ADD_FIRST_KEY, FIND_KEYS
from backhaul.domain.identity.clients.tokens import SigningPair, VerifyingKey
from backhaul.kernel.clock import Clock
from backhaul.kernel.errors import Unavailable
from backhaul.storage.database import Database
from backhaul.storage.installation_secrets import find_secret

_LONG_AGO = float("-inf")


class _Keys(msgspec.Struct, frozen=True):
    """What one reading found."""

    verifying: dict[UUID, VerifyingKey] = {}
    pair: SigningPair | None = None


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
        self._kept = _Keys()
        self._read_at = _LONG_AGO
        self._generation = 0
        self._reading = asyncio.Lock()

    async def current(self) -> SigningPair:
        """Return the key to sign with."""
        keys = await self._keys_unless_older_than(self._held_seconds, makes_first=True)
        if keys.pair is None:
            raise Unavailable(what="The signing key")
        return keys.pair

    async def find(self, key_id: UUID) -> VerifyingKey | None:
        """Return the key of this id; an unknown one makes us look again, but not more often than every few seconds."""
        known = self._kept.verifying.get(key_id)
        if known is not None:
            return known
        keys = await self._keys_unless_older_than(self._look_again_seconds)
        return keys.verifying.get(key_id)

    async def published(self) -> list[dict[str, Any]]:
        """Return the public keys that verify tokens, the one that signs first (RFC 7517 §5)."""
        keys = await self._keys_unless_older_than(self._held_seconds, makes_first=True)
        return [key.published for key in keys.verifying.values()]

    def forget(self) -> None:
        """Read the keys anew before the next use."""
        self._generation += 1
        self._kept = _Keys()
        self._read_at = _LONG_AGO

    async def _keys_unless_older_than(self, seconds: float, *, makes_first: bool = False) -> _Keys:
        async with self._reading:
            asked_at = self._ticks()
            kept = self._kept
            if asked_at - self._read_at < seconds and not (makes_first and kept.pair is None):
                return kept
            generation = self._generation
            rows = await self._rows()
            if makes_first and not any(row["sealed_private_key"] for row in rows):
                await self._make_first()
                rows = await self._rows()
            keys = await self._opened(rows, kept)
            # Overtaken by a notice, which every process gets when it begins to listen, they serve whoever asked and
            # nobody else: the next reads them again.
            if generation == self._generation:
                self._kept, self._read_at = keys, asked_at
            return keys

    async def _rows(self) -> list[Any]:
        async with self._db.lookup() as lookup:
            rows: list[Any] = await lookup.fetch(FIND_KEYS, self._clock.now())
        return rows

    async def _make_first(self) -> None:
        made = await sealing.make_pair(await find_secret(self._db, sealing.SECRET_NAME))
        arguments = (made.id, made.public_key, made.sealed_private_key, self._clock.now())
        async with self._db.lookup() as lookup:
            await lookup.execute(ADD_FIRST_KEY, *arguments)

    async def _opened(self, rows: list[Any], kept: _Keys) -> _Keys:
        verifying = {
            row["id"]: kept.verifying.get(row["id"])
            or VerifyingKey(row["id"], RSAKey.import_key(row["public_key"]), row["public_key"])
            for row in rows
        }
        current = next((row for row in rows if row["sealed_private_key"] is not None), None)
        if current is None:
            return _Keys(verifying, None)
        if kept.pair is not None and kept.pair.id == current["id"]:
            return _Keys(verifying, kept.pair)
        secret = await find_secret(self._db, sealing.SECRET_NAME)
        return _Keys(
            verifying, SigningPair(current["id"], sealing.unsealed(current["sealed_private_key"], secret))
        )
