"""Try a store of files as the work does: a file of ours is written, read and removed."""

from backhaul.domain.returns.errors import FilesUnavailable, FileUnknown
from backhaul.domain.returns.ports import Files
from backhaul.kernel.ids import new_id

_CONTENT = b"A probe of backhaul doctor. It can be removed."


async def probe(files: Files) -> None:
    """Refuse a store that does not keep what it is given, or does not let go of it."""
    key = f"probe/{new_id()}"
    await files.put(key, _CONTENT, media_type="text/plain")
    try:
        kept = await files.get(key)
    except FileUnknown:
        kept = b""
    await files.delete(key)
    if kept != _CONTENT:
        raise FilesUnavailable(reason="what was written could not be read again")
