"""GET /v1/users/me (contract §3.8)."""

from typing import Any

from litestar import Request, get

from backhaul.dialects.answering import Answer
from backhaul.dialects.boxc import envelope
from backhaul.dialects.boxc.calling import authenticate
from backhaul.dialects.boxc.views import users as views
from backhaul.domain.billing.wallet import list_balances
from backhaul.domain.identity import Right, clients


@get("/v1/users/me")
async def view_myself(request: Request[Any, Any, Any]) -> Answer:
    """View the account that the token is for."""
    call = await authenticate(request)
    organization = await clients.get_own_organization(call.db, actor=call.actor)
    can_see_money = Right.BILLING_READ in call.actor.rights
    wallets = await list_balances(call.db, actor=call.actor) if can_see_money else None
    return envelope.one(call, "user", views.user(call.caller, organization, wallets))
