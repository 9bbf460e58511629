"""One of several serving processes: `python -m backhaul.cli.http_process`, started by `backhaul serve --workers`.

It is given two descriptors: the socket all of them listen on, and the end of a pipe that closes with the process
that started it.
"""

import asyncio
import signal
import socket
import sys
from pathlib import Path

import uvloop

from backhaul import main as wiring
from backhaul.cli import http_server, logs
from backhaul.settings import Settings, load


def main(listening: int, alive: int) -> None:
    """Serve until a signal comes, or the process that started this one is gone."""
    settings = load()
    logs.configure(settings.log)
    uvloop.run(_serve(settings, socket.socket(fileno=listening), alive))


async def _serve(settings: Settings, bound: socket.socket, alive: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def orphaned() -> None:
        loop.remove_reader(alive)
        stop.set()

    loop.add_reader(alive, orphaned)
    place = wiring.Place(Path(settings.data_dir), wiring.urls_of(settings.database), None)
    await http_server.serve(settings, place, bound, stop=stop)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
