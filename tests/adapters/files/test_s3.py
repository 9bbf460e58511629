"""Files in a bucket: what lies there, and what a store that fails is said to be."""

import os
import socket
import threading

import msgspec
import pytest
from tests.adapters.files.ports import free_port

from backhaul.adapters.files.s3 import S3Files
from backhaul.domain.returns.errors import FilesUnavailable

KEY = "returns/0190-a/0190-b/0190-c"
PNG = "image/png"


def with_changes(bucket, links, **changes):
    return S3Files(msgspec.structs.replace(bucket, **changes), links)


async def test_a_file_lies_under_its_own_name_with_its_type(bucket, links):
    files = S3Files(bucket, links)
    await files.put(KEY, b"one", media_type=PNG)
    lying = files._client.list_objects_v2(Bucket=bucket.name)["Contents"]
    assert [one["Key"] for one in lying] == [KEY]
    head = files._client.head_object(Bucket=bucket.name, Key=KEY)
    assert (head["ContentType"], head["ContentLength"]) == (PNG, 3)
    await files.delete(KEY)
    assert files._client.list_objects_v2(Bucket=bucket.name)["KeyCount"] == 0


async def test_a_link_says_nothing_of_the_store(bucket, links, clock):
    files = S3Files(bucket, links)
    url = await files.url(KEY, media_type=PNG, now=clock.now())
    for secret in (bucket.name, bucket.endpoint_url, os.environ["AWS_ACCESS_KEY_ID"], "X-Amz"):
        assert secret not in url


async def test_what_is_put_is_not_open_to_strangers(bucket, links):
    files = S3Files(bucket, links)
    await files.put(KEY, b"one", media_type=PNG)
    grants = files._client.get_object_acl(Bucket=bucket.name, Key=KEY)["Grants"]
    assert [(grant["Grantee"]["Type"], grant["Permission"]) for grant in grants] == [
        ("CanonicalUser", "FULL_CONTROL")
    ]


async def refused(files):
    """Why the store is not available, by every call."""
    reasons = set()
    for call in (files.put(KEY, b"x", media_type=PNG), files.get(KEY), files.delete(KEY)):
        with pytest.raises(FilesUnavailable) as unavailable:
            await call
        reasons.add(unavailable.value.data["reason"])
    return reasons


async def test_a_bucket_that_there_is_not_is_said_so(bucket, links):
    assert await refused(with_changes(bucket, links, name="no-such-bucket")) == {
        "bucket no-such-bucket: NoSuchBucket"
    }


async def test_a_store_that_nobody_is_at_is_unavailable(bucket, links):
    address = f"http://127.0.0.1:{free_port()}"
    (reason,) = {
        reason.partition(": ")[2].partition(":")[0]
        for reason in await refused(with_changes(bucket, links, endpoint_url=address))
    }
    assert reason == "Could not connect to the endpoint URL"


async def test_without_credentials_nothing_is_sent(bucket, links, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert await refused(S3Files(bucket, links)) == {f"bucket {bucket.name}: Unable to locate credentials"}


def silent(listener):
    """Take connections and say nothing until the other side gives up."""
    taken = []
    while True:
        try:
            taken.append(listener.accept())
        except OSError:
            return


@pytest.mark.slow
async def test_a_store_that_says_nothing_is_given_up(bucket, links):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=silent, args=(listener,), daemon=True).start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        files = with_changes(bucket, links, endpoint_url=address, timeout_seconds=0.2)
        with pytest.raises(FilesUnavailable, match="Read timeout"):
            await files.get(KEY)


async def test_strangers_without_credentials_are_the_stores_to_refuse(bucket, links):
    """The adapter signs what it sends: the store is told who asks."""
    files = S3Files(bucket, links)
    sent = []
    files._client.meta.events.register(
        "before-send.s3", lambda request, **_: sent.append(dict(request.headers))
    )
    await files.put(KEY, b"one", media_type=PNG)
    (headers,) = sent
    assert headers["Authorization"].startswith(b"AWS4-HMAC-SHA256 Credential=tests/")
