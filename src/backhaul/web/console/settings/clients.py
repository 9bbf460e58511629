"""OAuth clients: made, given another secret, disabled; a secret is shown once."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Plan, Right
from backhaul.domain.identity.clients import (
    Client,
    ClientTerms,
    add_client,
    disable_client,
    list_clients_with_use,
    rotate_client_secret,
)
from backhaul.domain.identity.errors import PlanTooSmall
from backhaul.web.console import notices
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.settings import scopes
from backhaul.web.console.visiting import Installed, Visit

PATH = "/settings/clients"

notices.declare(
    {"clients.disabled": "The client is disabled. Its tokens are refused from now on, and it gets no others."}
)


async def view(visit: Visit) -> ASGIResponse:
    """Show the organization's clients, and the form for another."""
    return await _show(visit)


async def _show(visit: Visit, *, made: Client | None = None, secret: str | None = None) -> ASGIResponse:
    known: Installed = visit.port(Installed)
    return visit.page(
        "settings/clients.html",
        title="Clients",
        found=await list_clients_with_use(visit.db, actor=visit.actor),
        made=made,
        secret=secret,
        offered=scopes.OF_CLIENTS,
        without_effect=scopes.WITHOUT_EFFECT,
        said=scopes.OF_CLIENTS | scopes.WITHOUT_EFFECT,
        base_url=known.base_url,
        needs_plan=visit.actor.plan is Plan.FREE,
    )


async def create(visit: Visit, form: Form) -> ASGIResponse:
    """Make a client of one's own, and show its secret on the page that answers: it is not kept anywhere."""
    if visit.actor.plan is Plan.FREE:
        raise PlanTooSmall(plan=visit.actor.plan.value)
    terms: ClientTerms = visit.port(ClientTerms)
    made, secret = await add_client(
        visit.db,
        actor=visit.actor,
        name=form["name"],
        scopes=form.all("scopes"),
        redirect_uris=form["redirect_uris"].split(),
        most=terms.most,
        now=visit.now,
    )
    return await _show(visit, made=made, secret=secret)


async def rotate(visit: Visit, _: Form) -> ASGIResponse:
    """Give a client another secret, and show it once."""
    made, secret = await rotate_client_secret(
        visit.db, actor=visit.actor, client_id=visit.named("client"), now=visit.now
    )
    return await _show(visit, made=made, secret=secret)


async def disable(visit: Visit, _: Form) -> ASGIResponse:
    """End a client and its tokens at once."""
    await disable_client(visit.db, actor=visit.actor, client_id=visit.named("client"), now=visit.now)
    return visit.go(PATH, notice="clients.disabled")


_MANAGE = Right.KEYS_MANAGE
HANDLERS = [
    shows(PATH, view, right=_MANAGE),
    takes(PATH, create, right=_MANAGE, again=view),
    takes(f"{PATH}/{{client:str}}/rotate", rotate, right=_MANAGE, again=view),
    takes(f"{PATH}/{{client:str}}/disable", disable, right=_MANAGE, again=view),
]
