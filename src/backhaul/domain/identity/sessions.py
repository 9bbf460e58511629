"""Signing in with a password, and what the access tokens made by it are worth.

A token's signature says whom it names; whether account and membership still stand is looked up in one statement and
trusted for 30 seconds at most, exactly as with keys. Expiry is checked on every call.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from backhaul.domain.identity import tokens
from backhaul.domain.identity.cache import CredentialCache, LiveToken, Notice
from backhaul.domain.identity.errors import (
    CredentialsInvalid,
    RefreshRefused,
    RefreshRevoked,
    SignInRefused,
    TokenExpired,
    TokenRevoked,
)
from backhaul.domain.identity.model import Actor
from backhaul.domain.identity.passwords import PasswordComparer
from backhaul.domain.identity.queries import FIND_BEARER, FIND_SIGN_IN
from backhaul.domain.identity.rows import Row, bearer_from, token_actor_from
from backhaul.domain.identity.signing import SigningKeys
from backhaul.domain.identity.spelling import possible_email
from backhaul.domain.identity.statements import REGISTER_TOKEN, REPLACE_PASSWORD_HASH
from backhaul.domain.identity.throttle import Throttle, account_name, address_name
from backhaul.domain.identity.tokens import Bearer, Claims, SigningKey
from backhaul.kernel.clock import Clock
from backhaul.storage.database import Database


class SessionSettings(msgspec.Struct, frozen=True):
    """How long a token lives, and what comparing passwords may cost."""

    token_seconds: int = 14_400  # contract §2.1: 4 hours
    refresh_grace_seconds: int = 86_400  # how long an expired token can still be exchanged
    comparisons_at_once: int = 2  # 64 MiB each
    comparisons_waiting: int = 64  # a few seconds' worth; beyond, a person is better told to come back
    keys_held_seconds: float = 30.0  # whoever signs knows of a new key after that long, even without a notice
    look_again_seconds: float = 5.0  # between two searches for keys nobody knows


class Sessions:
    """Issues tokens, and knows who calls with one. Part of the process's `Authenticator`."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Clock,
        settings: SessionSettings,
        cache: CredentialCache[LiveToken],
        throttle: Throttle,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._clock = clock
        self._settings = settings
        self._cache = cache
        self._throttle = throttle
        self._ticks = ticks
        self._grace = timedelta(seconds=settings.refresh_grace_seconds)
        # A process that has not heard of a rotation may sign with the former key for that much longer.
        self._keys_kept = self._grace + timedelta(seconds=settings.token_seconds + settings.keys_held_seconds)
        self._keys = SigningKeys(
            db,
            clock=clock,
            kept=self._keys_kept,
            held_seconds=settings.keys_held_seconds,
            look_again_seconds=settings.look_again_seconds,
            ticks=ticks,
        )
        self._passwords = PasswordComparer(
            at_once=settings.comparisons_at_once, waiting=settings.comparisons_waiting
        )

    def heed(self, notice: Notice) -> None:
        """Trust nothing any more that the notice is about."""
        self._cache.heed(notice)
        if notice == Notice():
            self._keys.forget()

    async def by_token(self, token: str, remote_address: str | None) -> Actor:
        """Return who calls, or refuse: `CredentialsInvalid`, `TokenExpired`, `TokenRevoked`, `TooManyAttempts`.

        Only what is no token of ours counts as a failure, and only that is slowed.
        """
        token_hash = tokens.hash_of(token)
        entry = None if token_hash is None else self._cache.find(token_hash)
        if token_hash is None or entry is None or not self._cache.is_fresh(entry):
            entry = await self._look_up(token, token_hash, remote_address)
        if entry.expires_at <= self._clock.now():
            raise TokenExpired
        return entry.actor

    async def sign_in(self, *, email: str, password: str, remote_address: str | None) -> str:
        """Return a token for the account's default organization, or refuse with `SignInRefused`."""
        row = await self._match(email, password, remote_address)
        token = await self._issue(bearer_from(row), await self._keys.current())
        if token is None:  # another password by now, or no way in at all
            raise SignInRefused
        await self._keep_up_cost(row, password)
        return token

    async def check_password(self, *, email: str, password: str, remote_address: str | None) -> Bearer:
        """Return whose address and password these are, or refuse with `SignInRefused` or `TooManyAttempts`."""
        row = await self._match(email, password, remote_address)
        await self._keep_up_cost(row, password)
        return bearer_from(row)

    async def refresh(self, *, token: str, remote_address: str | None) -> str:
        """Return a new token for a valid or recently expired one, or refuse: `RefreshRefused`, `RefreshRevoked`.

        What the new token rests on is looked up now, never taken from what this process remembers.
        """
        read = await self._read(token)
        if read is None:
            self._throttle.charge(address_name(remote_address, tried="token"))
            raise RefreshRefused
        key_id, claims = read
        if claims.expires_at + self._grace <= self._clock.now():
            raise RefreshRefused
        key = (
            await self._keys.current()
        )  # first: if the old token's key leaks and is withdrawn, so is this one
        row = await self._find_bearer(key_id, claims)
        if row is None:
            self._keys.forget()
            raise RefreshRefused
        if _has_ended(claims, row):
            raise RefreshRevoked
        fresh = await self._issue(bearer_from(row), key)
        if fresh is None:
            raise RefreshRevoked
        return fresh

    async def _match(self, email: str, password: str, remote_address: str | None) -> Row:
        """Return the account that has this address and this password, or refuse."""
        folded = possible_email(email)
        counted = [address_name(remote_address, tried="password")]
        if folded is not None:
            counted.append(account_name(folded))
        self._throttle.check(*counted)
        row = None if folded is None else await self._find_sign_in(folded)
        is_right = await self._passwords.matches(
            password,
            None if row is None else row["password_hash"],
            check=partial(self._throttle.check, *counted),  # those in front of it may have failed meanwhile
        )
        if row is None or not is_right:
            self._throttle.fail(*counted)
            raise SignInRefused
        self._throttle.forgive(account_name(row["user_email"]))
        return row

    async def _look_up(self, token: str, token_hash: bytes | None, remote_address: str | None) -> LiveToken:
        read = await self._read(token)
        if token_hash is None or read is None:
            self._throttle.charge(address_name(remote_address, tried="token"))
            raise CredentialsInvalid
        key_id, claims = read
        if claims.expires_at <= self._clock.now():
            raise TokenExpired
        if self._cache.is_refused(token_hash):
            raise TokenRevoked
        generation = self._cache.generation
        asked_at = self._ticks()
        row = await self._find_bearer(key_id, claims)
        if row is None:  # the key was withdrawn, and no notice has come
            self._keys.forget()
            raise CredentialsInvalid
        if _has_ended(claims, row):
            self._cache.refuse(token_hash, generation=generation)
            raise TokenRevoked
        entry = LiveToken(token_actor_from(row), claims.expires_at, looked_up_at=asked_at)
        self._cache.keep(token_hash, entry, generation=generation)
        return entry

    async def _read(self, token: str) -> tuple[UUID, Claims] | None:
        """Return a genuine token's key and claims, whether or not it has expired."""
        key_id = tokens.key_id_of(token)
        key = None if key_id is None else await self._keys.find(key_id)
        claims = None if key is None else tokens.verified(token, key)
        return None if key is None or claims is None else (key.id, claims)

    async def _issue(self, bearer: Bearer, key: SigningKey) -> str | None:
        """Return a token that every later end of the bearer's tokens ends; None if there was one since the look-up.

        No lock is held while signing: `register_token`, in migration 0003, says why none is needed.
        """
        claims = tokens.claims_for(
            bearer, now=self._clock.now(), lifetime_seconds=self._settings.token_seconds
        )
        arguments = (bearer.user_number, bearer.org_number, bearer.valid_from, claims.issued_at)
        async with self._db.lookup() as lookup:
            is_registered = await lookup.fetchval(REGISTER_TOKEN, *arguments)
        return tokens.sign(claims, key) if is_registered else None

    async def _keep_up_cost(self, row: Row, password: str) -> None:
        """Store the password's hash anew if it was made at another cost than today's."""
        renewed = await self._passwords.rehashed(password, row["password_hash"])
        if renewed is not None:
            async with self._db.lookup() as lookup:
                await lookup.execute(REPLACE_PASSWORD_HASH, row["user_number"], row["password_hash"], renewed)

    async def _find_sign_in(self, email: str) -> Row | None:
        async with self._db.lookup() as lookup:
            row: Row | None = await lookup.fetchrow(FIND_SIGN_IN, email)
        return row

    async def _find_bearer(self, key_id: UUID, claims: Claims) -> Row | None:
        retired_after = self._clock.now() - self._keys_kept
        arguments: tuple[Any, ...] = (key_id, retired_after, claims.id, claims.company_id)
        async with self._db.lookup() as lookup:
            row: Row | None = await lookup.fetchrow(FIND_BEARER, *arguments)
        return row


def _has_ended(claims: Claims, row: Row) -> bool:
    """Tell whether the account is shut out, is no member any more, or ended its tokens after this one."""
    return row["user_id"] is None or tokens.has_ended(claims, row["valid_from"])
