"""The cookies of the console: the session's, and one that the sign-in forms are recognised by."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

SESSION, ENTRANCE, ELSEWHERE = "backhaul", "backhaul_entrance", "backhaul_elsewhere"
MOST_BYTES = 8192


def name_of(cookie: str, *, is_secure: bool) -> str:
    """Return a cookie's name; over https no other site of the same domain can write it (RFC 6265bis §4.1.3.2)."""
    return f"__Host-{cookie}" if is_secure else cookie


def read(scope: Mapping[str, Any], cookie: str, *, is_secure: bool) -> str | None:
    """Return what a cookie holds; None where it is missing or unreadable."""
    name = name_of(cookie, is_secure=is_secure)
    sent = b"; ".join(value for key, value in scope["headers"] if key == b"cookie")
    for part in sent[:MOST_BYTES].decode("latin-1").split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value  # ours need no quotes
    return None


def written(cookie: str, value: str, *, is_secure: bool, lasting: timedelta) -> str:
    """Return the header that sets a cookie; no time left takes it away."""
    secure = "; Secure" if is_secure else ""
    seconds = max(0, int(lasting.total_seconds()))
    name = name_of(cookie, is_secure=is_secure)
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"
