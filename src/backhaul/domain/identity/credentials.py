"""The secrets of API keys: how they are made, recognised and hashed.

A secret reads `bh_` + 8 public characters (a–z, 0–9) + `_` + 43 url-safe characters that carry 256 random
bits. `bh_` and the public characters are the key's prefix: kept in clear, so that a key can be told from
another in lists and logs. Of the secret only the SHA-256 is stored. A slow hash would add nothing: 256 random
bits cannot be guessed, and the hash is computed on every call.
"""

import hashlib
import re
import secrets
import string

import msgspec

_PUBLIC_ALPHABET = string.ascii_lowercase + string.digits
_PUBLIC_LENGTH = 8
_SECRET_BYTES = 32
_SHAPE = re.compile(r"bh_[a-z0-9]{8}_[A-Za-z0-9_-]{43}")


class NewSecret(msgspec.Struct, frozen=True):
    """A secret just made: shown once, then only prefix and hash remain."""

    secret: str
    prefix: str
    hash: bytes


def make_secret() -> NewSecret:
    """Return a new random secret."""
    public = "".join(secrets.choice(_PUBLIC_ALPHABET) for _ in range(_PUBLIC_LENGTH))
    prefix = f"bh_{public}"
    secret = f"{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    return NewSecret(secret, prefix, hashlib.sha256(secret.encode()).digest())


def hash_of(secret: str) -> bytes | None:
    """Return the SHA-256 a secret is stored under; None for what cannot be a secret of ours."""
    if _SHAPE.fullmatch(secret) is None:
        return None
    return hashlib.sha256(secret.encode()).digest()
