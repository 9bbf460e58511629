"""What a route of this dialect has at hand."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request

from backhaul.dialects.reready.auth import actor_of
from backhaul.dialects.serving import Serving, header
from backhaul.domain.identity import Actor
from backhaul.domain.transfers.errors import TransferUnknown
from backhaul.domain.transfers.model import TransferId
from backhaul.kernel.clock import Clock
from backhaul.storage.database import Database


class Call(msgspec.Struct, frozen=True):
    """One authenticated call."""

    db: Database
    clock: Clock
    actor: Actor
    follows_example: bool  # R2's switch
    method: str
    path: str
    idempotency_key: str | None


async def authenticate(request: Request[Any, Any, Any]) -> Call:
    """Return the call with its actor, or refuse before anything of the body is read."""
    serving: Serving = request.app.state.serving
    scope = request.scope
    actor = await actor_of(
        header(scope, b"authorization"),
        authenticator=serving.authenticator,
        remote_address=serving.remote_address(scope),
    )
    return Call(
        db=serving.db,
        clock=serving.clock,
        actor=actor,
        follows_example=serving.reready_state_follows_example,
        method=scope["method"],
        path=scope["path"],
        idempotency_key=header(scope, b"idempotency-key"),
    )


def parse_id(text: str) -> TransferId:
    """Return the id; a text that is none names nothing we know."""
    try:
        return TransferId(UUID(text))
    except ValueError:
        raise TransferUnknown(transfer_id=text[:64]) from None
