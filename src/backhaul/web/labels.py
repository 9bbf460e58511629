"""The link in a letter: prints one label, no account needed."""

from typing import Any

from litestar import Request, get
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from backhaul.domain.shipping import links
from backhaul.domain.shipping.model import LabelFormat

HEADERS = {
    "content-disposition": 'inline; filename="label.pdf"',
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
}


@get("/label/{token:str}")
async def print_label(request: Request[Any, Any, Any], token: FromPath[str]) -> ASGIResponse:
    """Show a label as PDF."""
    serving = request.app.state.serving
    content = await links.print_label(serving.db, token=token, form=LabelFormat.PDF, now=serving.clock.now())
    return ASGIResponse(body=content, media_type="application/pdf", headers=HEADERS)


HANDLERS = [print_label]
