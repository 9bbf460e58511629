"""The least an answer over HTTP costs: the same server with the same settings answering the same bytes."""

import argparse
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import uvloop

from backhaul.cli.http_server import listen, server_of
from backhaul.settings import HttpSettings, Settings

Application = Callable[[Any, Any, Any], Awaitable[None]]


def make(body: bytes, status: int, headers: list[tuple[bytes, bytes]]) -> Application:
    """Return an application that reads the request and gives this answer."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for step in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{step}.complete"})
            return
        more = scope["method"] == "POST"
        while more:
            more = (await receive()).get("more_body", False)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer


async def serve(app: Application, port: int) -> None:
    """Serve on this machine alone until killed."""
    bound = listen(Settings(http=HttpSettings(port=port)))
    await server_of(app, drain_seconds=1).serve(sockets=[bound])


def main() -> None:
    """Read what to answer: status, headers a line each, an empty line, the body."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--answer", type=Path, required=True)
    given = parser.parse_args()
    head, _, body = given.answer.read_bytes().partition(b"\n\n")
    status, *lines = head.split(b"\n")
    headers = [(name, value) for name, _, value in (line.partition(b": ") for line in lines)]
    uvloop.run(serve(make(body, int(status), headers), given.port))


if __name__ == "__main__":
    main()
