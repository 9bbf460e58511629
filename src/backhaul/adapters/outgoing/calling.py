"""One request to somebody else's server, within limits of time and size.

httpx2's client is left out on purpose. What it adds to a transport (redirects, cookies, proxies and passwords from the
environment, unpacking of compressed answers, a line of log with the URL) is what must not happen here.
"""

import asyncio
import contextlib
import ssl
from collections.abc import Mapping, Sequence
from functools import cache

import httpcore2
import httpx2
import msgspec

from backhaul import __version__
from backhaul.adapters.outgoing.connecting import AddressRefused, CheckedBackend, NameUnknown

Headers = Sequence[tuple[str, str]]

FIXED_HEADERS = (
    ("user-agent", f"Backhaul/{__version__}"),
    ("accept", "*/*"),
    ("accept-encoding", "identity"),
    ("connection", "close"),
)


class CallLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How long a call may take and how much of its answer is read."""

    connect_seconds: float = 5.0
    total_seconds: float = 10.0  # from the look-up of the name to the end of the answer
    answer_bytes: int = 65_536  # what comes after that is dropped


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What a server answered, whatever it says."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes  # its beginning


class CallFailed(Exception):
    """There is no answer. `reason` is one word for machines, the text is for people."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class SafeCaller:
    """Makes requests. Each has a connection of its own, so that each looks its name up and judges it anew."""

    def __init__(
        self,
        backend: CheckedBackend,
        *,
        limits: CallLimits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._limits = limits or CallLimits()
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=tls or _systems_trust(),
            max_connections=None,  # whoever calls decides how many there are
            max_keepalive_connections=0,
            network_backend=backend,
        )

    async def call(
        self,
        method: str,
        url: str,
        *,
        headers: Headers = (),
        body: bytes = b"",
        limits: CallLimits | None = None,
    ) -> Answered:
        """Send one request and return its answer, a redirect included; raises `CallFailed` without one."""
        within = limits or self._limits
        deadline = asyncio.get_running_loop().time() + within.total_seconds
        try:
            request = self._request(method, url, headers, body, within)
            async with asyncio.timeout_at(deadline):
                response = await self._pool.handle_async_request(request)
            return await self._answered(response, deadline)
        except (TimeoutError, httpcore2.TimeoutException) as error:
            text = f"no answer within {within.total_seconds:g} seconds"
            raise CallFailed("timed_out", text) from error
        except httpx2.InvalidURL as error:
            raise CallFailed("url_invalid", str(error)) from error
        except NameUnknown as error:
            raise CallFailed("name_unknown", str(error)) from error
        except AddressRefused as error:
            raise CallFailed("address_refused", str(error)) from error
        except httpcore2.ConnectError as error:
            reason = "tls_failed" if _is_about_tls(error) else "connect_failed"
            raise CallFailed(reason, str(error) or "no connection") from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol) as error:
            raise CallFailed("broken_answer", str(error) or type(error).__name__) from error

    async def close(self) -> None:
        """Close what is still open."""
        await self._pool.aclose()

    def _request(
        self, method: str, url: str, headers: Headers, body: bytes, limits: CallLimits
    ) -> httpcore2.Request:
        parsed = httpx2.URL(url)
        if parsed.scheme not in {"http", "https"} or not parsed.raw_host or parsed.userinfo:
            raise httpx2.InvalidURL("only http and https URLs with a host and without a password are called")
        given = {name.lower() for name, _ in headers}
        return httpcore2.Request(
            method,
            httpcore2.URL(
                scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path
            ),
            headers=[
                ("host", parsed.netloc.decode("ascii")),
                ("content-length", str(len(body))),
                *(fixed for fixed in FIXED_HEADERS if fixed[0] not in given),
                *headers,
            ],
            content=body,
            extensions={
                "timeout": {
                    "connect": limits.connect_seconds,
                    "read": limits.total_seconds,
                    "write": limits.total_seconds,
                    "pool": limits.total_seconds,
                }
            },
        )

    async def _answered(self, response: httpcore2.Response, deadline: float) -> Answered:
        beginning = bytearray()
        try:
            # The status has been said: a body that breaks off or never ends does not unsay it.
            with contextlib.suppress(
                TimeoutError, httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError
            ):
                async with asyncio.timeout_at(deadline):
                    async for part in response.aiter_stream():
                        beginning += part
                        if len(beginning) >= self._limits.answer_bytes:
                            break
        finally:
            await response.aclose()
        return Answered(
            status=response.status,
            headers={
                name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
            },
            body=bytes(beginning[: self._limits.answer_bytes]),
        )


@cache
def _systems_trust() -> ssl.SSLContext:
    # The machine's certificates, or those of SSL_CERT_FILE: twenty milliseconds, once a process.
    return httpx2.create_ssl_context()


def _is_about_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
