"""Passwords at rest: Argon2id (RFC 9106, second recommended option), computed beside the event loop."""

import asyncio
import base64
import secrets
from collections.abc import Callable
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import HashingError, VerificationError, VerifyMismatchError

from backhaul.kernel.errors import FieldProblem, InvalidInput, Unavailable

MIN_LENGTH = 12
MAX_LENGTH = 1024  # longer ones would only cost memory

_HASHER = PasswordHasher()  # Argon2id; the cost is written into each hash, so it can grow later

Done = TypeVar("Done")


async def hash_password(password: str) -> str:
    """Return what to store for a password; refuses lengths outside 12 to 1024. Takes tens of milliseconds."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        text = f"must have {MIN_LENGTH} to {MAX_LENGTH} characters"
        raise InvalidInput([FieldProblem("password", "identity.password_length", text)])
    return await asyncio.to_thread(_HASHER.hash, password)


class PasswordComparer:
    """Compares passwords with hashes, few at a time: each comparison takes 64 MiB and tens of milliseconds."""

    def __init__(self, *, at_once: int, waiting: int) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._most_waiting = waiting
        self._waiting = 0

    async def matches(
        self, password: str, password_hash: str | None, *, check: Callable[[], None] = lambda: None
    ) -> bool:
        """Tell whether it is the password. Without a hash it is not, and to find out takes as long.

        `check` may still refuse when the comparison's turn has come.
        """
        if len(password) > MAX_LENGTH:
            return False
        if self._slots.locked() and self._waiting >= self._most_waiting:
            raise Unavailable(what="Sign-in")
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        return await self._in_slot(check, _matches, password, password_hash or _HASH_OF_NOTHING)

    async def rehashed(self, password: str, password_hash: str) -> str | None:
        """Return a hash at today's cost for the password this is the hash of.

        None where it has that cost, and while others want to be compared: the next sign-in comes.
        """
        if not _HASHER.check_needs_rehash(password_hash) or self._slots.locked():
            return None
        await self._slots.acquire()
        return await self._in_slot(lambda: None, _rehashed, password)

    async def _in_slot(self, check: Callable[[], None], work: Callable[..., Done], *given: str) -> Done:
        """Work in a thread, and give the slot back once it is done, even if the caller has gone away."""
        try:
            check()
            working = asyncio.get_running_loop().run_in_executor(None, work, *given)
        except BaseException:
            self._slots.release()
            raise
        working.add_done_callback(lambda _: self._slots.release())
        return await asyncio.shield(working)


def _matches(password: str, password_hash: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password.encode(errors="surrogatepass"))
    except VerifyMismatchError:
        return False
    except VerificationError as error:  # no memory for it at the moment: says nothing about the password
        raise Unavailable(what="Sign-in") from error


def _rehashed(password: str) -> str | None:
    try:
        return _HASHER.hash(password)
    except HashingError:  # no memory for it at the moment
        return None


def _hash_of_nothing() -> str:
    """Return a hash with today's cost that no password has: salt and hash are both random."""
    cost = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (_HASHER.salt_len, _HASHER.hash_len)
    )
    return f"$argon2id$v=19${cost}${salt}${digest}"


_HASH_OF_NOTHING = _hash_of_nothing()
