"""Hostile addresses are never connected to; public ones are, by the address that was looked up once."""

import ssl
from ipaddress import ip_address
from pathlib import Path

import httpcore2
import pytest
from tests.kernel.internet_hosts import GLOBAL, LOOPBACK, NOT_GLOBAL

from backhaul.adapters.outgoing import CallFailed, CallLimits, CheckedBackend, SafeCaller, SystemResolver
from backhaul.kernel.internet import networks, plain

from .receivers import FakeResolver, RecordingBackend, answering

CERTIFICATE = str(Path(__file__).parents[1] / "mail" / "localhost.pem")
HOSTS = [
    *[host for host in LOOPBACK if host.isascii()],
    *[
        "localhost",
        "localhost.",
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104 -- nothing is bound
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
    ],
]


def caller(backend, **limits):
    return SafeCaller(backend, limits=CallLimits(**limits))


async def test_this_machine_is_not_connected_to_in_any_spelling(start, subtests):
    receiver = await start(host="127.0.0.1")
    safe = caller(CheckedBackend())
    for host in HOSTS:
        with subtests.test(host=host):
            with pytest.raises(CallFailed) as failed:
                await safe.call("POST", f"http://{host}:{receiver.port}/", body=b"{}")
            assert failed.value.reason in {"address_refused", "url_invalid", "name_unknown"}
            assert receiver.connections == 0
    await caller(CheckedBackend(allowed=networks(["127.0.0.0/8"]))).call(
        "POST", f"http://127.1:{receiver.port}/"
    )
    assert receiver.connections == 1  # it would have been counted


@pytest.mark.parametrize("address", NOT_GLOBAL)
async def test_a_name_that_leads_anywhere_special_is_refused_before_connecting(address):
    inner = RecordingBackend()
    backend = CheckedBackend(resolver=FakeResolver({"evil.example": [[address]]}), inner=inner)
    with pytest.raises(CallFailed) as failed:
        await caller(backend).call("POST", "https://evil.example/hook")
    assert (failed.value.reason, inner.connected) == ("address_refused", [])


@pytest.mark.parametrize("address", GLOBAL)
async def test_a_public_address_is_connected_to(start, address):
    receiver = await start()
    inner = RecordingBackend(to=receiver.port)
    backend = CheckedBackend(resolver=FakeResolver({"good.example": [[address]]}), inner=inner)
    answered = await caller(backend).call("POST", "http://good.example/hook")
    assert answered.status == 200
    assert inner.connected == [str(plain(ip_address(address)))]


@pytest.mark.parametrize(
    "mixed", [["8.8.8.8", "127.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["2606:4700::1", "fe80::1"]]
)
async def test_one_special_address_among_public_ones_is_enough_to_refuse(mixed):
    inner = RecordingBackend()
    backend = CheckedBackend(resolver=FakeResolver({"mixed.example": [mixed]}), inner=inner)
    with pytest.raises(CallFailed, match="not an address of the public internet"):
        await caller(backend).call("POST", "http://mixed.example/")
    assert inner.connected == []


async def test_a_name_is_looked_up_once_and_a_later_answer_does_not_matter(start):
    receiver = await start()
    inner = RecordingBackend(to=receiver.port)
    resolver = FakeResolver({"rebinding.example": [["8.8.8.8"], ["127.0.0.1"]]})
    safe = caller(CheckedBackend(resolver=resolver, inner=inner))
    await safe.call("POST", "http://rebinding.example/")
    assert (resolver.asked, inner.connected) == (["rebinding.example"], ["8.8.8.8"])
    # The next request looks it up anew, and is refused.
    with pytest.raises(CallFailed) as failed:
        await safe.call("POST", "http://rebinding.example/")
    assert failed.value.reason == "address_refused"
    assert (len(resolver.asked), inner.connected, receiver.connections) == (2, ["8.8.8.8"], 1)


async def test_the_next_address_is_tried_when_one_does_not_answer(start):
    receiver = await start()
    inner = RecordingBackend(to=receiver.port, refusing={"2606:4700::1"})
    resolver = FakeResolver({"dual.example": [["2606:4700::1", "8.8.8.8"]]})
    answered = await caller(CheckedBackend(resolver=resolver, inner=inner)).call(
        "POST", "http://dual.example/"
    )
    assert (answered.status, inner.connected) == (200, ["2606:4700::1", "8.8.8.8"])


async def test_a_redirect_to_this_machine_is_an_answer_and_nothing_more(start):
    inside = await start()
    outside = await start(answering(302, headers=[("location", f"http://127.0.0.1:{inside.port}/")]))
    inner = RecordingBackend(to=outside.port)
    resolver = FakeResolver({"good.example": [["8.8.8.8"]]})
    answered = await caller(CheckedBackend(resolver=resolver, inner=inner)).call(
        "POST", "http://good.example/"
    )
    assert (answered.status, outside.connections, inside.connections) == (302, 1, 0)


async def test_a_unix_socket_is_never_connected_to():
    with pytest.raises(Exception, match="socket of this machine"):
        await CheckedBackend().connect_unix_socket("/run/docker.sock")


async def test_proxies_of_the_environment_are_ignored(start, monkeypatch):
    proxy = await start()
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    receiver = await start()
    inner = RecordingBackend(to=receiver.port)
    backend = CheckedBackend(resolver=FakeResolver({"good.example": [["8.8.8.8"]]}), inner=inner)
    await caller(backend).call("POST", "http://good.example/")
    assert (proxy.connections, receiver.connections) == (0, 1)


async def test_tls_verifies_the_name_although_the_address_is_connected_to(start):
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(CERTIFICATE)
    names = []
    serving.sni_callback = lambda _, name, __: names.append(name)
    receiver = await start(tls=serving)
    trusting = ssl.create_default_context(cafile=CERTIFICATE)
    resolver = FakeResolver({"localhost": [["8.8.8.8"]], "other.example": [["8.8.8.8"]]})
    backend = CheckedBackend(resolver=resolver, inner=RecordingBackend(to=receiver.port))
    safe = SafeCaller(backend, tls=trusting)
    answered = await safe.call("POST", "https://localhost/hook")
    assert answered.status == 200
    assert receiver.requests[0][1]["host"] == "localhost"
    with pytest.raises(CallFailed) as failed:
        await safe.call("POST", "https://other.example/hook")
    assert failed.value.reason == "tls_failed"
    with pytest.raises(CallFailed) as failed:  # a certificate nobody trusts
        await SafeCaller(backend).call("POST", "https://localhost/hook")
    assert failed.value.reason == "tls_failed"
    assert names == ["localhost", "other.example", "localhost"]
    assert len(receiver.requests) == 1


async def test_the_systems_resolver_knows_this_machine_and_nobody_unknown():
    resolver = SystemResolver()
    assert [str(one) for one in await resolver.addresses_of("127.0.0.1", 80)] == ["127.0.0.1"]
    with pytest.raises(CallFailed) as failed:
        await caller(CheckedBackend(resolver=resolver)).call("POST", "http://nobody.invalid/")
    assert failed.value.reason == "name_unknown"


async def test_an_empty_answer_of_the_resolver_is_no_address():
    backend = CheckedBackend(resolver=FakeResolver({"empty.example": [[]]}))
    with pytest.raises(CallFailed) as failed:
        await caller(backend).call("POST", "http://empty.example/")
    assert failed.value.reason == "name_unknown"


async def test_nobody_listens(start):
    backend = CheckedBackend(resolver=FakeResolver({"deaf.example": [["8.8.8.8"]]}), inner=RecordingBackend())
    with pytest.raises(CallFailed) as failed:
        await caller(backend).call("POST", "http://deaf.example/")
    assert failed.value.reason == "connect_failed"
    assert isinstance(failed.value.__cause__, httpcore2.ConnectError)
