import os

import pytest
from tests.adapters.files.store import CREDENTIALS, serving

from backhaul.adapters.files import DiskFiles, Links
from backhaul.adapters.files.s3 import Bucket, S3Files


async def secret():
    return b"s" * 32


@pytest.fixture
def links():
    return Links("http://here/files/", secret)


@pytest.fixture(scope="session")
def store():
    """The address of a store that speaks S3."""
    with serving() as address:
        yield address


@pytest.fixture
def as_tests(monkeypatch):
    """The credentials of tests and no others."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def bucket(request, store, as_tests):
    """A bucket of the test's own, and its client."""
    bucket = Bucket(name=f"b-{abs(hash(request.node.nodeid))}", endpoint_url=store, region="us-east-1")
    S3Files(bucket, None)._client.create_bucket(Bucket=bucket.name)
    return bucket


@pytest.fixture(params=["disk", "s3"])
def files(request, tmp_path, links):
    """Every adapter in turn."""
    if request.param == "disk":
        return DiskFiles(tmp_path / "files", links)
    return S3Files(request.getfixturevalue("bucket"), links)
