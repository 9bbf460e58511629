"""One connection: what is read of it, and what ends it. The clock of a sweep is the test's own."""

import asyncio
import re
import socket

import pytest

from backhaul.cli import http_server, http_wire
from backhaul.cli.http_server import KEEP_ALIVE_SECONDS, server_of
from backhaul.cli.http_wire import BODY_SECONDS, BODY_STILL_SECONDS, HEAD_SECONDS, MAX_HEAD_BYTES

POST = b"POST /x HTTP/1.1\r\nHost: x\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
GET = b"GET /next HTTP/1.1\r\nHost: x\r\n\r\n"
SLOW = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"


class Served:
    """A server around an application that answers with the body it got, and keeps what it saw."""

    def __init__(self):
        self.connections = []
        self.scopes = []
        self.left = []  # paths of requests whose client was gone
        self.go_on = asyncio.Event()  # what /slow waits for
        self.started = asyncio.Event()
        self.server = server_of(self, drain_seconds=0.2)

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            for step in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{step}.complete"})
                self.started.set()
            return
        self.scopes.append(scope)
        if scope["path"] == "/slow":
            await self.go_on.wait()
        body, more = b"", scope["path"] != "/unread"
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.left.append(scope["path"])
                return
            body, more = body + message["body"], message["more_body"]
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def connect(self, sent=b""):
        connection = Connection(self, *await asyncio.open_connection("127.0.0.1", self.port))
        self.connections.append(connection)
        await connection.send(sent)
        return connection

    def sweep(self, now):
        for connection in list(self.server.server_state.connections):
            connection.sweep(now)


class Connection:
    def __init__(self, served, reader, writer):
        self.served, self.reader, self.writer = served, reader, writer

    async def send(self, sent):
        self.writer.write(sent)
        await self.writer.drain()
        await asyncio.sleep(0.05)  # until it is there

    async def statuses(self):
        """Return what is answered until the server hangs up."""
        async with asyncio.timeout(10):
            answers = await self.reader.read()
        return [int(status) for status in re.findall(rb"HTTP/1.1 (\d+)", answers)]

    async def answer(self):
        """Return one answer's status and body."""
        async with asyncio.timeout(10):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = int(re.search(rb"content-length: (\d+)", head)[1])
            return int(head[9:12]), await self.reader.readexactly(length)

    async def is_open(self):
        await self.send(GET)
        return (await self.answer())[0] == 200


@pytest.fixture
async def served(monkeypatch):
    monkeypatch.setattr(http_server, "SWEEP_TICKS", 1_000_000)  # tests sweep by themselves
    made = Served()
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        made.port = bound.getsockname()[1]
        serving = asyncio.create_task(made.server.serve(sockets=[bound]))
        await made.started.wait()
        yield made
        made.go_on.set()
        for connection in made.connections:
            connection.writer.transport.abort()
        made.server.should_exit = True
        await serving


async def test_fields_after_a_body_are_not_taken_for_those_before_it(served):
    trailers = b"Authorization: Token secret\r\nX-Forwarded-For: 10.0.0.1\r\nX-Request-Id: mine\r\n\r\n"
    connection = await served.connect(CHUNKED + trailers)
    assert await connection.answer() == (200, b"{}")
    assert dict(served.scopes[0]["headers"]) == {b"host": b"x", b"transfer-encoding": b"chunked"}
    assert await connection.is_open()


@pytest.mark.parametrize(
    "line", [b"X: " + b"x" * 997 + b"\r\n", b"X:\r\n", b"x" * 1000], ids=["long fields", "many", "one field"]
)
@pytest.mark.parametrize(
    "before",
    [POST, CHUNKED + b"A: ", POST + b"Transfer-Encoding: chunked\r\n\r\n2;"],
    ids=["head", "trailers", "chunk"],
)
async def test_lines_without_end_are_refused(served, before, line):
    if before.endswith(b"2;"):
        line = line.translate(None, b":\r\n ")
    connection = await served.connect(before)
    lines = line * (MAX_HEAD_BYTES // len(line) + 5)
    await connection.send(lines[:1000])
    await connection.send(lines[1000:])
    assert await connection.statuses() == [400]


async def test_a_head_that_is_too_large_is_refused_when_it_comes_as_a_whole(served):
    connection = await served.connect(POST + b"A: " + b"x" * MAX_HEAD_BYTES + b"\r\n\r\n")
    assert await connection.statuses() == [400]
    assert served.scopes == []


async def test_the_body_before_a_head_does_not_count_to_it(served):
    body = b"x" * (MAX_HEAD_BYTES + 1000)
    connection = await served.connect(POST + b"Content-Length: %d\r\n\r\n" % len(body) + body + GET[:10])
    assert (await connection.answer())[0] == 200
    await connection.send(GET[10:])
    assert await connection.answer() == (200, b"")


@pytest.mark.parametrize(
    "behind",
    [
        b"\x00garbage\r\n\r\n",
        GET[:-2] + b"A: " + b"x" * MAX_HEAD_BYTES + b"\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nno length\r\n",
        GET + b"\x00garbage\r\n\r\n",
    ],
    ids=["garbage", "large head", "bad body", "garbage behind the next"],
)
async def test_what_cannot_be_read_does_not_answer_an_earlier_request(served, behind):
    connection = await served.connect(SLOW + behind)
    served.go_on.set()
    assert await connection.statuses() == [200] * (2 if behind.startswith(GET + b"\x00") else 1)


async def test_a_body_that_cannot_be_read_is_answered_once(served):
    bad = b"Transfer-Encoding: chunked\r\n\r\nno length\r\n"
    assert await (await served.connect(POST + bad)).statuses() == [400]
    unread = await served.connect(b"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
    assert await unread.answer() == (200, b"")


async def test_a_head_has_its_time(served):
    connection = await served.connect(GET[:10])
    served.sweep(0)
    await connection.send(GET[10:12])
    served.sweep(HEAD_SECONDS)
    await connection.send(GET[12:14])
    served.sweep(HEAD_SECONDS + 1)
    assert await connection.statuses() == []


async def test_the_server_sweeps_by_itself(served, monkeypatch):
    monkeypatch.setattr(http_wire, "HEAD_SECONDS", 0.0)
    connection = await served.connect(GET[:10])
    monkeypatch.setattr(http_server, "SWEEP_TICKS", 1)
    assert await connection.statuses() == []


async def test_a_head_behind_a_slow_answer_has_its_time_from_then_on(served):
    connection = await served.connect(SLOW + GET[:10])
    served.sweep(0)
    served.sweep(HEAD_SECONDS + KEEP_ALIVE_SECONDS)
    served.go_on.set()
    assert await connection.answer() == (200, b"")
    served.sweep(2 * HEAD_SECONDS + KEEP_ALIVE_SECONDS)
    await connection.send(GET[10:])
    assert await connection.answer() == (200, b"")


@pytest.mark.parametrize("sent", [b"", b"\r\n", GET, GET + b"\r\n"])
async def test_an_idle_connection_is_closed(served, sent):
    connection = await served.connect(sent)
    served.sweep(0)
    served.sweep(KEEP_ALIVE_SECONDS + 1)
    assert await connection.statuses() == [200] * sent.count(b"GET")


async def test_a_request_that_is_being_answered_is_not_idle(served):
    connection = await served.connect(SLOW)
    served.sweep(0)
    served.sweep(KEEP_ALIVE_SECONDS + 1)
    served.go_on.set()
    assert await connection.answer() == (200, b"")
    served.sweep(2 * KEEP_ALIVE_SECONDS)
    assert await connection.is_open()


BEGUN = POST + b"Content-Length: 1000\r\n\r\n{"


@pytest.mark.parametrize("begun", [BEGUN, CHUNKED + b"A: b"], ids=["body", "trailers"])
async def test_a_body_that_stands_still_is_given_up(served, begun):
    connection = await served.connect(begun)
    served.sweep(0)
    served.sweep(BODY_STILL_SECONDS)
    served.sweep(BODY_STILL_SECONDS + 1)
    assert await connection.statuses() == [408]
    assert served.left == ["/x"]


async def test_a_body_that_never_ends_is_given_up(served):
    connection = await served.connect(BEGUN)
    for now in range(0, int(BODY_SECONDS) + 1, 10):
        await connection.send(b"x")
        served.sweep(now)
    assert served.left == []
    served.sweep(BODY_SECONDS + 1)
    assert await connection.statuses() == [408]
    assert served.left == ["/x"]


async def test_a_body_that_never_ends_is_not_answered_twice(served):
    connection = await served.connect(BEGUN.replace(b"/x", b"/unread"))
    served.sweep(0)
    served.sweep(BODY_STILL_SECONDS + 1)
    assert await connection.statuses() == [200]


async def test_a_slow_but_steady_body_is_read(served):
    size = 1_048_576
    connection = await served.connect(POST + b"Content-Length: %d\r\n\r\n" % size)
    for now in range(0, int(BODY_SECONDS), 15):
        served.sweep(now)
        await connection.send(b"x" * (size // 8))
    assert await connection.answer() == (200, b"x" * size)


async def test_a_body_nobody_reads_yet_does_not_stand_still(served):
    size = 1_048_576
    connection = await served.connect(
        SLOW.replace(b"GET", b"POST")[:-2] + b"Content-Length: %d\r\n\r\n" % size
    )
    sending = asyncio.create_task(connection.send(b"x" * size))
    await asyncio.sleep(0.1)
    served.sweep(0)
    served.sweep(BODY_STILL_SECONDS + 1)
    served.go_on.set()
    assert await connection.answer() == (200, b"x" * size)
    await sending


@pytest.mark.parametrize("protocol", [b"websocket", b"h2c"])
async def test_no_other_protocol_is_spoken(served, protocol, caplog):
    wish = b"Connection: upgrade\r\nUpgrade: " + protocol + b"\r\n"
    connection = await served.connect(POST + wish + b"Content-Length: 4\r\n\r\n{}")
    await connection.send(b"{}" + GET)
    assert await connection.answer() == (200, b"{}{}")
    assert await connection.answer() == (200, b"")
    assert [scope["path"] for scope in served.scopes] == ["/x", "/next"]
    assert caplog.records == []


async def test_this_is_no_proxy(served):
    connection = await served.connect(b"CONNECT elsewhere:1 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert await connection.statuses() == [400]
