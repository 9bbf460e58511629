"""What webhooks need from outside: a courier, and the terms under which a dialect's endpoints are told."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from backhaul.domain.webhooks import signatures
from backhaul.domain.webhooks.errors import VersionUnknown
from backhaul.domain.webhooks.model import Delivery

Headers = Sequence[tuple[str, str]]
# (delivery, secrets, newest first, instant of the attempt, body) → headers
Sign = Callable[[Delivery, Sequence[str], datetime, bytes], Headers]


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What the other side answered, or why there is no answer."""

    status: int | None = None
    text: str = ""
    retry_after: str | None = None  # the header as it came
    failure: str | None = None  # one word; None exactly when there is a status


class Timeouts(msgspec.Struct, frozen=True):
    """How long one attempt may take."""

    connect_seconds: float
    total_seconds: float  # from the look-up of the name to the end of the answer


class Courier(Protocol):
    """Posts bytes to a URL. May take seconds: never inside a transaction. Follows no redirects."""

    async def post(
        self, *, url: str, headers: Headers, body: bytes, timeouts: Timeouts | None = None
    ) -> Reply: ...


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Under which terms endpoints of one wording are told."""

    wording: str
    family: str
    max_endpoints: int | None  # per organization, over all wordings of the family; None: any number
    sign: Sign = signatures.standard_webhooks
    retry_seconds: tuple[int, ...] | None = None  # None: the installation's ladder
    disable_after: int | None = None  # failures in a row; None: only 410 disables
    timeouts: Timeouts | None = None  # None: the installation's


class Catalog(msgspec.Struct, frozen=True):
    """The terms this installation knows, by wording."""

    terms: Mapping[str, Terms]

    def get(self, wording: str) -> Terms:
        """Return the terms of a wording, or refuse an unknown one."""
        if wording not in self.terms:
            raise VersionUnknown(version=wording, known=", ".join(sorted(self.terms)))
        return self.terms[wording]

    def find(self, wording: str | None) -> Terms | None:
        """Return the terms of a wording; None for callbacks, and for wordings that are no longer offered."""
        return None if wording is None else self.terms.get(wording)
