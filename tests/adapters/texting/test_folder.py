"""The folder of text messages keeps every one exactly once, whole or not at all."""

import asyncio
import os
from datetime import UTC, datetime

import msgspec
import pytest

from backhaul.adapters.texting import TextFolder
from backhaul.domain.notify import Text, TextRefused, TextUnavailable

TEXT = Text(
    message_id="<0196-abc@backhaul.invalid>",
    to="+491711234567",
    words="Maas Biolabs: Bitte zurücksenden. https://backhaul.example/return/x",
    dated=datetime(2026, 5, 4, 12, tzinfo=UTC),
)


def text(**changes):
    return msgspec.structs.replace(TEXT, **changes)


async def test_a_text_message_becomes_one_readable_file(tmp_path):
    folder = TextFolder(tmp_path / "deep" / "texts")
    await folder.send(TEXT)
    [file] = folder.path.iterdir()
    assert file.name == "0196-abc.txt"
    assert (file.stat().st_mode & 0o777, folder.path.stat().st_mode & 0o777) == (0o600, 0o700)
    assert file.read_text(encoding="utf-8") == (
        f"To: +491711234567\nDate: 2026-05-04T12:00:00+00:00\n\n{TEXT.words}\n"
    )


async def test_sending_again_and_at_the_same_time_leaves_one_file(tmp_path):
    folder = TextFolder(tmp_path)
    await asyncio.gather(*(folder.send(TEXT) for _ in range(20)))
    before = (tmp_path / "0196-abc.txt").stat()
    await folder.send(text(words="Something else"))
    assert (tmp_path / "0196-abc.txt").stat() == before
    assert len(list(tmp_path.iterdir())) == 1


async def test_a_failure_while_writing_leaves_nothing_and_may_be_repeated(tmp_path, monkeypatch):
    def no_room(_: int) -> None:
        raise OSError(28, "No space left on device")

    folder = TextFolder(tmp_path)
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_room)
        with pytest.raises(TextUnavailable, match="No space left"):
            await folder.send(TEXT)
    assert list(tmp_path.iterdir()) == []
    await folder.send(TEXT)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"message_id": "<../out@backhaul.invalid>"},
        {"message_id": "0196-abc"},
        {"to": "4155550198"},
        {"to": "+1\nTo: +2"},
        {"words": ""},
    ],
)
async def test_what_is_no_text_message_is_refused(tmp_path, changes):
    with pytest.raises(TextRefused):
        await TextFolder(tmp_path / "texts").send(text(**changes))
    assert list(tmp_path.iterdir()) == []
