"""What a cookie holds: 256 random bits, of which the SHA-256 is stored."""

import hashlib
import re
import secrets

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_BYTES = 32


def make_token() -> tuple[str, bytes]:
    """Return a new token and what it is stored as."""
    token = secrets.token_urlsafe(_BYTES)
    return token, hashlib.sha256(token.encode()).digest()


def make_csrf_secret() -> bytes:
    """Return what a session's forms are recognised by."""
    return secrets.token_bytes(_BYTES)


def hash_of(token: str) -> bytes | None:
    """Return what a token is stored as; None for what cannot be one of ours."""
    return hashlib.sha256(token.encode()).digest() if _TOKEN.fullmatch(token) else None
