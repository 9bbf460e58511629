"""/v1/returns: parcels that came back, what becomes of them, and messages about them (contract §3.6)."""

from typing import Any

from litestar import Request, delete, get, post, put
from litestar.params import FromPath

from backhaul.dialects.answering import Answer
from backhaul.dialects.boxc import envelope
from backhaul.dialects.boxc.calling import RETURNS, Call, authenticate
from backhaul.dialects.boxc.checking import Check
from backhaul.dialects.boxc.numbers import number_in
from backhaul.dialects.boxc.paging import next_page, page_asked_for
from backhaul.dialects.boxc.refusals import QueryParameterInvalid
from backhaul.dialects.boxc.views import returns as views
from backhaul.domain import returns

NAME = "returns"
FILTERS = ("tracking_number", "status")
VERIFY = "Verify"  # a verb; the status it leads to is Verifying (B15)


@get("/v1/returns")
async def list_returns(request: Request[Any, Any, Any]) -> Answer:
    """List the returns that were processed, without those that were discarded."""
    call = await authenticate(request, scope=RETURNS)
    page = await page_asked_for(request, call, name=NAME, filters=FILTERS)
    word = page.filters.get("status")
    if word is not None and word not in views.STATUSES:
        raise QueryParameterInvalid(name="status", problem=f"must be one of {', '.join(views.STATUSES)}")
    found = await returns.list_returns(
        call.db,
        actor=call.actor,
        tracking_number=page.filters.get("tracking_number"),
        status=None if word is None else views.STATUSES[word],
        order=returns.Order(page.order),
        after=page.last_id,
        limit=page.limit,
    )
    following = await next_page(call, page, name=NAME, last_id=found.next_after)
    items = [views.listed(one) for one in found.items]
    return envelope.listed(call, NAME, items, next_page=following)


@get("/v1/returns/{return_id:str}")
async def view_return(request: Request[Any, Any, Any], return_id: FromPath[str]) -> Answer:
    """View a return with its messages and images."""
    call = await authenticate(request, scope=RETURNS)
    return await _show(call, number_in(return_id))


@put("/v1/returns/{return_id:str}")
async def verify_return(request: Request[Any, Any, Any], return_id: FromPath[str]) -> Answer:
    """Ask for a return to be verified, for a fee: the only change there is."""
    call = await authenticate(request, scope=RETURNS)
    check = Check.of_body(await request.body(), "return")
    check.choice("status", {VERIFY: VERIFY}, is_required=True)
    check.done()
    verified = await returns.request_verification(
        call.db,
        actor=call.actor,
        number=number_in(return_id),
        policy=call.serving.ports[returns.Policy],
        now=call.clock.now(),
    )
    return await _show(call, verified.number)


@delete("/v1/returns/{return_id:str}", status_code=200)
async def discard_return(request: Request[Any, Any, Any], return_id: FromPath[str]) -> Answer:
    """Discard a return, for good."""
    call = await authenticate(request, scope=RETURNS)
    await returns.discard_return(call.db, actor=call.actor, number=number_in(return_id), now=call.clock.now())
    return envelope.empty(call)


@post("/v1/returns/{return_id:str}/messages")
async def add_message(request: Request[Any, Any, Any], return_id: FromPath[str]) -> Answer:
    """Write to the warehouse about a return."""
    call = await authenticate(request, scope=RETURNS)
    check = Check.of_body(await request.body(), "message")
    body = check.text("body", longest=returns.MAX_MESSAGE_LENGTH, is_required=True)
    check.done()
    assert body is not None, "an absent one was refused"
    number = number_in(return_id)
    await returns.add_message(call.db, actor=call.actor, number=number, body=body, now=call.clock.now())
    return await _show(call, number, status=201)


async def _show(call: Call, number: int, *, status: int = 200) -> Answer:
    detail = await returns.get_return(call.db, actor=call.actor, number=number)
    files, now = call.serving.ports[returns.Files], call.clock.now()
    images = [
        await files.url(
            returns.photo_key(detail.one.org_id, detail.one.id, photo.id),
            media_type=photo.media_type,
            now=now,
        )
        for photo in detail.photos
    ]
    view = views.detailed(detail, images)
    return envelope.one(call, "return", view, status=status)
