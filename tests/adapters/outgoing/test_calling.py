"""One request within limits: what is sent, how much is read, how long it may take."""

import asyncio
import gzip

import pytest

from backhaul.adapters.outgoing import CallFailed, CallLimits, CheckedBackend, HttpCourier, SafeCaller
from backhaul.domain.webhooks.ports import Reply
from backhaul.kernel.internet import networks

from .receivers import answering

HERE = networks(["127.0.0.0/8"])


def caller(**limits):
    return SafeCaller(CheckedBackend(allowed=HERE), limits=CallLimits(**limits))


async def test_a_request_carries_its_bytes_and_headers_and_nothing_that_is_ours_alone(start):
    receiver = await start()
    url = f"http://127.0.0.1:{receiver.port}/hook/ä?token=1%202"
    answered = await caller().call(
        "POST", url, headers=[("content-type", "application/json")], body=b'{"a":1}'
    )
    assert (answered.status, answered.body) == (200, b"ok")
    [(line, headers, body)] = receiver.requests
    assert (line, body) == ("POST /hook/%C3%A4?token=1%202 HTTP/1.1", b'{"a":1}')
    assert headers.pop("user-agent").startswith("Backhaul/")
    assert headers == {
        "host": f"127.0.0.1:{receiver.port}",
        "content-length": "7",
        "accept": "*/*",
        "accept-encoding": "identity",
        "connection": "close",
        "content-type": "application/json",
    }


async def test_a_header_that_is_given_replaces_a_fixed_one(start):
    receiver = await start()
    await caller().call("POST", f"http://127.0.0.1:{receiver.port}/", headers=[("User-Agent", "Other/1.0")])
    assert receiver.requests[0][1]["user-agent"] == "Other/1.0"


async def test_cookies_are_not_kept(start):
    receiver = await start(answering(200, headers=[("set-cookie", "a=b; Path=/")]))
    safe = caller()
    for _ in range(2):
        await safe.call("POST", f"http://127.0.0.1:{receiver.port}/")
    assert [headers.get("cookie") for _, headers, _ in receiver.requests] == [None, None]
    assert receiver.connections == 2  # each request has a connection of its own


async def test_only_the_beginning_of_an_answer_is_read(start):
    receiver = await start(answering(200, body=b"x" * 5_000_000))
    answered = await caller(answer_bytes=1000).call("POST", f"http://127.0.0.1:{receiver.port}/")
    assert answered.body == b"x" * 1000


async def test_a_compressed_answer_is_not_unpacked(start):
    bomb = gzip.compress(b"\0" * 10_000_000)
    receiver = await start(answering(200, headers=[("content-encoding", "gzip")], body=bomb))
    answered = await caller().call("POST", f"http://127.0.0.1:{receiver.port}/")
    assert answered.body == bomb[:65_536]


async def test_a_receiver_that_says_nothing_is_given_up(start):
    receiver = await start(delay=60)
    with pytest.raises(CallFailed) as failed:
        await caller(total_seconds=0.2).call("POST", f"http://127.0.0.1:{receiver.port}/")
    assert failed.value.reason == "timed_out"


async def test_a_body_that_never_ends_does_not_unsay_the_status(start):
    server = await asyncio.start_server(_drip, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        answered = await asyncio.wait_for(caller(total_seconds=0.3).call("POST", url), 5)
    assert (answered.status, set(answered.body)) == (202, {ord("x")})


async def _drip(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 202 Accepted\r\ncontent-length: 1000\r\n\r\n")
    try:
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)
    except ConnectionError:
        writer.close()


async def test_headers_that_never_end_are_given_up(start):
    receiver = await start(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 100_000)
    with pytest.raises(CallFailed) as failed:
        await caller(total_seconds=2).call("POST", f"http://127.0.0.1:{receiver.port}/")
    assert failed.value.reason == "broken_answer"


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH_9.9\r\n", b"HTTP/1.1 999999 What\r\n\r\n"])
async def test_what_is_no_http_is_no_answer(start, answer):
    receiver = await start(answer)
    with pytest.raises(CallFailed) as failed:
        await caller(total_seconds=2).call("POST", f"http://127.0.0.1:{receiver.port}/")
    assert failed.value.reason == "broken_answer"


@pytest.mark.parametrize(
    "url",
    [
        *[
            "ftp://127.0.0.1/",
            "http:///x",
            "http://",
            "file:///etc/passwd",
            "http://a:b@127.0.0.1/",
            "//127.0.0.1/",
            "http://[::1",
        ],
        "",
    ],
)
async def test_other_urls_are_not_called(url):
    with pytest.raises(CallFailed) as failed:
        await caller().call("POST", url)
    assert failed.value.reason == "url_invalid"


async def test_a_slow_call_delays_no_other(start):
    slow, quick = await start(delay=60), await start()
    safe = caller(total_seconds=30)
    waiting = [asyncio.create_task(safe.call("POST", f"http://127.0.0.1:{slow.port}/")) for _ in range(20)]
    answered = await asyncio.wait_for(safe.call("POST", f"http://127.0.0.1:{quick.port}/"), 10)
    assert answered.status == 200
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_the_courier_turns_every_ending_into_a_reply(start):
    busy = await start(answering(503, headers=[("Retry-After", "120")], body=b"busy \xff"))
    courier = HttpCourier(caller(total_seconds=5))
    reply = await courier.post(url=f"http://127.0.0.1:{busy.port}/", headers=[], body=b"")
    assert reply == Reply(status=503, text="busy \N{REPLACEMENT CHARACTER}", retry_after="120")
    refused = await HttpCourier(SafeCaller(CheckedBackend())).post(
        url="http://127.0.0.1:1/", headers=[], body=b""
    )
    assert (refused.status, refused.failure) == (None, "address_refused")
