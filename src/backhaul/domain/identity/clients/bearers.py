"""Who calls with a client's token.

Signatures are checked with keys this process knows; that client, member and token still stand is looked up in one
statement and trusted for 30 seconds at most (design rule 13).
"""

import time
from collections.abc import Callable
from uuid import UUID

import msgspec

from backhaul.domain.identity.cache import CredentialCache, Notice
from backhaul.domain.identity.clients import tokens
from backhaul.domain.identity.clients.cache import LiveClientToken
from backhaul.domain.identity.clients.credentials import hash_of_secret
from backhaul.domain.identity.clients.errors import ClientRefused
from backhaul.domain.identity.clients.keyring import Keyring
from backhaul.domain.identity.clients.model import ClientCaller, KnownClient
from backhaul.domain.identity.clients.queries import FIND_BEARER, find_known_client
from backhaul.domain.identity.clients.rows import caller_from
from backhaul.domain.identity.clients.tokens import AccessClaims
from backhaul.domain.identity.errors import CredentialsInvalid, TokenExpired, TokenRevoked
from backhaul.domain.identity.throttle import Throttle, address_name
from backhaul.kernel.clock import Clock
from backhaul.storage.database import Database


class ClientSettings(msgspec.Struct, frozen=True):
    """Who issues tokens, for whom, and how long they live."""

    issuer: str = "http://127.0.0.1:8000"
    token_seconds: int = 315_360_000  # contract BoxC §3.2: 10 years
    id_token_seconds: int = 3_600  # says who has signed in just now
    code_seconds: int = (
        60  # the browser carries it to the client at once (RFC 6749 §4.1.2: at most ten minutes)
    )
    keys_held_seconds: float = 30.0
    look_again_seconds: float = 5.0  # between two searches for keys nobody knows

    @property
    def audience(self) -> str:
        """What an access token opens."""
        return f"{self.issuer}/v1"


class ClientBearers:
    """Knows clients and who calls with their tokens. Part of the process's `Authenticator`."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        settings: ClientSettings,
        cache: CredentialCache[LiveClientToken],
        throttle: Throttle,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._clock = clock
        self.settings = settings
        self._cache = cache
        self._throttle = throttle
        self._ticks = ticks
        self.keys = Keyring(
            db,
            clock=clock,
            held_seconds=settings.keys_held_seconds,
            look_again_seconds=settings.look_again_seconds,
            ticks=ticks,
        )

    def heed(self, notice: Notice) -> None:
        """Trust nothing any more that the notice is about."""
        self._cache.heed(notice)
        if notice == Notice():
            self.keys.forget()

    async def by_token(self, token: str, remote_address: str | None) -> ClientCaller:
        """Return who calls, or refuse: `CredentialsInvalid`, `TokenExpired`, `TokenRevoked`, `TooManyAttempts`.

        Only what is no token of ours counts as a failure, and only that is slowed.
        """
        token_hash = tokens.hash_of(token)
        entry = None if token_hash is None else self._cache.find(token_hash)
        if token_hash is None or entry is None or not self._cache.is_fresh(entry):
            entry = await self._look_up(token, token_hash, remote_address)
        if entry.expires_at <= self._clock.now():
            raise TokenExpired
        return entry.caller

    async def by_secret(self, *, client_id: str, secret: str, remote_address: str | None) -> KnownClient:
        """Return the client, or refuse: `ClientRefused`, `TooManyAttempts`."""
        counted = address_name(remote_address, tried="key")
        self._throttle.check(counted)
        secret_hash = hash_of_secret(secret)
        found = None if secret_hash is None else await find_known_client(self._db, client_id=client_id)
        # Hashes of random secrets: how long a comparison takes tells nothing of use.
        if found is None or found.secret_hash != secret_hash:
            self._throttle.fail(counted)
            raise ClientRefused
        return found

    async def read(self, token: str) -> tuple[UUID, AccessClaims] | None:
        """Return a genuine access token's key and claims, whether or not it has expired or ended."""
        key_id = tokens.key_id_of(token)
        key = None if key_id is None else await self.keys.find(key_id)
        if key is None:
            return None
        settings = self.settings
        claims = tokens.verified(token, key, issuer=settings.issuer, audience=settings.audience)
        return None if claims is None else (key.id, claims)

    async def _look_up(
        self, token: str, token_hash: bytes | None, remote_address: str | None
    ) -> LiveClientToken:
        read = await self.read(token)
        if token_hash is None or read is None:
            self._throttle.charge(address_name(remote_address, tried="token"))
            raise CredentialsInvalid
        _, claims = read
        if claims.expires_at <= self._clock.now():
            raise TokenExpired
        if self._cache.is_refused(token_hash):
            raise TokenRevoked
        generation = self._cache.generation
        asked_at = self._ticks()
        async with self._db.lookup() as lookup:
            row = await lookup.fetchrow(FIND_BEARER, claims.client_id, claims.jti)
        if row is None:  # the key was withdrawn, and no notice has come
            self.keys.forget()
            raise CredentialsInvalid
        if row["is_revoked"]:
            self._cache.refuse(token_hash, generation=generation)
            raise TokenRevoked
        entry = LiveClientToken(caller_from(row), claims.expires_at, looked_up_at=asked_at)
        self._cache.keep(token_hash, entry, generation=generation)
        return entry
