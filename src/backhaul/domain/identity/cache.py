"""What a process remembers of the credentials it has looked up: for 30 seconds, and no longer than a notice."""

import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Generic, Protocol, TypeVar
from uuid import UUID

import msgspec

from backhaul.domain.identity.model import Actor, ApiKeyId

_LONG_AGO = float("-inf")


class Notice(msgspec.Struct, frozen=True):
    """Whose rights changed: everything that matches all the ids given. No id at all means everybody's."""

    org_id: UUID | None = None
    user_id: UUID | None = None
    api_key_id: UUID | None = None
    client_id: UUID | None = None


class Held(Protocol):
    """A credential as the database last described it, and when that was."""

    looked_up_at: float  # tick before the look-up was sent: what it says may be that old

    def concerns(self, notice: Notice) -> bool:
        """Tell whether a notice is about this credential."""


Entry = TypeVar("Entry", bound=Held)


class LiveKey(msgspec.Struct):
    """An API key."""

    api_key_id: ApiKeyId
    actor: Actor
    expires_at: datetime | None
    networks: tuple[IPv4Network | IPv6Network, ...]
    use_noted_at: datetime | None
    looked_up_at: float

    def concerns(self, notice: Notice) -> bool:
        return (
            notice.org_id in {None, self.actor.org_id}
            and notice.user_id in {None, self.actor.user_id}
            and notice.api_key_id in {None, self.api_key_id}
            and notice.client_id is None
        )


class LiveToken(msgspec.Struct):
    """An access token."""

    actor: Actor
    expires_at: datetime
    looked_up_at: float

    def concerns(self, notice: Notice) -> bool:
        return (
            notice.org_id in {None, self.actor.org_id}
            and notice.user_id in {None, self.actor.user_id}
            and notice.api_key_id is None
            and notice.client_id is None
        )


class CredentialCache(Generic[Entry]):
    """Known and refused credentials by their SHA-256, both bounded; the longest unused go first.

    One past its time stays as a stale entry: it is not trusted, only known to have been good.
    """

    def __init__(
        self,
        *,
        capacity: int,
        held_seconds: float,
        refused_capacity: int,
        refused_seconds: float,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._capacity = capacity
        self._held_seconds = held_seconds
        self._refused_capacity = refused_capacity
        self._refused_seconds = refused_seconds
        self._ticks = ticks
        self._live: OrderedDict[bytes, Entry] = OrderedDict()
        self._refused: OrderedDict[bytes, float] = OrderedDict()
        self.generation = 0  # grows with every notice: an answer asked for before one is not kept after it

    def find(self, secret_hash: bytes) -> Entry | None:
        """Return the entry, stale or not."""
        entry = self._live.get(secret_hash)
        if entry is not None:
            self._live.move_to_end(secret_hash)
        return entry

    def is_fresh(self, entry: Entry) -> bool:
        """Tell whether an entry may be trusted without asking again."""
        return self._ticks() - entry.looked_up_at < self._held_seconds

    def is_refused(self, secret_hash: bytes) -> bool:
        """Tell whether the database refused this hash a moment ago."""
        until = self._refused.get(secret_hash)
        if until is None:
            return False
        if self._ticks() < until:
            return True
        del self._refused[secret_hash]
        return False

    def keep(self, secret_hash: bytes, entry: Entry, *, generation: int) -> None:
        """Remember an answer, unless a notice came after the question (`generation`) was asked."""
        if generation != self.generation:
            return
        self._live[secret_hash] = entry
        self._live.move_to_end(secret_hash)
        if len(self._live) > self._capacity:
            self._live.popitem(last=False)

    def refuse(self, secret_hash: bytes, *, generation: int) -> None:
        """Remember a refusal for a moment, and forget the credential."""
        self._live.pop(secret_hash, None)
        if generation != self.generation:
            return
        self._refused[secret_hash] = self._ticks() + self._refused_seconds
        self._refused.move_to_end(secret_hash)
        if len(self._refused) > self._refused_capacity:
            self._refused.popitem(last=False)

    def heed(self, notice: Notice) -> None:
        """Trust nothing any more that the notice is about."""
        self.generation += 1
        self._refused.clear()
        for entry in self._live.values():
            if entry.concerns(notice):
                entry.looked_up_at = _LONG_AGO
