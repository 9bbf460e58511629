"""What a route of this dialect has at hand, and who may call it (contract §3.2, §3.4)."""

from typing import Any

import msgspec
from litestar import Request

from backhaul.dialects.boxc import limiting
from backhaul.dialects.boxc.languages import require_english
from backhaul.dialects.serving import Serving, header
from backhaul.domain.identity import Actor
from backhaul.domain.identity.clients import ClientCaller
from backhaul.domain.identity.errors import CredentialsMissing
from backhaul.kernel.clock import Clock
from backhaul.storage.database import Database

SCHEME = "bearer "
RETURNS, BILLING = "returns", "billing"
READ_WEBHOOKS, WRITE_WEBHOOKS = "read_webhooks", "write_webhooks"
_HINT = "send the header 'Authorization: Bearer YOUR-TOKEN'."


class Call(msgspec.Struct, frozen=True):
    """One authenticated and counted call."""

    db: Database
    clock: Clock
    actor: Actor
    caller: ClientCaller
    serving: Serving
    headers: dict[str, str]  # of every answer: how full the caller's bucket is


async def authenticate(request: Request[Any, Any, Any], *, scope: str | None = None) -> Call:
    """Return the call with its actor, or refuse. `scope` is what the token must carry; None: any token will do.

    What is counted is every request of a known user, those that lack a scope included. `X-BoxC-Client-Id`, which
    older clients send, means nothing (contract B21).
    """
    serving: Serving = request.app.state.serving
    asgi = request.scope
    require_english(header(asgi, b"accept-language"))
    credentials = header(asgi, b"authorization")
    if not credentials or credentials[: len(SCHEME)].lower() != SCHEME:
        raise CredentialsMissing(hint=_HINT)
    caller = await serving.authenticator.clients.by_token(
        credentials[len(SCHEME) :].strip(), serving.remote_address(asgi)
    )
    await limiting.count(serving, asgi, caller.actor.user_id)
    if scope is not None:
        caller.require(scope)
    return Call(
        db=serving.db,
        clock=serving.clock,
        actor=caller.actor,
        caller=caller,
        serving=serving,
        headers=limiting.headers_in(asgi),
    )
