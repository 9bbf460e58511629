"""Links that show one file to whoever has them: signed, and good for a day or two. No account, and no list of them."""

import hmac
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

import msgspec

from backhaul.domain.returns.errors import FileUnknown
from backhaul.domain.returns.ports import LINK_LIVES, Files

# The end of a link is rounded up to whole days: within one day the same file has the same link, and is cached by it.
_STEP_SECONDS = int(timedelta(days=1).total_seconds())
_MAX_DIGITS = 12
TYPES = frozenset({"image/jpeg", "image/png", "image/webp"})


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """What a link says: which file, as what it is shown, until when (seconds since 1970), and the proof."""

    key: str
    media_type: str
    until: int
    proof: str


class Links:
    """Makes links and tells ours from others."""

    def __init__(self, page: str, secret: Callable[[], Awaitable[bytes]]) -> None:
        self._page = page  # the URL that keys are appended to
        self._secret = secret

    async def make(self, key: str, *, media_type: str, now: datetime) -> str:
        """Return a link that works for at least `LINK_LIVES`."""
        end = int((now + LINK_LIVES).timestamp())
        until = -(-end // _STEP_SECONDS) * _STEP_SECONDS
        proof = await self._proof(key, media_type, until)
        return f"{self._page}{key}?{urlencode({'type': media_type, 'until': until, 'proof': proof})}"

    async def is_valid(self, link: Link, *, now: datetime) -> bool:
        """Tell whether a link is ours and its time is not over."""
        expected = await self._proof(link.key, link.media_type, link.until)
        is_ours = hmac.compare_digest(expected.encode(), link.proof.encode())
        return is_ours and link.media_type in TYPES and now.astimezone(UTC).timestamp() < link.until

    async def _proof(self, key: str, media_type: str, until: int) -> str:
        said = "\n".join((key, media_type, str(until)))
        return hmac.new(await self._secret(), said.encode(), sha256).hexdigest()


class ShownFiles:
    """What a link leads to: the file, if the link is ours."""

    def __init__(self, files: Files, links: Links) -> None:
        self._files = files
        self._links = links

    async def open(
        self, key: str, *, media_type: str, until: str, proof: str, now: datetime
    ) -> tuple[str, bytes]:
        """Return a file's type and content; refuses a link that is not ours or too old, and a file that is gone."""
        if not until.isascii() or not until.isdigit() or len(until) > _MAX_DIGITS:
            raise FileUnknown(key=key)
        link = Link(key=key, media_type=media_type, until=int(until), proof=proof)
        if not await self._links.is_valid(link, now=now):
            raise FileUnknown(key=key)
        return media_type, await self._files.get(key)
