"""The page a label's QR code leads to: movement of one parcel, no people and no addresses."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, get
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from backhaul.domain.shipping.queries import find_public_tracking
from backhaul.storage.database import Database

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
MAX_NUMBER_LENGTH = 64
SAFE = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


@get("/track/{tracking_number:str}")
async def track(request: Request[Any, Any, Any], tracking_number: FromPath[str]) -> ASGIResponse:
    """Show a parcel's movement, or say that the number is not ours."""
    db: Database = request.app.state.serving.db
    number = tracking_number.strip()[:MAX_NUMBER_LENGTH]
    found = await find_public_tracking(db, tracking_number=number) if number.isprintable() else None
    page = TEMPLATES.get_template("tracking.html").render(number=number, parcel=found)
    return ASGIResponse(
        body=page.encode(),
        status_code=200 if found else 404,
        media_type="text/html",
        headers=SAFE,
    )


@get("/static/plain.css")
async def stylesheet() -> ASGIResponse:
    """Serve the page's style."""
    content = Path(__file__).with_name("static").joinpath("plain.css").read_bytes()
    return ASGIResponse(body=content, media_type="text/css", headers={"cache-control": "max-age=3600"})


HANDLERS = [track, stylesheet]
