"""What goes to an identity provider and comes back."""

import base64
import hashlib
import secrets
from datetime import datetime

import msgspec

_BYTES = 32


class ProviderSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the provider is, and as whom we ask it."""

    issuer: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...]
    redirect_uri: str


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One way to the provider and back; the browser carries it, sealed."""

    state: str  # comes back in the address: the answer belongs to this browser's question (RFC 6749 §10.12)
    nonce: str  # comes back in the token: it was made for this question (OpenID Connect Core §3.1.2.1)
    verifier: str  # proves that we asked (RFC 7636)
    next: str
    # Whoever comes back must have signed in there after this, less `freshness.LEEWAY`. None: whenever they did.
    fresh_after: datetime | None = None

    @property
    def challenge(self) -> str:
        """What the provider is told of the verifier (RFC 7636 §4.2, S256)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class Vouched(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the provider vouches for."""

    email: str  # verified
    proved_at: datetime | None  # when they signed in anew; None: they were not asked to


def make_attempt(next_path: str, *, fresh_after: datetime | None = None) -> Attempt:
    """Return a new attempt, each secret of it random."""
    state, nonce, verifier = (secrets.token_urlsafe(_BYTES) for _ in range(3))
    return Attempt(state=state, nonce=nonce, verifier=verifier, next=next_path, fresh_after=fresh_after)
