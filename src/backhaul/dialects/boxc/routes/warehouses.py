"""GET /v1/warehouses and /v1/warehouses/{id} (contract §3.8)."""

from typing import Any

from litestar import Request, get
from litestar.params import FromPath

from backhaul.dialects.answering import Answer
from backhaul.dialects.boxc import envelope
from backhaul.dialects.boxc.calling import authenticate
from backhaul.dialects.boxc.views import warehouses as views
from backhaul.domain import returns
from backhaul.kernel.paths import segment_text


@get("/v1/warehouses")
async def list_warehouses(request: Request[Any, Any, Any]) -> Answer:
    """List the warehouses, which are few: one page has them all."""
    call = await authenticate(request)
    found = await returns.list_warehouses(call.db)
    return envelope.listed(
        call, "warehouses", [views.warehouse(warehouse) for warehouse in found], next_page=None
    )


@get("/v1/warehouses/{warehouse_id:str}")
async def view_warehouse(request: Request[Any, Any, Any], warehouse_id: FromPath[str]) -> Answer:
    """View a warehouse."""
    call = await authenticate(request)
    warehouse = await returns.get_warehouse(call.db, code=segment_text(warehouse_id))
    return envelope.one(call, "warehouse", views.warehouse(warehouse))
