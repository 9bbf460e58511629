"""From a name to a connection: looked up once, every address judged, and the judged address itself connected to.

A second look-up, as most clients make when they connect, could answer differently (DNS rebinding).
"""

import asyncio
import socket
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Protocol

import httpcore2

from backhaul.kernel.internet import Address, Networks, is_allowed, plain

LOOK_UPS_AT_ONCE = 32  # each holds a thread while its name server is slow

_SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class AddressRefused(Exception):
    """The name leads to an address that is not of the public internet; nothing was connected to."""


class NameUnknown(Exception):
    """The name has no address."""


class Resolver(Protocol):
    """Looks names up."""

    async def addresses_of(self, host: str, port: int) -> Sequence[Address]: ...


class SystemResolver:
    """The machine's own resolver, in threads of its own: a slow name server holds up nobody else's threads."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(LOOK_UPS_AT_ONCE, thread_name_prefix="resolver")

    async def addresses_of(self, host: str, port: int) -> Sequence[Address]:
        """Return the addresses of a name in the system's order of preference (RFC 6724)."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._threads, _look_up, host, port)
        except (OSError, UnicodeError) as error:
            raise NameUnknown(str(error)) from error
        return [ip_address(address) for address in dict.fromkeys(found)]


def _look_up(host: str, port: int) -> list[str]:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # A link-local address comes with its zone beside it; whatever else has one is not global either.
    return [f"{row[4][0]}" for row in rows]


class CheckedBackend(httpcore2.AsyncNetworkBackend):
    """Connects to global addresses, and to those of the allowed networks, and to nothing else."""

    def __init__(
        self,
        *,
        allowed: Networks = (),
        resolver: Resolver | None = None,
        inner: httpcore2.AsyncNetworkBackend | None = None,
    ) -> None:
        self._allowed = allowed
        self._resolver = resolver or SystemResolver()
        self._inner = inner or httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- the library's signature
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Look the host up, refuse it if any address is not allowed, and connect to the first that answers.

        One bad address is enough to refuse: a public server has none, and choosing among them would help whoever
        mixes them. TLS verifies the name afterwards: the caller asks for it by name, not by address.
        """
        clock = asyncio.get_running_loop()
        deadline = None if timeout is None else clock.time() + timeout
        addresses = await self._checked(host, port)
        failure: Exception | None = None
        for place, address in enumerate(addresses):
            # A part of the time for each, so that one that swallows packets leaves some for the next.
            share = None if deadline is None else (deadline - clock.time()) / (len(addresses) - place)
            if share is not None and share <= 0:
                break
            try:
                return await self._inner.connect_tcp(
                    str(address),
                    port,
                    timeout=share,
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = failure or error
        raise failure or httpcore2.ConnectTimeout(f"no time left to connect to {host}")

    async def _checked(self, host: str, port: int) -> list[Address]:
        addresses = [plain(address) for address in await self._resolver.addresses_of(host, port)]
        if not addresses:
            raise NameUnknown(f"{host} has no address")
        if refused := next((one for one in addresses if not is_allowed(one, self._allowed)), None):
            raise AddressRefused(f"{host} is at {refused}, which is not an address of the public internet")
        return addresses

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 -- the library's signature
        socket_options: Iterable[_SocketOption] | None = None,  # noqa: ARG002
    ) -> httpcore2.AsyncNetworkStream:
        """Refuse: a socket of this machine is nobody else's."""
        raise AddressRefused(f"{path} is a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
