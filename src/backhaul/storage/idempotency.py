"""The idempotency store: a client that repeats a request with the same key gets the first answer again."""

import hashlib
from datetime import datetime

import asyncpg
import msgspec

from backhaul.kernel.errors import DomainError, Kind
from backhaul.storage.database import Reader, Scope, Tx
from backhaul.storage.rows import deleted

MAX_KEY_LENGTH = 255

FIND = "SELECT fingerprint, answer_status, answer FROM idempotency_keys WHERE org_id = $1 AND key = $2"
KEEP = """
INSERT INTO idempotency_keys (org_id, key, fingerprint, answer_status, answer, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""
FORGET = """
DELETE FROM idempotency_keys
WHERE (org_id, key) IN (SELECT org_id, key FROM idempotency_keys WHERE created_at < $1 LIMIT 5000)
"""


class IdempotencyKeyReused(DomainError):
    """The key was used before for a different request."""

    code = "idempotency.key_reused"
    kind = Kind.CONFLICT
    message = "This Idempotency-Key belongs to a different request. Use a new key for a new request."


class IdempotencyKeyInvalid(DomainError):
    """The key is empty or too long."""

    code = "idempotency.key_invalid"
    kind = Kind.INVALID
    message = "An Idempotency-Key has 1 to 255 characters."


class RaceLost(Exception):
    """Another request with the same key committed first."""


class Answer(msgspec.Struct, frozen=True):
    """What was answered the first time."""

    status: int
    body: bytes


def fingerprint(*parts: bytes) -> bytes:
    """Return what tells two requests apart: SHA-256 over its parts (method, path, body)."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def check_key(key: str) -> str:
    """Return the key, or refuse its length."""
    if not 1 <= len(key) <= MAX_KEY_LENGTH:
        raise IdempotencyKeyInvalid
    return key


async def find(reader: Reader, scope: Scope, *, key: str, mark: bytes) -> Answer | None:
    """Return the stored answer; refuses a key that was used for something else."""
    row = await reader.fetchrow(FIND, scope.org_id, key)
    if row is None:
        return None
    if row["fingerprint"] != mark:
        raise IdempotencyKeyReused
    return Answer(row["answer_status"], row["answer"])


async def keep(tx: Tx, *, key: str, mark: bytes, answer: Answer, at: datetime) -> None:
    """Store the answer in the transaction that earned it; raises `RaceLost` when another one was first."""
    try:
        await tx.execute(KEEP, tx.org_id, key, mark, answer.status, answer.body, at)
    except asyncpg.UniqueViolationError as error:
        raise RaceLost from error


async def forget_older_than(tx: Tx, instant: datetime) -> int:
    """Drop answers nobody will ask for again, at most 5,000 a call; return how many."""
    return deleted(await tx.execute(FORGET, instant))
