"""The secrets of clients and the codes given to them: random, shown once, stored as SHA-256.

A slow hash would add nothing: 256 random bits cannot be guessed.
"""

import hashlib
import re
import secrets

import msgspec

_SECRET = re.compile(r"bhc_[A-Za-z0-9_-]{43}")
_CODE = re.compile(r"[A-Za-z0-9_-]{43}")
_BYTES = 32


class NewClientSecret(msgspec.Struct, frozen=True):
    """A secret just made."""

    secret: str
    hash: bytes


def make_client_id() -> str:
    """Return a new public id."""
    return secrets.token_hex(16)


def make_secret() -> NewClientSecret:
    """Return a new client secret."""
    secret = f"bhc_{secrets.token_urlsafe(_BYTES)}"
    return NewClientSecret(secret, _sha256(secret))


def hash_of_secret(secret: str) -> bytes | None:
    """Return what a secret is stored as; None for what cannot be one of ours."""
    return _sha256(secret) if _SECRET.fullmatch(secret) else None


def make_code() -> tuple[str, bytes]:
    """Return a new authorization code and its hash."""
    code = secrets.token_urlsafe(_BYTES)
    return code, _sha256(code)


def hash_of_code(code: str) -> bytes | None:
    """Return what a code is stored as; None for what cannot be one of ours."""
    return _sha256(code) if _CODE.fullmatch(code) else None


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
