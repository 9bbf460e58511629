"""POST and GET /api/v1/device_transfers."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath

from backhaul.dialects.answering import Answer, answer
from backhaul.dialects.reading import read_body
from backhaul.dialects.reready import views
from backhaul.dialects.reready.bodies import CreateDeviceTransfer
from backhaul.dialects.reready.calling import authenticate, parse_id
from backhaul.dialects.reready.orders import order_of_transfer
from backhaul.dialects.reready.placing import place
from backhaul.domain.transfers import queries


@post("/api/v1/device_transfers", status_code=201)
async def create_device_transfer(request: Request[Any, Any, Any]) -> Answer:
    """Create a device transfer."""
    call = await authenticate(request)
    raw = await request.body()
    return await place(
        call,
        raw,
        to_order=lambda: order_of_transfer(read_body(raw, CreateDeviceTransfer)),
        view=lambda placed: views.new_device_transfer(placed, follows_example=call.follows_example),
    )


@get("/api/v1/device_transfers/{transfer_id:str}")
async def view_device_transfer(request: Request[Any, Any, Any], transfer_id: FromPath[str]) -> Answer:
    """View a device transfer. A body is tolerated and ignored (contract R5)."""
    call = await authenticate(request)
    detail = await queries.get_detail(call.db, actor=call.actor, transfer_id=parse_id(transfer_id))
    return answer(views.device_transfer(detail, follows_example=call.follows_example))
