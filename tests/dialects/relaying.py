"""A socket in front of PostgreSQL's own that a test can close: the database goes away, and comes back."""

import asyncio
import contextlib
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

SOCKET = ".s.PGSQL.5432"


class Relay:
    """Passes bytes between its own socket and the real one."""

    def __init__(self, url, folder):
        parts = urlsplit(url)
        host = parse_qs(parts.query)["host"][0]
        port = parse_qs(parts.query).get("port", ["5432"])[0]
        self._target = f"{host}/.s.PGSQL.{port}"
        self._path = Path(folder, SOCKET)
        self.url = urlunsplit(parts._replace(query=f"host={folder}&port=5432"))
        self._server = None
        self._passing = set()

    async def open(self):
        self._server = await asyncio.start_unix_server(self._accept, self._path)

    async def close(self):
        """Accept nobody any more and cut every connection."""
        self._server.close()
        for task in list(self._passing):
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)
        self._path.unlink(missing_ok=True)

    async def _accept(self, reader, writer):
        there, back = await asyncio.open_unix_connection(self._target)
        tasks = [asyncio.create_task(_pass(reader, back)), asyncio.create_task(_pass(there, writer))]
        self._passing.update(tasks)
        for task in tasks:
            task.add_done_callback(self._passing.discard)


async def _pass(reader, writer):
    try:
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


@contextlib.asynccontextmanager
async def relayed(url):
    """A relay to the database of a URL."""
    with tempfile.TemporaryDirectory(prefix="bh") as folder:  # short: socket paths end at 107 bytes
        relay = Relay(url, folder)
        await relay.open()
        try:
            yield relay
        finally:
            await relay.close()
