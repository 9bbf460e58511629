"""Assets: list, add, one with everything, its history, change (contract §2.4)."""

from typing import Any

from litestar import Request, get, patch, post
from litestar.params import FromPath

from backhaul.dialects.answering import Answer, answer
from backhaul.dialects.reading import read_object
from backhaul.dialects.unduit.calling import PER_PAGE, authenticate, filter_text, page_number, worded
from backhaul.dialects.unduit.devices import NAMES, new_asset_of, patch_of
from backhaul.dialects.unduit.views import asset_details
from backhaul.dialects.unduit.views import assets as views
from backhaul.domain.identity import Right
from backhaul.domain.inventory import operations, queries
from backhaul.kernel.paths import segment_text


@get("/api/v1/assets")
async def list_assets(request: Request[Any, Any, Any]) -> Answer:
    """List assets, newest first."""
    call = await authenticate(request)
    query = request.query_params
    page = page_number(query.get("page"))
    found = await queries.list_assets(
        call.db,
        actor=call.actor,
        page=page,
        per_page=PER_PAGE,
        serial_number=filter_text("serialNumber", query.get("serialNumber")),
        tag=filter_text("assetId", query.get("assetId")),
        asset_number=filter_text("asset_number", query.get("asset_number")),
    )
    return answer(views.assets(found, page))


@post("/api/v1/assets/add-asset", status_code=200)
async def add_asset(request: Request[Any, Any, Any]) -> Answer:
    """Add an asset; with a status of type deployed it is somebody's from the start."""
    call = await authenticate(request, Right.INVENTORY_WRITE)
    new = new_asset_of(read_object(await request.body()))
    with worded(NAMES):
        added = await operations.add_asset(call.db, actor=call.actor, new=new, now=call.clock.now())
    return answer(views.AddedAsset("Asset created successfully", views.asset_row(added, call.actor)))


@get("/api/v1/assets/details/{serial_number:str}")
async def view_asset(request: Request[Any, Any, Any], serial_number: FromPath[str]) -> Answer:
    """View an asset, by its serial number in any letter case, with everything that happened to it."""
    call = await authenticate(request)
    detail, lines = await queries.get_asset_with_history(
        call.db, actor=call.actor, serial_number=segment_text(serial_number)
    )
    return answer(asset_details.found_asset(detail, lines))


@get("/api/v1/assets/{asset:str}/history")
async def list_asset_history(request: Request[Any, Any, Any], asset: FromPath[str]) -> Answer:
    """List what happened to an asset; it is named by serial number, asset number or the customer's own id."""
    call = await authenticate(request)
    lines = await queries.list_history(call.db, actor=call.actor, asset=segment_text(asset))
    return answer(asset_details.history(lines))


@patch("/api/v1/assets/{asset:str}")
async def change_asset(request: Request[Any, Any, Any], asset: FromPath[str]) -> Answer:
    """Change what is sent of an asset, and nothing else."""
    call = await authenticate(request, Right.INVENTORY_WRITE)
    given = patch_of(read_object(await request.body()))
    with worded(NAMES):
        changed = await operations.change_asset(
            call.db, actor=call.actor, asset=segment_text(asset), patch=given, now=call.clock.now()
        )
    row = views.asset_row(changed, call.actor)
    return answer(views.ChangedAsset(success=True, message="Asset updated successfully", data=row))
