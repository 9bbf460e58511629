"""What an invitation's link carries: 256 random bits, kept as their SHA-256 alone. A slow hash would add nothing."""

import hashlib
import re
import secrets

_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def make_token() -> tuple[str, bytes]:
    """Return a new token and what it is stored as."""
    token = secrets.token_urlsafe(_BYTES)
    return token, hashlib.sha256(token.encode()).digest()


def hash_of(token: str) -> bytes | None:
    """Return what a token is stored as; None for what cannot be one of ours."""
    return hashlib.sha256(token.encode()).digest() if _TOKEN.fullmatch(token) else None
