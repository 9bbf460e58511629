"""Files that may be large: written to disk first, so that memory stays small, then sent piece by piece."""

from collections.abc import AsyncIterator, Awaitable, Callable
from tempfile import SpooledTemporaryFile

from litestar.response.base import ASGIResponse
from litestar.response.streaming import ASGIStreamingResponse

from backhaul.web.console.answering import HEADERS

IN_MEMORY_BYTES = 4_000_000
PIECE_BYTES = 65_536

Write = Callable[[bytes], object]


async def sent_file(
    write_all: Callable[[Write], Awaitable[object]], *, name: str, media_type: str
) -> ASGIResponse:
    """Return a file to keep. `write_all` writes it; what it refuses is refused before anything is sent."""
    kept = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 -- closed when the last piece was sent
    try:
        await write_all(kept.write)
    except BaseException:
        kept.close()
        raise
    kept.seek(0)

    async def pieces() -> AsyncIterator[bytes]:
        with kept:
            while piece := kept.read(PIECE_BYTES):
                yield piece

    headers = {**HEADERS, "content-disposition": f'attachment; filename="{name}"'}
    return ASGIStreamingResponse(iterator=pieces(), media_type=media_type, headers=headers)
