"""The mail folder keeps every mail exactly once, whole or not at all."""

import asyncio
import os
from email import message_from_bytes, policy

import pytest

from backhaul.adapters.mail import MailFolder
from backhaul.domain.notify import MailRefused, MailUnavailable

from .test_mime import mail


async def test_a_mail_becomes_one_readable_file(tmp_path):
    folder = MailFolder(tmp_path / "deep" / "mail")
    await folder.send(mail())
    [file] = folder.path.iterdir()
    assert file.name == "0196-abc.eml"
    assert (file.stat().st_mode & 0o777, folder.path.stat().st_mode & 0o777) == (0o600, 0o700)
    read = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert read["From"] == "Maas Biolabs via Backhaul <backhaul@localhost>"
    assert "Hello Jordan," in file.read_text()


async def test_sending_again_changes_nothing(tmp_path):
    folder = MailFolder(tmp_path)
    await folder.send(mail())
    before = (tmp_path / "0196-abc.eml").stat()
    await folder.send(mail(subject="Something else"))
    assert (tmp_path / "0196-abc.eml").stat() == before
    assert len(list(tmp_path.iterdir())) == 1


async def test_sending_at_the_same_time_leaves_one_file(tmp_path):
    folder = MailFolder(tmp_path)
    await asyncio.gather(*(folder.send(mail()) for _ in range(20)))
    [file] = tmp_path.iterdir()
    assert file.name == "0196-abc.eml"


async def test_a_failure_while_writing_leaves_nothing_and_may_be_repeated(tmp_path, monkeypatch):
    def no_room(_: int) -> None:
        raise OSError(28, "No space left on device")

    folder = MailFolder(tmp_path)
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_room)
        with pytest.raises(MailUnavailable, match="No space left"):
            await folder.send(mail())
    assert list(tmp_path.iterdir()) == []
    await folder.send(mail())
    assert len(list(tmp_path.iterdir())) == 1


async def test_a_path_that_is_no_folder_is_said_plainly(tmp_path):
    (tmp_path / "mail").write_text("")
    with pytest.raises(MailUnavailable, match=r"mail folder .*mail cannot be written"):
        await MailFolder(tmp_path / "mail").send(mail())


async def test_a_name_that_leaves_the_folder_is_refused(tmp_path):
    with pytest.raises(MailRefused):
        await MailFolder(tmp_path / "mail").send(mail(message_id="<../out@backhaul.invalid>"))
    assert list(tmp_path.iterdir()) == []
