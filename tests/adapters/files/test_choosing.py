"""Which store an installation has: what its settings say."""

import sys

import pytest

from backhaul.adapters.files import DiskFiles
from backhaul.adapters.files.s3 import Bucket, S3Files
from backhaul.outside import kept_files
from backhaul.settings import FileSettings, SettingRefused


@pytest.mark.parametrize(("folder", "root"), [(None, "files"), ("elsewhere", "elsewhere")])
def test_files_lie_in_the_data_directory_unless_somebody_says_otherwise(tmp_path, links, folder, root):
    settings = FileSettings(folder=folder and str(tmp_path / folder))
    kept = kept_files(settings, links, data_dir=tmp_path)
    assert isinstance(kept, DiskFiles)
    assert kept.root == tmp_path / root


def test_or_in_a_bucket(tmp_path, links, as_tests):
    settings = FileSettings(
        storage="s3", bucket="b", endpoint_url="http://127.0.0.1:9", region="eu-west-1", timeout_seconds=3
    )
    kept = kept_files(settings, links, data_dir=tmp_path)
    assert isinstance(kept, S3Files)
    assert kept._bucket == Bucket(
        name="b", endpoint_url="http://127.0.0.1:9", region="eu-west-1", timeout_seconds=3
    )
    assert list(tmp_path.iterdir()) == []


def test_a_bucket_needs_the_package_that_speaks_to_it(tmp_path, links, monkeypatch):
    monkeypatch.delitem(sys.modules, "backhaul.adapters.files.s3")
    monkeypatch.delattr("backhaul.adapters.files.s3")
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.setitem(sys.modules, "boto3.session", None)
    with pytest.raises(SettingRefused) as refused:
        kept_files(FileSettings(storage="s3", bucket="b"), links, data_dir=tmp_path)
    assert refused.value.data["name"] == "files.storage"
    assert "pip install 'backhaul[s3]'" in refused.value.data["reason"]
