"""Servers that strangers could run, on this machine, and a resolver that says what a test wants."""

import asyncio
from ipaddress import ip_address

import httpcore2


class Receiver:
    """Counts connections, keeps requests, and answers as it is told."""

    def __init__(self, answer=b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", *, delay=0.0, hold=None):
        self.answer, self.delay = answer, delay
        self.hold = hold  # a semaphore: each request waits for one release
        self.connections = self.open = self.peak = 0
        self.requests = []
        self.server = None

    async def start(self, *, host="127.0.0.1", tls=None):
        self.server = await asyncio.start_server(self._serve, host, 0, ssl=tls)
        return self

    @property
    def port(self):
        return self.server.sockets[0].getsockname()[1]

    async def _serve(self, reader, writer):
        self.connections += 1
        self.open += 1
        self.peak = max(self.peak, self.open)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            line, *lines = head.decode().strip().split("\r\n")
            headers = dict(map(_pair, lines))
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.requests.append((line, headers, body))
            await asyncio.sleep(self.delay)
            if self.hold is not None:
                await self.hold.acquire()
            answer = self.answer(self) if callable(self.answer) else self.answer
            writer.write(answer)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()

    async def stop(self):
        self.server.close()
        await self.server.wait_closed()


def _pair(line):
    name, _, value = line.partition(":")
    return name.lower(), value.strip()


def answering(status, *, headers=(), body=b""):
    """An answer's bytes."""
    lines = [f"HTTP/1.1 {status} Said So", f"content-length: {len(body)}", *(f"{n}: {v}" for n, v in headers)]
    return "\r\n".join([*lines, "", ""]).encode() + body


class FakeResolver:
    """Gives each name its addresses, another list at every look-up; counts the look-ups."""

    def __init__(self, names):
        self.names = {name: [list(map(ip_address, turn)) for turn in turns] for name, turns in names.items()}
        self.asked = []

    async def addresses_of(self, host, port):  # noqa: ARG002
        self.asked.append(host)
        turns = self.names[host]
        return turns.pop(0) if len(turns) > 1 else turns[0]


class RecordingBackend(httpcore2.AsyncNetworkBackend):
    """Connects to this machine instead of where it is told, and keeps where that was."""

    def __init__(self, *, to=None, refusing=()):
        self.to, self.refusing = to, refusing
        self.connected = []
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(self, host, port, timeout=None, **_):  # noqa: ARG002, ASYNC109 -- the signature
        self.connected.append(host)
        if host in self.refusing or self.to is None:
            raise httpcore2.ConnectError(f"nobody listens at {host}")
        return await self._inner.connect_tcp("127.0.0.1", self.to, timeout=timeout)
