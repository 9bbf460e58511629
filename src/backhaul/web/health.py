"""/healthz says the process lives, /readyz that it can serve, /metrics what it measured."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import prometheus_client
import structlog
from litestar import Request, get
from litestar.response.base import ASGIResponse

from backhaul.storage.database import Database
from backhaul.storage.inspecting import SCHEMA

logger = structlog.get_logger("backhaul.http")

READY_SECONDS = 2.0


@get("/healthz")
async def healthz() -> ASGIResponse:
    """Answer that the process lives."""
    return _answer({"status": "alive"})


@get("/readyz")
async def readyz(request: Request[Any, Any, Any]) -> ASGIResponse:
    """Answer 200 when the database answers with this release's schema and any demo data is there."""
    state = request.app.state
    waits_for: Path | None = state.waits_for
    if waits_for is not None and not await asyncio.to_thread(waits_for.exists):
        return _answer({"status": "starting", "waits_for": "demo data"}, status_code=503)
    try:
        async with asyncio.timeout(READY_SECONDS):
            schema = await _schema(state.serving.db)
    except Exception as error:  # noqa: BLE001 -- whatever keeps it from answering: it is not ready
        logger.warning("not ready", reason=f"{type(error).__name__}: {error}")
        return _answer({"status": "unready", "waits_for": "database"}, status_code=503)
    if schema != state.schema:
        waits_for_schema = f"schema {state.schema}: run backhaul migrate"
        return _answer({"status": "unready", "waits_for": waits_for_schema}, status_code=503)
    return _answer({"status": "ready"})


def _answer(content: dict[str, str], *, status_code: int = 200) -> ASGIResponse:
    body = msgspec.json.encode(content)
    return ASGIResponse(body=body, status_code=status_code, media_type="application/json")


async def _schema(db: Database) -> str | None:
    async with db.lookup() as reader:
        found: str | None = await reader.fetchval(SCHEMA)
    return found


@get("/metrics")
async def metrics() -> ASGIResponse:
    """Answer Prometheus' text format."""
    body = prometheus_client.generate_latest()
    # As a header: Litestar would add a second charset to a media type.
    return ASGIResponse(body=body, headers={"content-type": prometheus_client.CONTENT_TYPE_LATEST})


HANDLERS = [healthz, readyz, metrics]
