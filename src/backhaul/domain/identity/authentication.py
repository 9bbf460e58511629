"""Who is calling: from the secret of an API key or an access token to an `Actor`, on every request.

A key is looked up by its hash in one statement and then trusted for 30 seconds at most; a revocation notice
ends that within moments (design rule 13). Expiry and network are checked on every call. Tokens: see `sessions`.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any

import asyncpg
import msgspec
import structlog

from backhaul.domain.identity import credentials
from backhaul.domain.identity.cache import CredentialCache, LiveKey, LiveToken, Notice
from backhaul.domain.identity.clients.bearers import ClientBearers, ClientSettings
from backhaul.domain.identity.clients.cache import LiveClientToken
from backhaul.domain.identity.errors import CredentialsInvalid
from backhaul.domain.identity.model import Actor, ApiKeyId, Plan, Role, rights_of
from backhaul.domain.identity.queries import FIND_API_KEY
from backhaul.domain.identity.revocations import RevocationListener
from backhaul.domain.identity.sessions import Sessions, SessionSettings
from backhaul.domain.identity.tables import NOTE_USES
from backhaul.domain.identity.throttle import Throttle, ThrottleSettings, address_name
from backhaul.domain.identity.tokens import Bearer
from backhaul.kernel.clock import Clock
from backhaul.kernel.errors import DomainError
from backhaul.kernel.ids import OrgId, UserId
from backhaul.storage.database import Database
from backhaul.storage.history import Author

_BETWEEN_NOTED_USES = timedelta(minutes=1)

_log = structlog.get_logger()


class AuthenticationSettings(msgspec.Struct, frozen=True):
    """How long answers are trusted and how failures are slowed."""

    held_seconds: float = 30.0  # design rule 13: never more
    capacity: int = 10_000  # keys, and as many tokens; about 1 KB each
    refused_seconds: float = 5.0
    refused_capacity: int = 4_096
    uses_written_every_seconds: float = 10.0
    throttle: ThrottleSettings = ThrottleSettings()
    sessions: SessionSettings = SessionSettings()
    clients: ClientSettings = ClientSettings()


class Authenticator:
    """Knows who calls. One per process: `start` it, and `close` it before the database."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        settings: AuthenticationSettings,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._clock = clock
        self._settings = settings
        self._ticks = ticks  # ages are not measured by the clock: that one can be set back
        self._cache: CredentialCache[LiveKey] = self._make_cache()
        self.throttle = Throttle(settings.throttle, ticks=ticks)
        tokens: CredentialCache[LiveToken] = self._make_cache()
        self._sessions = Sessions(
            db, clock=clock, settings=settings.sessions, cache=tokens, throttle=self.throttle, ticks=ticks
        )
        of_clients: CredentialCache[LiveClientToken] = self._make_cache()
        self.clients = ClientBearers(
            db,
            clock=clock,
            settings=settings.clients,
            cache=of_clients,
            throttle=self.throttle,
            ticks=ticks,
        )
        self.revocations = RevocationListener(db, self._heed)
        self._uses: dict[ApiKeyId, tuple[OrgId, datetime]] = {}
        self._writer: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen for revocations and to write down uses. Does not wait for PostgreSQL."""
        self.revocations.start()
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_uses_always(), name="identity.key_uses")

    async def close(self) -> None:
        """Stop, and write down the uses not yet written."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
        await self.revocations.close()
        await self._try_to_write_uses()

    async def by_api_key(self, secret: str, remote_address: str | None) -> Actor:
        """Return who calls, or refuse with `CredentialsInvalid` or `TooManyAttempts`.

        A key that was good before is never slowed by the failures of others behind the same address.
        """
        key_hash = credentials.hash_of(secret)
        if key_hash is None:
            raise self._failure(remote_address)
        entry = self._cache.find(key_hash)
        if entry is None or not self._cache.is_fresh(entry):
            if entry is None:
                self.throttle.check(address_name(remote_address, tried="key"))
                if self._cache.is_refused(key_hash):
                    raise self._failure(remote_address)
            entry = await self._look_up(key_hash, seen=entry)
            if entry is None:
                raise self._failure(remote_address)
        now = self._clock.now()
        if entry.expires_at is not None and entry.expires_at <= now:
            raise self._failure(remote_address)
        if entry.networks and not _is_within(remote_address, entry):
            raise self._failure(remote_address)
        if entry.use_noted_at is None or now - entry.use_noted_at >= _BETWEEN_NOTED_USES:
            entry.use_noted_at = now
            self._uses[entry.api_key_id] = (entry.actor.org_id, now)
        return entry.actor

    async def by_token(self, token: str, remote_address: str | None) -> Actor:
        """Return who calls, or refuse: `CredentialsInvalid`, `TokenExpired`, `TokenRevoked`, `TooManyAttempts`."""
        return await self._sessions.by_token(token, remote_address)

    async def sign_in(self, *, email: str, password: str, remote_address: str | None) -> str:
        """Return an access token, or refuse with `SignInRefused` or `TooManyAttempts`."""
        return await self._sessions.sign_in(email=email, password=password, remote_address=remote_address)

    async def check_password(self, *, email: str, password: str, remote_address: str | None) -> Bearer:
        """Return whose address and password these are, or refuse with `SignInRefused` or `TooManyAttempts`."""
        return await self._sessions.check_password(
            email=email, password=password, remote_address=remote_address
        )

    async def refresh(self, *, token: str, remote_address: str | None) -> str:
        """Return a new token for an old one: refused with `RefreshRefused`, `RefreshRevoked`, `TooManyAttempts`."""
        return await self._sessions.refresh(token=token, remote_address=remote_address)

    async def write_uses(self) -> None:
        """Write when keys were last used: for each at most once a minute, outside any request."""
        uses, self._uses = self._uses, {}
        if not uses:
            return
        org_ids = [org_id for org_id, _ in uses.values()]
        async with self._db.system() as system:
            await system.execute(NOTE_USES, org_ids, list(uses), [at for _, at in uses.values()])

    def _failure(self, remote_address: str | None) -> DomainError:
        """Count a failure and return the refusal."""
        self.throttle.charge(address_name(remote_address, tried="key"))
        return CredentialsInvalid()

    def _heed(self, notice: Notice) -> None:
        self._cache.heed(notice)
        self._sessions.heed(notice)
        self.clients.heed(notice)

    def _make_cache(self) -> CredentialCache[Any]:
        return CredentialCache(
            capacity=self._settings.capacity,
            held_seconds=self._settings.held_seconds,
            refused_capacity=self._settings.refused_capacity,
            refused_seconds=self._settings.refused_seconds,
            ticks=self._ticks,
        )

    async def _look_up(self, key_hash: bytes, *, seen: LiveKey | None) -> LiveKey | None:
        generation = self._cache.generation
        asked_at = self._ticks()
        async with self._db.lookup() as lookup:
            row = await lookup.fetchrow(FIND_API_KEY, key_hash)
        if row is None:
            self._cache.refuse(key_hash, generation=generation)
            return None
        entry = _live_key_from(row, looked_up_at=asked_at)
        if seen is not None and seen.use_noted_at is not None:
            entry.use_noted_at = seen.use_noted_at
        self._cache.keep(key_hash, entry, generation=generation)
        return entry

    async def _write_uses_always(self) -> None:
        while True:
            await asyncio.sleep(self._settings.uses_written_every_seconds)
            await self._try_to_write_uses()

    async def _try_to_write_uses(self) -> None:
        """Write the uses; on failure they are lost, and the next use in a minute is noted again."""
        try:
            await self.write_uses()
        except (DomainError, asyncpg.PostgresError) as error:
            _log.warning("identity.key_uses_not_written", reason=str(error))


def _live_key_from(row: Any, *, looked_up_at: float) -> LiveKey:
    api_key_id = ApiKeyId(row["id"])
    actor = Actor(
        org_id=OrgId(row["org_id"]),
        plan=Plan(row["plan"]),
        user_id=UserId(row["user_id"]),
        user_email=row["user_email"],
        rights=rights_of(Role(row["role"]), row["scopes"]),
        author=Author(kind="api_key", id=api_key_id),
        org_number=row["org_number"],
    )
    return LiveKey(
        api_key_id=api_key_id,
        actor=actor,
        expires_at=row["expires_at"],
        networks=tuple(row["allowed_networks"]),
        use_noted_at=row["last_used_at"],
        looked_up_at=looked_up_at,
    )


def _is_within(remote_address: str | None, entry: LiveKey) -> bool:
    try:
        address = ip_address(remote_address or "")
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in entry.networks)
