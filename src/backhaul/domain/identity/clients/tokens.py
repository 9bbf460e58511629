"""Clients' tokens: claims signed with RS256 and no other algorithm (RFC 7519, contract BoxC §3.2).

An access token is believed for what it names and until when; what its bearer may do is asked of the database. An id
token tells the client who has signed in (OpenID Connect Core §2): its audience is the client, so that it opens nothing.
"""

import base64
import binascii
import hashlib
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

ALGORITHM: Literal["RS256"] = "RS256"
MAX_LENGTH = 4096
PARTS = 3

_ALLOWED = [ALGORITHM]


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a token is signed. Whatever else somebody writes there is refused before anything is computed."""

    alg: Literal["RS256"]
    typ: Literal["JWT"]
    kid: UUID


class AccessClaims(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an access token says: these claims and no others."""

    iss: str
    iat: int  # seconds since 1970
    exp: int
    aud: str
    sub: str  # the account's number
    client_id: str
    scope: str  # separated by blanks
    jti: UUID

    @property
    def expires_at(self) -> datetime:
        """The instant from which it is not valid any more."""
        return datetime.fromtimestamp(self.exp, UTC)


class IdClaims(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an id token says."""

    iss: str
    iat: int
    exp: int
    aud: str  # the client's id
    sub: str
    nonce: str | None = None
    email: str | None = None


class SigningPair(msgspec.Struct, frozen=True):
    """A key that signs."""

    id: UUID
    private: RSAKey


class VerifyingKey(msgspec.Struct, frozen=True):
    """A key that verifies, as it is published."""

    id: UUID
    public: RSAKey
    published: dict[str, Any]  # RFC 7517


def sign(claims: msgspec.Struct, pair: SigningPair) -> str:
    """Return the token. Takes about a millisecond."""
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": str(pair.id)}
    return jwt.encode(header, msgspec.to_builtins(claims), pair.private, algorithms=_ALLOWED)


def hash_of(token: str) -> bytes | None:
    """Return the SHA-256 a token is remembered by; None for what cannot be one of ours."""
    if len(token) > MAX_LENGTH or not token.isascii():
        return None
    return hashlib.sha256(token.encode()).digest()


def key_id_of(token: str) -> UUID | None:
    """Return which key a token claims to be signed with; None when its header is not one we write."""
    header, *rest = token.split(".")
    if hash_of(token) is None or len(rest) != PARTS - 1:
        return None
    try:
        decoded = base64.urlsafe_b64decode(header + "=" * (-len(header) % 4))
        return msgspec.json.decode(decoded, type=Header).kid
    except (binascii.Error, msgspec.DecodeError, UnicodeDecodeError):
        return None


def verified(token: str, key: VerifyingKey, *, issuer: str, audience: str) -> AccessClaims | None:
    """Return what an access token of this issuer says if this key signed it. Expiry is the caller's question."""
    try:
        signed = jws.deserialize_compact(token, key.public, algorithms=_ALLOWED)
        claims = msgspec.json.decode(signed.payload or b"", type=AccessClaims)
    except (JoseError, ValueError, msgspec.DecodeError):
        return None
    return claims if (claims.iss, claims.aud) == (issuer, audience) else None


def challenge_of(verifier: str) -> str:
    """Return what a code verifier must have been announced as (RFC 7636 §4.2, S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
