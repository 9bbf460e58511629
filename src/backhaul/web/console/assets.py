"""Style, scripts and icons, under paths that change with their content: a browser keeps each for a year."""

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, get
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from backhaul.web.console.answering import Page, takes_gzip

_STATIC = Path(__file__).parents[1] / "static"
FILES: dict[str, tuple[str, str]] = {  # name → where it lies, what it is
    "console.css": ("console.css", "text/css"),
    "console.js": ("console.js", "text/javascript"),
    "icons.svg": ("console-icons.svg", "image/svg+xml"),
    "htmx.js": ("vendor/htmx.min.js", "text/javascript"),
}
_LONG = "public, max-age=31536000, immutable"


class Asset(msgspec.Struct, frozen=True):
    """A file as it is sent."""

    path: str
    content: bytes
    compressed: bytes
    media_type: str


@cache
def asset(name: str) -> Asset | None:
    """Return an asset; None for one that this installation was built without."""
    file, media_type = FILES[name]
    place = _STATIC / file
    if not place.is_file():
        return None
    content = place.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:16]
    stem, _, kind = name.rpartition(".")
    path = f"/static/console/{stem}.{digest}.{kind}"
    return Asset(path, content, gzip.compress(content, 9, mtime=0), media_type)


def path_of(name: str) -> str | None:
    """Return where an asset is served; None for one that this installation was built without."""
    found = asset(name)
    return None if found is None else found.path


@get("/static/console/{name:str}")
async def serve(request: Request[Any, Any, Any], name: FromPath[str]) -> ASGIResponse:
    """Serve an asset by its present path; a path of another release leads nowhere."""
    path = f"/static/console/{name}"
    found = next((one for key in FILES if (one := asset(key)) is not None and one.path == path), None)
    if found is None:
        return Page(body=b"", status_code=404, media_type="text/plain", headers={"cache-control": "no-store"})
    headers = {
        "cache-control": _LONG,
        "vary": "accept-encoding",
        "content-security-policy": "default-src 'none'",
        "cross-origin-resource-policy": "same-origin",
    }
    if takes_gzip(request.scope):
        return Page(
            body=found.compressed,
            media_type=found.media_type,
            headers={**headers, "content-encoding": "gzip"},
        )
    return Page(body=found.content, media_type=found.media_type, headers=headers)


HANDLERS = [serve]
