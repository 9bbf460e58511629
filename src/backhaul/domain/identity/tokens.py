"""Access tokens: signed claims that name an account and an organization (RFC 7519, by HS256 alone).

A token is believed for what it names and until when. What its bearer may do is asked of the database: see `sessions`.
"""

import base64
import binascii
import hashlib
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

ALGORITHM: Literal["HS256"] = "HS256"
MAX_LENGTH = 4096  # ours stay below 2,000 even with the longest address

_ALLOWED = [ALGORITHM]


class SigningKey(msgspec.Struct, frozen=True):
    """A key of the installation."""

    id: UUID
    secret: OctKey
    is_current: bool  # signs; the others only verify


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a token is signed. Whatever else somebody writes there is refused before anything is computed."""

    alg: Literal["HS256"]
    typ: Literal["JWT"]
    kid: UUID


class Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a token says: these claims and no others (contract §2.1)."""

    id: int  # the account's number
    email: str
    company_id: int  # the organization's number
    iat: int  # seconds since 1970
    exp: int

    @property
    def issued_at(self) -> datetime:
        """The whole second it counts from."""
        return datetime.fromtimestamp(self.iat, UTC)

    @property
    def expires_at(self) -> datetime:
        """The instant from which it is not valid any more."""
        return datetime.fromtimestamp(self.exp, UTC)


class Bearer(msgspec.Struct, frozen=True):
    """Whom a token is for."""

    user_number: int
    email: str
    org_number: int
    valid_from: datetime  # tokens issued earlier have ended


def claims_for(bearer: Bearer, *, now: datetime, lifetime_seconds: int) -> Claims:
    """Return what a token issued now says.

    `iat` counts whole seconds, and the account's `valid_from` microseconds. Rounded down, a token issued half a
    second after a change of password would look older than the change. So it is issued at the next whole second
    where the change was in this one; a token issued before stays older, as ends lie behind what was issued.
    """
    issued_at = max(_whole_second_before(now), _whole_second_after(bearer.valid_from))
    return Claims(
        id=bearer.user_number,
        email=bearer.email,
        company_id=bearer.org_number,
        iat=issued_at,
        exp=issued_at + lifetime_seconds,
    )


def has_ended(claims: Claims, valid_from: datetime) -> bool:
    """Tell whether a token was issued before its account's or membership's tokens began to count."""
    return claims.iat < _whole_second_after(valid_from)


def sign(claims: Claims, key: SigningKey) -> str:
    """Return the token."""
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": str(key.id)}
    return jwt.encode(header, msgspec.to_builtins(claims), key.secret, algorithms=_ALLOWED)


def hash_of(token: str) -> bytes | None:
    """Return the SHA-256 a token is remembered by; None for what cannot be one of ours."""
    if len(token) > MAX_LENGTH or not token.isascii():
        return None
    return hashlib.sha256(token.encode()).digest()


def key_id_of(token: str) -> UUID | None:
    """Return which key a token claims to be signed with; None when its header is not one we write."""
    if hash_of(token) is None:
        return None
    header, *rest = token.split(".")
    if len(rest) != 2:  # noqa: PLR2004 -- claims and signature
        return None
    try:
        # Python skips characters that are no base64; the signature is over the text as it stands, so no harm.
        decoded = base64.urlsafe_b64decode(header + "=" * (-len(header) % 4))
        return msgspec.json.decode(decoded, type=Header).kid
    except (binascii.Error, msgspec.DecodeError, UnicodeDecodeError):
        return None


def verified(token: str, key: SigningKey) -> Claims | None:
    """Return what a token says if this key signed it. Whether it has expired is the caller's question."""
    try:
        signed = jws.deserialize_compact(token, key.secret, algorithms=_ALLOWED)
        return msgspec.json.decode(signed.payload or b"", type=Claims)
    except (JoseError, ValueError, msgspec.DecodeError):  # the last: claims of another release
        return None


def _whole_second_before(instant: datetime) -> int:
    return int(instant.replace(microsecond=0).timestamp())


def _whole_second_after(instant: datetime) -> int:
    return _whole_second_before(instant) + (instant.microsecond > 0)
