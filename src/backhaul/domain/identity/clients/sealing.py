"""Signing keys at rest: the private half is encrypted, so that no statement and no log of statements shows it."""

import asyncio
from typing import Any
from uuid import UUID

import msgspec
from joserfc import jwe
from joserfc.jwk import OctKey, RSAKey

from backhaul.domain.identity.clients.tokens import ALGORITHM
from backhaul.kernel.ids import new_id

SECRET_NAME = "client_keys"  # noqa: S105 -- the name of one
BITS = 2048

_HEADER = {"alg": "dir", "enc": "A256GCM"}


class NewPair(msgspec.Struct, frozen=True):
    """A pair just made, as it is stored."""

    id: UUID
    public_key: dict[str, Any]
    sealed_private_key: str


async def make_pair(secret: bytes) -> NewPair:
    """Return a new pair. Takes a few hundred milliseconds, in a thread."""
    key = await asyncio.to_thread(RSAKey.generate_key, BITS)
    key_id = new_id()
    published = {**key.as_dict(private=False), "kid": str(key_id), "use": "sig", "alg": ALGORITHM}
    sealed = jwe.encrypt_compact(_HEADER, key.as_pem(private=True), OctKey.import_key(secret))
    return NewPair(key_id, published, sealed)


def unsealed(sealed: str, secret: bytes) -> RSAKey:
    """Return the private key."""
    return RSAKey.import_key(jwe.decrypt_compact(sealed, OctKey.import_key(secret)).plaintext or b"")
