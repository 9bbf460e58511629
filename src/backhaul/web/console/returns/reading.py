"""Which return a page is about, and its pictures as files."""

import asyncio
from uuid import UUID

from litestar.response.base import ASGIResponse

from backhaul.domain.returns import Files
from backhaul.domain.returns.browsing.queries import StoredPhoto
from backhaul.domain.returns.errors import FileUnknown, ReturnUnknown
from backhaul.domain.returns.thumbnails import MEDIA_TYPE, draw_small
from backhaul.web.console.answering import download
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.visiting import Visit

_LONGEST_SHOWN = 64
_FILE_TYPES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
_KEPT = "private, max-age=604800"  # a picture never changes under its id


def return_number(visit: Visit) -> int:
    """Return the return's number in the address; a text that is none names nothing we know."""
    text = visit.named("number")
    number = number_or_none(text)
    if number is None:
        raise ReturnUnknown(number=text[:_LONGEST_SHOWN])
    return number


def photo_id(visit: Visit) -> UUID:
    """Return the picture's id in the address, or refuse."""
    try:
        return UUID(visit.named("photo").partition(".")[0])
    except ValueError:
        raise FileUnknown from None


async def shown_photo(visit: Visit, stored: StoredPhoto) -> ASGIResponse:
    """Return a picture: small for pages where the address ends in `.small`, else as it is kept."""
    files: Files = visit.port(Files)
    content = await files.get(stored.key)
    name = stored.key.rpartition("/")[2]
    if visit.named("photo").endswith(".small"):
        small = await asyncio.to_thread(draw_small, content)
        answer = download(small, name=f"{name}-small.jpg", media_type=MEDIA_TYPE, is_shown=True)
    else:
        kind = stored.media_type
        answer = download(content, name=f"{name}.{_FILE_TYPES[kind]}", media_type=kind, is_shown=True)
    answer.headers["cache-control"] = _KEPT
    return answer
