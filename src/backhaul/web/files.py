"""The link to a picture of a return: shows one file, no account needed."""

from typing import Any

from litestar import Request, get
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from backhaul.domain.returns.ports import ShownFiles

HEADERS = {
    "cache-control": "private, max-age=3600",
    "content-disposition": "inline",
    "content-security-policy": "default-src 'none'; sandbox",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
}


@get("/files/{key:path}")
async def show_file(request: Request[Any, Any, Any], key: FromPath[str]) -> ASGIResponse:
    """Show a stored picture to whoever has its signed link."""
    serving = request.app.state.serving
    said = request.query_params
    shown: ShownFiles = serving.ports[ShownFiles]
    media_type, content = await shown.open(
        key.lstrip("/"),
        media_type=said.get("type", ""),
        until=said.get("until", ""),
        proof=said.get("proof", ""),
        now=serving.clock.now(),
    )
    return ASGIResponse(body=content, media_type=media_type, headers=HEADERS)


HANDLERS = [show_file]
