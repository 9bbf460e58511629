"""The frame around every request: its id, its measurements, a count that a graceful stop waits for.

Every answer is what its content type says, whatever its bytes look like: no browser is to guess. HEAD is answered as
GET, without the body (RFC 9110 §9.3.2).
"""

import asyncio
import time
from functools import cache
from typing import Any

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

from backhaul.kernel.ids import new_id
from backhaul.kernel.paths import as_routed

logger = structlog.get_logger("backhaul.http")

REQUESTS = Counter("backhaul_http_requests_total", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "backhaul_http_request_seconds",
    "Time from the first byte of a request to the end of its answer.",
    ["method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

SLOW_SECONDS = 1.0
_FAILED = 500
_CLIENT_GONE = 499  # as nginx counts them; it never travels
_CUT_OFF = 503  # nor does this one
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_MAX_ID_LENGTH = 64
_NOSNIFF = (b"x-content-type-options", b"nosniff")
# A path that is a key by itself is not written down, nor one below it that leads nowhere.
_KEY_IN_PATH = "{token}"
_BEFORE_KEYS = ("/label/", "/pickup/", "/return/", "/invitation/")


class ClientGone(asyncio.CancelledError):
    """The client hung up before its request was complete: what is done for it ends as if cancelled."""


class Frame:
    """Plain ASGI middleware, outermost."""

    def __init__(self, app: ASGIApp, *, logs_requests: bool) -> None:
        self._app = app
        self._logs_requests = logs_requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        request_id = _given_id(scope) or new_id().hex
        scope["request_id"] = request_id  # type: ignore[typeddict-unknown-key]
        if "//" in scope["path"] or b"%" in scope["raw_path"]:
            scope["path"] = as_routed(scope["path"], scope["raw_path"])
        header = (b"x-request-id", request_id.encode())
        status = 0
        is_head = scope["method"] == "HEAD"
        # The server below keeps the scope it made: from that it knows that no body may follow.
        asked: Scope = {**scope, "method": "GET"} if is_head else scope

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], header, _NOSNIFF]
            elif is_head and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        async def receiving() -> Any:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            return message

        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        try:
            await self._app(asked, receiving, sending)
        except ClientGone:
            status = _CLIENT_GONE  # nobody is there to be answered
        except asyncio.CancelledError:
            status = _CUT_OFF  # the server stops and has closed the connection; nothing is defective
        finally:
            self._measure(asked, str(scope["method"]), status, time.perf_counter() - started)
            structlog.contextvars.unbind_contextvars("request_id")

    def _measure(self, scope: Scope, method: str, status: int, seconds: float) -> None:
        if method not in _METHODS:
            method = "other"  # anybody can make up a method; a label for each would fill the memory
        route = str(scope.get("path_template") or "unmatched")
        count, took = _counters(method, route, status)
        count.inc()
        took.observe(seconds)
        if self._logs_requests or status >= _FAILED or seconds > SLOW_SECONDS:
            logger.info(
                "request",
                method=method,
                path=_written(scope["path"], route),
                status=status,
                milliseconds=round(seconds * 1000, 1),
            )


def _written(path: str, route: str) -> str:
    if _KEY_IN_PATH in route:
        return route
    return next((f"{start}{_KEY_IN_PATH}" for start in _BEFORE_KEYS if path.startswith(start)), path)


@cache  # few: methods and routes are ours, and so are statuses
def _counters(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, route, str(status)), SECONDS.labels(method, route)


def _given_id(scope: Any) -> str | None:
    """Return the caller's own request id, when it is short and plain enough to be logged."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            text: str = value.decode("latin-1")
            is_plain = text.replace("-", "").replace("_", "").isalnum() and text.isascii()
            return text if is_plain and len(text) <= _MAX_ID_LENGTH else None
    return None
