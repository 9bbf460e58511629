"""POST /api/v1/assets/assign/user and /unassign/user (contract §2.4, C7, C16, C18)."""

from typing import Any

from litestar import Request, post, route
from litestar.enums import HttpMethod

from backhaul.dialects.answering import Answer, answer
from backhaul.dialects.unduit.assigning import NAMES, assignment_of
from backhaul.dialects.unduit.calling import authenticate, worded
from backhaul.dialects.unduit.views.sentences import Message
from backhaul.domain.identity import Right
from backhaul.domain.inventory import operations


@post("/api/v1/assets/assign/user", status_code=200)
async def assign_asset(request: Request[Any, Any, Any]) -> Answer:
    """Give an asset to somebody. A status may be sent and says nothing: an assigned asset is in use (contract C16)."""
    call = await authenticate(request, Right.INVENTORY_WRITE)
    wanted = await assignment_of(request, status_is_required=False)
    with worded(NAMES):
        await operations.assign_asset(
            call.db,
            actor=call.actor,
            asset_number=wanted.asset_number,
            email=wanted.email,
            now=call.clock.now(),
        )
    return answer(Message("Asset assigned successfully."))


@route("/api/v1/assets/unassign/user", http_method=[HttpMethod.POST, HttpMethod.GET], status_code=200)
async def unassign_asset(request: Request[Any, Any, Any]) -> Answer:
    """Take an asset back from somebody. The documented curl is a GET, so that works too (contract C7)."""
    call = await authenticate(request, Right.INVENTORY_WRITE)
    wanted = await assignment_of(request, status_is_required=True)
    with worded(NAMES):
        await operations.unassign_asset(
            call.db,
            actor=call.actor,
            asset_number=wanted.asset_number,
            email=wanted.email,
            status_name=wanted.status_name or "",
            now=call.clock.now(),
        )
    return answer(Message("Asset unassigned successfully."))
