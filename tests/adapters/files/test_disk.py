"""Files in a folder: whole or not at all, nowhere else, and shown to whoever has a link of ours."""

import os
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.conftest import NOON

from backhaul.adapters.files import DiskFiles, Links, ShownFiles
from backhaul.domain.returns.errors import FilesUnavailable, FileUnknown
from backhaul.domain.returns.ports import LINK_LIVES

KEY = "returns/0190-a/0190-b/0190-c"


@pytest.fixture
def files(tmp_path, links):
    return DiskFiles(tmp_path / "deep" / "files", links)


async def test_what_is_put_can_be_got_and_is_the_owners_alone(files):
    await files.put(KEY, b"one", media_type="image/png")
    assert await files.get(KEY) == b"one"
    path = files.root / KEY
    assert path.stat().st_mode & 0o777 == 0o600
    for folder in (path.parent, path.parent.parent, files.root):
        assert folder.stat().st_mode & 0o777 == 0o700


async def test_a_file_that_is_gone_leaves_nothing(files):
    for content in (b"one", b"two"):
        await files.put(KEY, content, media_type="image/png")
    assert [path.name for path in files.root.rglob("*") if path.is_file()] == ["0190-c"]
    await files.delete(KEY)
    assert [path for path in files.root.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "key",
    [
        "", "/", "/etc/passwd", "../x", "a/../b",
        "a/./b", "a//b", "a/", "a\\b", "a/..", ".hidden", "a\x00b", "A", "a b",
        "a/" * 9 + "a", "x" * 65, "é", "~root", "a\n",
    ],
)  # fmt: skip
async def test_no_key_leads_out_of_the_folder(files, tmp_path, key):
    before = sorted(tmp_path.rglob("*"))
    for refused in (
        files.put(key, b"x", media_type="image/png"),
        files.get(key),
        files.delete(key),
        files.url(key, media_type="image/png", now=NOON),
    ):
        with pytest.raises(FileUnknown):
            await refused
    assert sorted(tmp_path.rglob("*")) == before


async def test_a_link_in_place_of_a_file_leads_nowhere(files, tmp_path):
    await files.put(KEY, b"one", media_type="image/png")
    (tmp_path / "outside").write_bytes(b"secret")
    (files.root / KEY).unlink()
    (files.root / KEY).symlink_to(tmp_path / "outside")
    with pytest.raises(FilesUnavailable):
        await files.get(KEY)


async def test_a_failure_leaves_neither_half_a_file_nor_the_old_one_broken(files, monkeypatch):
    await files.put(KEY, b"one", media_type="image/png")

    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(FilesUnavailable, match="No space left"):
        await files.put(KEY, b"two", media_type="image/png")
    assert [path.name for path in files.root.rglob("*") if path.is_file()] == ["0190-c"]
    assert await files.get(KEY) == b"one"


# Links


def said(url):
    parts = urlsplit(url)
    given = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {
        "key": parts.path.removeprefix("/files/"),
        "media_type": given["type"],
        "until": given["until"],
        "proof": given["proof"],
    }


async def show(files, links, given, *, now=NOON):
    key = given.pop("key")
    return await ShownFiles(files, links).open(key, **given, now=now)


async def test_a_link_shows_its_file_as_long_as_it_promises(files, links):
    await files.put(KEY, b"one", media_type="image/png")
    url = await files.url(KEY, media_type="image/png", now=NOON)
    assert url.startswith(f"http://here/files/{KEY}?")
    assert await files.url(KEY, media_type="image/png", now=NOON + timedelta(minutes=5)) == url
    for later in (timedelta(0), LINK_LIVES):
        assert await show(files, links, said(url), now=NOON + later) == ("image/png", b"one")
    with pytest.raises(FileUnknown):
        await show(files, links, said(url), now=NOON + LINK_LIVES + timedelta(days=1))


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "returns/0190-a/0190-b/0190-d"},
        {"media_type": "text/html"},
        {"media_type": "image/webp"},
        {"until": "9999999999"},
        {"until": "9" * 30},
        {"until": "-1"},
        {"until": "x"},
        {"until": ""},
        {"proof": ""},
        {"proof": "0" * 64},
        {"proof": "é"},
    ],
)
async def test_an_altered_link_shows_nothing(files, links, changes):
    for key in (KEY, "returns/0190-a/0190-b/0190-d"):
        await files.put(key, b"one", media_type="image/png")
    url = await files.url(KEY, media_type="image/png", now=NOON)
    with pytest.raises(FileUnknown):
        await show(files, links, {**said(url), **changes})


async def test_another_installations_link_shows_nothing(files, links):
    async def other():
        return b"o" * 32

    await files.put(KEY, b"one", media_type="image/png")
    url = await Links("http://here/files/", other).make(KEY, media_type="image/png", now=NOON)
    with pytest.raises(FileUnknown):
        await show(files, links, said(url))
