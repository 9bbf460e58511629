"""`Authorization: Token <api key>`; the plan must include the API (contract §1.1)."""

from backhaul.domain.identity import Actor, Authenticator
from backhaul.domain.identity.errors import CredentialsMissing

SCHEME = "token "
_HINT = "send the header 'Authorization: Token YOUR-API-KEY'."


async def actor_of(header: str | None, *, authenticator: Authenticator, remote_address: str | None) -> Actor:
    """Return who calls, or refuse."""
    if not header:
        raise CredentialsMissing(hint=_HINT)
    if header[: len(SCHEME)].lower() != SCHEME:
        raise CredentialsMissing(hint=_HINT)
    actor = await authenticator.by_api_key(header[len(SCHEME) :].strip(), remote_address)
    actor.require_api_plan()
    return actor
