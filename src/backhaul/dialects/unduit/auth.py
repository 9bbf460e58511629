"""`Authorization: Bearer <token>`; the token comes from login (contract §2.1)."""

from backhaul.domain.identity import Actor, Authenticator
from backhaul.domain.identity.errors import CredentialsMissing

SCHEME = "bearer "
_HINT = "send the header 'Authorization: Bearer YOUR-TOKEN'."


async def actor_of(header: str | None, *, authenticator: Authenticator, remote_address: str | None) -> Actor:
    """Return who calls, or refuse. No plan is asked for: this contract knows none."""
    if not header or header[: len(SCHEME)].lower() != SCHEME:
        raise CredentialsMissing(hint=_HINT)
    return await authenticator.by_token(header[len(SCHEME) :].strip(), remote_address)
