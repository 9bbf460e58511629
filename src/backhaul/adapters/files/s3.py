"""Files in a bucket of any store that speaks S3: for hosts that share no folder. Needs the extra `s3`.

The bucket stays closed: we show its files by our own links, with our own headers, so a link outlives whatever
credentials the store was read with, and browsers never have to reach the store. Who we are is no setting: boto3 reads
it from the environment, or asks the machine.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from backhaul.adapters.files.keys import require_key
from backhaul.adapters.files.links import Links
from backhaul.adapters.files.probing import probe
from backhaul.domain.returns.errors import FilesUnavailable, FileUnknown

Result = TypeVar("Result")

_GONE = "NoSuchKey"
_ATTEMPTS = 3


class Bucket(msgspec.Struct, frozen=True, kw_only=True):
    """Where files lie, and how long the store may take to connect or to say the next thing."""

    name: str
    endpoint_url: str | None = None  # None: Amazon's of the region
    region: str | None = None  # None: as the environment says
    timeout_seconds: float = 10.0


class S3Files:
    """Keeps files in a bucket. A store that answers with anything unexpected is not available."""

    def __init__(self, bucket: Bucket, links: Links) -> None:
        self._bucket = bucket
        self._links = links
        self._client = _client_of(bucket)  # may be used by several threads

    async def put(self, key: str, content: bytes, *, media_type: str) -> None:
        """Write a file; one that is there already is replaced."""
        await self._do(self._client.put_object, key, Body=content, ContentType=media_type)

    async def get(self, key: str) -> bytes:
        """Return a file's content, or refuse."""
        return await self._do(self._read, key)

    async def delete(self, key: str) -> None:
        """Remove a file; one that is gone stays gone."""
        await self._do(self._client.delete_object, key)

    async def url(self, key: str, *, media_type: str, now: datetime) -> str:
        """Return a link to a file."""
        require_key(key)
        return await self._links.make(key, media_type=media_type, now=now)

    async def examine(self) -> str:
        """Return where files lie, or refuse."""
        await probe(self)
        return f"bucket {self._bucket.name}, where a file was written, read and removed"

    def _read(self, **where: str) -> bytes:
        content: bytes = self._client.get_object(**where)["Body"].read()
        return content

    async def _do(self, work: Callable[..., Result], key: str, **said: Any) -> Result:
        require_key(key)
        try:
            return await asyncio.to_thread(work, Bucket=self._bucket.name, Key=key, **said)
        except ClientError as refused:
            code = refused.response.get("Error", {}).get("Code", "")
            if code == _GONE:
                raise FileUnknown(key=key) from None
            raise FilesUnavailable(reason=f"bucket {self._bucket.name}: {code or refused}") from refused
        except BotoCoreError as error:
            reason = f"bucket {self._bucket.name}: {str(error).rstrip('.')}"
            raise FilesUnavailable(reason=reason) from error


def _client_of(bucket: Bucket) -> Any:
    config = Config(
        connect_timeout=bucket.timeout_seconds,
        read_timeout=bucket.timeout_seconds,
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        # Other stores seldom have a host name for each bucket, and many do not know Amazon's newer checksums.
        s3={"addressing_style": "auto" if bucket.endpoint_url is None else "path"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return Session().client("s3", endpoint_url=bucket.endpoint_url, region_name=bucket.region, config=config)
