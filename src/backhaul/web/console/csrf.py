"""Whether a posted form is one of ours: a token made of the session's secret, masked anew for every page.

The mask keeps a compressed page from telling its token to who can make the browser load it again and again (BREACH).
"""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from backhaul.kernel.errors import DomainError, Kind

FIELD = "csrf"
LENGTH = 32
_LONGEST_HOST = 253
_HOST = re.compile(rf"https?://[a-zA-Z0-9.:\[\]_-]{{1,{_LONGEST_HOST}}}")
_FRIENDLY = frozenset({"same-origin", "none"})  # "none": typed or reloaded by the person


class FormForged(DomainError):
    """The form carries no token of this session, or another site sent it."""

    code = "http.form_forged"
    kind = Kind.FORBIDDEN
    message = (
        "This form was not sent from a page of yours, or the page was too old. Nothing was changed. "
        "Go back, reload the page, and send it again."
    )


class HostMismatch(DomainError):
    """The browser asked for another host than the one that arrived here: a proxy in between replaces it."""

    code = "http.host_mismatch"
    kind = Kind.FORBIDDEN
    message = (
        "Your browser sent this form from {origin}, but it arrived here for {host}, so nothing was changed. If you "
        "opened a page of this installation, whoever runs it must have the reverse proxy pass the Host header on "
        "unchanged, and set http.base_url to the address in your browser (docs/operations.md)."
    )


def masked(secret: bytes) -> str:
    """Return a token for one page."""
    pad = secrets.token_bytes(LENGTH)
    return base64.urlsafe_b64encode(pad + _xor(pad, secret)).decode().rstrip("=")


def is_token_of(secret: bytes, token: str) -> bool:
    """Tell whether a token was made of this secret."""
    if len(token) > 4 * LENGTH or not token.isascii():
        return False
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return False
    return len(raw) == 2 * LENGTH and hmac.compare_digest(_xor(raw[:LENGTH], raw[LENGTH:]), secret)


def require_from_here(scope: Mapping[str, Any]) -> None:
    """Refuse what another site sent; where the browser says it was this one, its `Host` was lost on the way."""
    if comes_from_here(scope):
        return
    headers = _headers(scope)
    origin, host = headers.get(b"origin", ""), headers.get(b"host", "")
    if headers.get(b"sec-fetch-site", "same-origin") in _FRIENDLY and _HOST.fullmatch(origin):
        raise HostMismatch(origin=origin, host=host[:_LONGEST_HOST] or "no host")
    raise FormForged


def _headers(scope: Mapping[str, Any]) -> dict[bytes, str]:
    return {key: value.decode("latin-1") for key, value in scope["headers"]}


def comes_from_here(scope: Mapping[str, Any]) -> bool:
    """Tell whether the browser says that a page of this host sent the request; older ones say nothing."""
    headers = _headers(scope)
    site = headers.get(b"sec-fetch-site")
    if site is not None and site not in _FRIENDLY:
        return False
    origin = headers.get(b"origin")
    if origin is None:
        return True
    try:
        host = urlsplit(origin).netloc
    except ValueError:  # such as a bracket that is never closed
        return False
    return bool(host) and host == headers.get(b"host")


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
