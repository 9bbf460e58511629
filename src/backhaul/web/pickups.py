"""The link in a letter: choose a day on which the carrier collects the parcel. No account, no scripts."""

from datetime import date
from typing import Any
from urllib.parse import parse_qs

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from backhaul.domain.identity import link_actor
from backhaul.domain.shipping.errors import PickupRefused
from backhaul.domain.shipping.links import Linked, follow_link
from backhaul.domain.shipping.model import LinkPurpose
from backhaul.domain.shipping.queries import find_live_pickup
from backhaul.domain.transfers.errors import PickupDateRefused, TransferMoveRefused
from backhaul.domain.transfers.model import TransferId
from backhaul.domain.transfers.operations import cancel_pickup, possible_pickup_days, schedule_pickup
from backhaul.web.tracking import SAFE, TEMPLATES

MAX_INSTRUCTIONS = 300
REFUSED = (PickupDateRefused, PickupRefused, TransferMoveRefused)
HEADERS = {**SAFE, "content-security-policy": SAFE["content-security-policy"] + "; form-action 'self'"}


@get("/pickup/{token:str}")
async def choose_day(request: Request[Any, Any, Any], token: FromPath[str]) -> ASGIResponse:
    """Show the days, or the pickup that is booked."""
    return await _page(request, await _linked(request, token))


@post("/pickup/{token:str}", status_code=200)
async def book_day(request: Request[Any, Any, Any], token: FromPath[str]) -> ASGIResponse:
    """Book or cancel, and show how it stands."""
    serving = request.app.state.serving
    linked = await _linked(request, token)
    form = parse_qs((await request.body()).decode("utf-8", "replace"))
    actor = link_actor(linked.scope.org_id, linked.shipment.id)
    transfer_id, now = TransferId(linked.shipment.subject_id), serving.clock.now()
    try:
        if form.get("cancel"):
            await cancel_pickup(serving.db, actor=actor, transfer_id=transfer_id, now=now)
        else:
            await schedule_pickup(
                serving.db,
                actor=actor,
                transfer_id=transfer_id,
                on_date=_day(form.get("day", [""])[0]),
                instructions=form.get("instructions", [""])[0].replace("\x00", "").strip()[:MAX_INSTRUCTIONS],
                now=now,
            )
    except REFUSED as refusal:
        return await _page(request, linked, problem=refusal.text, status=422)
    # Look again by GET: reloading the page then books nothing twice.
    return ASGIResponse(body=b"", status_code=303, headers={"location": request.scope["path"], **HEADERS})


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PickupDateRefused(
            on=text[:20] or "no day", reason="choose a day", possible="see below"
        ) from None


async def _linked(request: Request[Any, Any, Any], token: str) -> Linked:
    serving = request.app.state.serving
    return await follow_link(serving.db, token=token, purpose=LinkPurpose.PICKUP, now=serving.clock.now())


async def _page(
    request: Request[Any, Any, Any], linked: Linked, *, problem: str | None = None, status: int = 200
) -> ASGIResponse:
    serving = request.app.state.serving
    async with serving.db.read(linked.scope) as reader:
        booked = await find_live_pickup(
            reader, linked.scope, shipment_id=linked.shipment.id, today=serving.clock.now().date()
        )
    country = linked.shipment.parcel.origin.country_code
    page = TEMPLATES.get_template("pickup.html").render(
        parcel=linked.shipment,
        booked=booked,
        days=possible_pickup_days(serving.clock.now().date(), country),
        problem=problem,
        max_instructions=MAX_INSTRUCTIONS,
    )
    return ASGIResponse(body=page.encode(), status_code=status, media_type="text/html", headers=HEADERS)


HANDLERS = [choose_day, book_day]
