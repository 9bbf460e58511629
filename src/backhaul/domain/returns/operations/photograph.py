"""Photograph a return."""

import asyncio
import contextlib
from datetime import datetime
from hashlib import sha256

from backhaul.domain.identity.model import Actor
from backhaul.domain.returns import tables
from backhaul.domain.returns.errors import FilesUnavailable, PhotosFull, ReturnUnknown
from backhaul.domain.returns.model import Policy, ReturnPhoto, Status, photo_key
from backhaul.domain.returns.operations.working import at_table
from backhaul.domain.returns.pictures import draw_anew
from backhaul.domain.returns.ports import Files
from backhaul.kernel.ids import new_id
from backhaul.storage import history
from backhaul.storage.database import Database, Tx


async def add_photo(
    db: Database,
    files: Files,
    *,
    actor: Actor,
    number: int,
    content: bytes,
    policy: Policy,
    now: datetime,
) -> ReturnPhoto:
    """Keep a picture of a return: JPEG, PNG or WebP by its content, drawn anew without its metadata.

    The file is stored before the transaction that names it: should we die in between, a file is left without a name.
    Refuses what is no picture or too large, and one picture more than a return may have.
    """
    table = await at_table(db, actor=actor, number=number)
    assert table.intake.return_id is not None
    picture = await asyncio.to_thread(draw_anew, content, policy)
    photo = ReturnPhoto(
        id=new_id(),
        return_id=table.intake.return_id,
        media_type=picture.media_type,
        byte_count=len(picture.content),
        width=picture.width,
        height=picture.height,
        sha256=sha256(picture.content).digest(),
        taken_at=now,
    )
    key = photo_key(table.scope.org_id, photo.return_id, photo.id)
    await files.put(key, picture.content, media_type=picture.media_type)
    try:
        async with db.transaction(table.scope) as tx:
            await _add(tx, table.author, number, photo, limit=policy.max_photos, at=now)
    except BaseException:
        with contextlib.suppress(FilesUnavailable):
            await files.delete(key)
        raise
    return photo


async def _add(
    tx: Tx, author: history.Author, number: int, photo: ReturnPhoto, *, limit: int, at: datetime
) -> None:
    one = await tables.lock(tx, number)
    if one.status is Status.DISCARDED:
        raise ReturnUnknown(number=number)
    if await tables.count_photos(tx, one.id) >= limit:
        raise PhotosFull(number=number, limit=limit)
    await tables.add_photo(tx, photo)
    history.note(tx, author, subject=("return", one.id), action="photographed", at=at, after=photo)
