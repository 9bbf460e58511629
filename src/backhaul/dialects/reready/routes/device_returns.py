"""POST and GET /api/v1/device_returns: the older names for the same records (contract R3)."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath

from backhaul.dialects.answering import Answer, answer
from backhaul.dialects.reading import read_body
from backhaul.dialects.reready import older
from backhaul.dialects.reready.bodies import CreateDeviceReturn
from backhaul.dialects.reready.calling import authenticate, parse_id
from backhaul.dialects.reready.orders import order_of_return
from backhaul.dialects.reready.placing import place
from backhaul.domain.transfers import queries
from backhaul.domain.transfers.queries import Detail


@post("/api/v1/device_returns", status_code=201)
async def create_device_return(request: Request[Any, Any, Any]) -> Answer:
    """Create a device return."""
    call = await authenticate(request)
    raw = await request.body()
    return await place(
        call,
        raw,
        to_order=lambda: order_of_return(read_body(raw, CreateDeviceReturn)),
        view=lambda placed: older.device_return(
            Detail(transfer=placed, box=None, device=None, payments=()), follows_example=call.follows_example
        ),
    )


@get("/api/v1/device_returns/{transfer_id:str}")
async def view_device_return(request: Request[Any, Any, Any], transfer_id: FromPath[str]) -> Answer:
    """View a device return."""
    call = await authenticate(request)
    detail = await queries.get_detail(call.db, actor=call.actor, transfer_id=parse_id(transfer_id))
    return answer(older.device_return(detail, follows_example=call.follows_example))
