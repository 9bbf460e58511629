"""Webhooks' courier over the safe caller."""

from collections.abc import Sequence
from typing import Self

from backhaul.adapters.outgoing.calling import CallFailed, CallLimits, SafeCaller
from backhaul.adapters.outgoing.connecting import CheckedBackend
from backhaul.domain.webhooks.ports import Reply, Timeouts
from backhaul.kernel.internet import Networks


class HttpCourier:
    """Posts one delivery. A redirect is an answer like any other: nothing is followed."""

    def __init__(self, caller: SafeCaller) -> None:
        self._caller = caller

    @classmethod
    def within(cls, allowed: Networks, *, total_seconds: float, connect_seconds: float) -> Self:
        """Return a courier to the public internet and the allowed networks, with these limits for each call."""
        limits = CallLimits(connect_seconds=connect_seconds, total_seconds=total_seconds)
        return cls(SafeCaller(CheckedBackend(allowed=allowed), limits=limits))

    async def post(
        self,
        *,
        url: str,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        timeouts: Timeouts | None = None,
    ) -> Reply:
        """Send the bytes and return what came of it; never raises for what the other side does."""
        limits = None
        if timeouts is not None:
            limits = CallLimits(
                connect_seconds=timeouts.connect_seconds, total_seconds=timeouts.total_seconds
            )
        try:
            answered = await self._caller.call("POST", url, headers=headers, body=body, limits=limits)
        except CallFailed as failure:
            return Reply(failure=failure.reason, text=str(failure))
        return Reply(
            status=answered.status,
            text=answered.body.decode("utf-8", "replace"),
            retry_after=answered.headers.get("retry-after"),
        )
