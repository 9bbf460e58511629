"""What every store of files does alike: the port's promises (domain/returns/ports.py)."""

import asyncio
from datetime import timedelta

import pytest
from tests.conftest import NOON

from backhaul.adapters.files import ShownFiles
from backhaul.domain.returns.errors import FileUnknown

KEY = "returns/0190-a/0190-b/0190-c"
PNG = "image/png"


async def test_what_is_put_can_be_got(files):
    every_byte = bytes(range(256)) * 400
    for content in (b"", b"one", every_byte):
        await files.put(KEY, content, media_type=PNG)
        assert await files.get(KEY) == content


async def test_putting_and_deleting_may_be_repeated(files):
    for content in (b"one", b"one", b"two"):
        await files.put(KEY, content, media_type=PNG)
    assert await files.get(KEY) == b"two"
    for _ in range(2):
        await files.delete(KEY)
    with pytest.raises(FileUnknown):
        await files.get(KEY)


async def test_names_are_told_apart_to_their_last_letter(files):
    await files.put(KEY, b"one", media_type=PNG)
    for other in (f"{KEY}/d", "returns/0190-a/0190-b", KEY[:-1], f"{KEY}c"):
        with pytest.raises(FileUnknown):
            await files.get(other)
    await files.delete(f"{KEY}c")
    assert await files.get(KEY) == b"one"


@pytest.mark.parametrize("key", ["", "/etc/passwd", "a/../b", "a//b", "a/", "A", "a b", "x" * 65, "a\n", "é"])
async def test_a_name_that_is_none_of_ours_is_refused_unasked(files, key):
    for refused in (
        files.put(key, b"x", media_type=PNG),
        files.get(key),
        files.delete(key),
        files.url(key, media_type=PNG, now=NOON),
    ):
        with pytest.raises(FileUnknown):
            await refused


async def test_many_writers_at_once_leave_one_whole_file(files):
    contents = [bytes([n]) * 100_000 for n in range(8)]
    await asyncio.gather(*(files.put(KEY, content, media_type=PNG) for content in contents))
    assert await files.get(KEY) in contents


async def test_a_link_is_ours_and_shows_the_file_until_it_is_gone(files, links):
    await files.put(KEY, b"one", media_type=PNG)
    url = await files.url(KEY, media_type=PNG, now=NOON)
    assert url.startswith(f"http://here/files/{KEY}?")
    said = dict(part.split("=") for part in url.partition("?")[2].split("&"))

    async def shown():
        return await ShownFiles(files, links).open(
            KEY, media_type=PNG, until=said["until"], proof=said["proof"], now=NOON + timedelta(hours=24)
        )

    assert await shown() == (PNG, b"one")
    await files.delete(KEY)
    with pytest.raises(FileUnknown):
        await shown()
