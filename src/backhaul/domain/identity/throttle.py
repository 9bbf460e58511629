"""Slows the guessing of credentials: failures are counted per remote address and per account."""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Literal

import msgspec

from backhaul.domain.identity.errors import TooManyAttempts

_ROUNDING = 1e-6  # who waited as long as told is not told to wait again
_IPV6_CUSTOMER_PREFIX = 64  # who has one IPv6 address has all of its /64

Tried = Literal["key", "password", "token"]


class ThrottleSettings(msgspec.Struct, frozen=True):
    """How many failures are forgiven."""

    burst: int = 30  # failures at once, before anything slows
    per_second: float = 0.5  # forgiven afterwards: 1,800 guesses an hour
    remembered: int = 20_000  # addresses and accounts; the longest untouched is forgotten first


class Throttle:
    """A bucket of forgiven failures for each address or account, in this process's memory.

    Check before trying, report each failure. Calls in flight at the same time pass the check together, so
    `burst` may be passed by the number of connections.
    """

    def __init__(self, settings: ThrottleSettings, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._ticks = ticks  # seconds that never run backwards
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # left, and at which tick

    def check(self, *whom: str) -> None:
        """Refuse with `TooManyAttempts` when any of these has used up its failures."""
        waits = [self._wait_seconds(name) for name in whom]
        longest = max(waits, default=0.0)
        if longest > 0:
            raise TooManyAttempts(retry_after_seconds=math.ceil(longest))

    def fail(self, *whom: str) -> None:
        """Count one failure for each of these."""
        for name in whom:
            left = max(0.0, self._left(name) - 1.0)
            self._buckets[name] = (left, self._ticks())
            self._buckets.move_to_end(name)
        while len(self._buckets) > self._settings.remembered:
            self._buckets.popitem(last=False)

    def charge(self, *whom: str) -> None:
        """Count one failure for each of these, unless one of them has to wait: then refuse like `check`."""
        self.check(*whom)
        self.fail(*whom)

    def forgive(self, *whom: str) -> None:
        """Forget the failures of these, for instance of an account that has signed in."""
        for name in whom:
            self._buckets.pop(name, None)

    def _left(self, name: str) -> float:
        left, at = self._buckets.get(name, (float(self._settings.burst), 0.0))
        return min(float(self._settings.burst), left + (self._ticks() - at) * self._settings.per_second)

    def _wait_seconds(self, name: str) -> float:
        if name not in self._buckets:
            return 0.0
        missing = 1.0 - self._left(name)
        return missing / self._settings.per_second if missing > _ROUNDING else 0.0


def address_name(remote_address: str | None, *, tried: Tried) -> str:
    """Return the name failures from a remote address are counted under; an IPv6 /64 counts as one.

    What was tried counts apart: a program that goes on with an ended token keeps nobody beside it from signing in.
    """
    return f"{tried} from {_customer_of(remote_address)}"


def _customer_of(remote_address: str | None) -> str:
    try:
        address = ipaddress.ip_address(remote_address or "")
    except ValueError:
        return str(remote_address)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, _IPV6_CUSTOMER_PREFIX), strict=False))
    return str(address)


def account_name(email: str) -> str:
    """Return the name failures for an account are counted under."""
    return f"account {email.strip().casefold()}"
