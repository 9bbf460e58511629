"""The application inside this process, spoken to as a server would: to see what it does and where its time goes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from backhaul.web.frame import Frame


class Answered(msgspec.Struct, frozen=True):
    """One answer."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


@contextlib.asynccontextmanager
async def running(app: Frame) -> AsyncIterator[None]:
    """Start the application and stop it again."""
    incoming: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    outgoing: asyncio.Queue[Any] = asyncio.Queue()
    scope: Any = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
    living = asyncio.create_task(app(scope, incoming.get, outgoing.put))  # type: ignore[arg-type]
    try:
        incoming.put_nowait({"type": "lifespan.startup"})
        told = await outgoing.get()
        if told["type"] != "lifespan.startup.complete":
            raise RuntimeError(f"the application did not start: {told}")
        yield
        incoming.put_nowait({"type": "lifespan.shutdown"})
        await outgoing.get()
    finally:
        living.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await living


async def call(app: Frame, method: str, target: str, authorization: str, body: bytes = b"") -> Answered:
    """Send one request to a path with its query."""
    path, _, query = target.partition("?")
    name, _, value = authorization.partition(": ")
    headers = [
        (b"host", b"127.0.0.1:8000"),
        (name.lower().encode(), value.encode()),
        *(
            [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
            if body
            else []
        ),
    ]
    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8_000),
        "state": {},
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    content = b"".join(message.get("body", b"") for message in sent[1:])
    return Answered(sent[0]["status"], list(sent[0]["headers"]), content)
