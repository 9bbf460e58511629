"""What `backhaul doctor` learns of a store: whether files can be written, read and removed there."""

import os
import shutil
from types import SimpleNamespace

import msgspec
import pytest
from tests.adapters.files.ports import free_port

from backhaul.adapters.files import DiskFiles
from backhaul.adapters.files.s3 import S3Files
from backhaul.domain.returns.errors import FilesUnavailable, FileUnknown


async def refusal(files):
    with pytest.raises(FilesUnavailable) as refused:
        await files.examine()
    return refused.value.data["reason"]


async def test_a_folder_tells_how_much_room_there_is_and_keeps_no_probe(tmp_path, links, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=2_340_000_000))
    files = DiskFiles(tmp_path / "files", links)
    assert await files.examine() == f"{tmp_path}/files, 2.3 GB free"
    assert list((tmp_path / "files").iterdir()) == []


async def test_a_full_disk_is_no_store(tmp_path, links, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=999_999_999))
    files = DiskFiles(tmp_path, links)
    assert await refusal(files) == f"{tmp_path}, 1.0 GB free, which is next to nothing"


async def test_a_shared_folder_that_is_not_mounted_is_not_made(tmp_path, links):
    files = DiskFiles(tmp_path / "shared", links, must_exist=True)
    assert await refusal(files) == f"{tmp_path}/shared does not exist"
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "shared").mkdir()
    assert (await files.examine()).startswith(f"{tmp_path}/shared, ")


async def test_what_is_no_folder_cannot_be_written_to(tmp_path, links):
    (tmp_path / "files").write_text("not a folder")
    assert await refusal(DiskFiles(tmp_path / "files", links)) == f"{tmp_path}/files: Not a directory"
    assert (tmp_path / "files").read_text() == "not a folder"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
async def test_a_folder_of_somebody_else_cannot_be_written_to(tmp_path, links):
    tmp_path.chmod(0o500)
    assert await refusal(DiskFiles(tmp_path / "files", links)) == f"{tmp_path}/files: Permission denied"


async def test_a_bucket_keeps_no_probe(bucket, links):
    files = S3Files(bucket, links)
    said = f"bucket {bucket.name}, where a file was written, read and removed"
    assert await files.examine() == said
    assert files._client.list_objects_v2(Bucket=bucket.name)["KeyCount"] == 0


async def test_a_bucket_that_is_not_there(bucket, links):
    files = S3Files(msgspec.structs.replace(bucket, name="nobodys"), links)
    assert await refusal(files) == "bucket nobodys: NoSuchBucket"


async def test_a_store_that_is_not_there(bucket, links):
    nowhere = f"http://127.0.0.1:{free_port()}"
    files = S3Files(msgspec.structs.replace(bucket, endpoint_url=nowhere, timeout_seconds=1), links)
    assert nowhere in await refusal(files)


async def test_a_store_that_forgets_is_refused_and_left_clean(files, monkeypatch):
    removed = []

    async def forget(key):
        raise FileUnknown(key=key)

    async def remove(key):
        removed.append(key)

    monkeypatch.setattr(files, "get", forget)
    monkeypatch.setattr(files, "delete", remove)
    assert await refusal(files) == "what was written could not be read again"
    assert [key.partition("/")[0] for key in removed] == ["probe"]
