"""/v1/reshipments: returns sent on together, for a fee that is estimated and approved (contract §3.7)."""

from typing import Any

from litestar import Request, delete, get, post, put
from litestar.params import FromPath

from backhaul.dialects.answering import Answer
from backhaul.dialects.boxc import envelope
from backhaul.dialects.boxc.calling import RETURNS, authenticate
from backhaul.dialects.boxc.numbers import number_in
from backhaul.dialects.boxc.paging import next_page, page_asked_for
from backhaul.dialects.boxc.reshipments import decision, in_the_bodys_terms, new_reshipment
from backhaul.dialects.boxc.views import reshipments as views
from backhaul.domain import reshipping
from backhaul.domain.billing.rates import RateCard

NAME = "reshipments"


@get("/v1/reshipments")
async def list_reshipments(request: Request[Any, Any, Any]) -> Answer:
    """List the reshipments, without those that were deleted or have expired."""
    call = await authenticate(request, scope=RETURNS)
    page = await page_asked_for(request, call, name=NAME)
    found = await reshipping.list_reshipments(
        call.db,
        actor=call.actor,
        order=reshipping.Order(page.order),
        after=page.last_id,
        limit=page.limit,
    )
    following = await next_page(call, page, name=NAME, last_id=found.next_after)
    return envelope.listed(call, NAME, [views.listed(one) for one in found.items], next_page=following)


@get("/v1/reshipments/{reshipment_id:str}")
async def view_reshipment(request: Request[Any, Any, Any], reshipment_id: FromPath[str]) -> Answer:
    """View a reshipment."""
    call = await authenticate(request, scope=RETURNS)
    found = await reshipping.get_reshipment(call.db, actor=call.actor, number=number_in(reshipment_id))
    return envelope.one(call, "reshipment", views.detailed(found))


@post("/v1/reshipments")
async def create_reshipment(request: Request[Any, Any, Any]) -> Answer:
    """Have returns sent on together; one alone is estimated at once."""
    call = await authenticate(request, scope=RETURNS)
    new = new_reshipment(await request.body())
    ports = call.serving.ports
    with in_the_bodys_terms():
        created = await reshipping.create_reshipment(
            call.db,
            actor=call.actor,
            new=new,
            card=ports[RateCard],
            policy=ports[reshipping.Policy],
            now=call.clock.now(),
        )
    return envelope.one(call, "reshipment", views.detailed(created), status=201)


@put("/v1/reshipments/{reshipment_id:str}")
async def answer_estimate(request: Request[Any, Any, Any], reshipment_id: FromPath[str]) -> Answer:
    """Approve an estimate, which sets its amount aside, or decline it."""
    call = await authenticate(request, scope=RETURNS)
    answered = await reshipping.answer_estimate(
        call.db,
        actor=call.actor,
        number=number_in(reshipment_id),
        decision=decision(await request.body()),
        policy=call.serving.ports[reshipping.Policy],
        now=call.clock.now(),
    )
    return envelope.one(call, "reshipment", views.detailed(answered))


@delete("/v1/reshipments/{reshipment_id:str}", status_code=200)
async def delete_reshipment(request: Request[Any, Any, Any], reshipment_id: FromPath[str]) -> Answer:
    """Delete a reshipment that is not approved; its returns go back to the status they had."""
    call = await authenticate(request, scope=RETURNS)
    await reshipping.delete_reshipment(
        call.db, actor=call.actor, number=number_in(reshipment_id), now=call.clock.now()
    )
    return envelope.empty(call)
