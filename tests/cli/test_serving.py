"""What serving processes owe their clients, each other and the one who killed them."""

import os
import select
import signal
import socket
import time
from contextlib import closing
from pathlib import Path

import httpx2

from backhaul.cli import http_wire
from tests.cli.conftest import wait_until_ready


def children(pid):
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def until(condition, *, seconds=15):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def is_taken(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def test_serving_processes_do_not_outlive_the_one_that_started_them(installation, port):
    serving = installation.start("serve", "--port", str(port), "--workers", "2")
    wait_until_ready(port, serving)
    started = children(serving.pid)
    assert len(started) >= 2
    os.kill(serving.pid, signal.SIGKILL)
    serving.wait(timeout=10)
    assert until(lambda: not is_taken(port))
    again = installation.start("serve", "--port", str(port))
    wait_until_ready(port, again)
    assert installation.stop(again) == 0


def test_a_serving_process_that_dies_is_replaced(installation, port):
    serving = installation.start("serve", "--port", str(port), "--workers", "2")
    wait_until_ready(port, serving)
    before = children(serving.pid)
    killed = next(pid for pid in before if b"http_process" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(killed, signal.SIGKILL)
    assert until(lambda: len(set(children(serving.pid)) - {killed}) == len(before))
    answers = [httpx2.get(f"http://127.0.0.1:{port}/readyz").status_code for _ in range(4)]
    assert answers == [200] * 4
    assert installation.stop(serving) == 0
    assert "is started again" in serving.log.read_text()


def test_a_head_without_end_is_refused(installation, port):
    serving = installation.start("serve", "--port", str(port))
    wait_until_ready(port, serving)
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as talkative:
        talkative.sendall(b"GET /healthz HTTP/1.1\r\nX-Long: ")
        for _ in range(http_wire.MAX_HEAD_BYTES // 100):
            talkative.sendall(b"x" * 1000)
            if select.select([talkative], [], [], 0.01)[0]:
                break
        assert talkative.recv(65536).startswith(b"HTTP/1.1 400")
    assert httpx2.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    assert installation.stop(serving) == 0


def test_requests_that_are_given_up_are_no_defects(installation, port):
    installation.run("org", "create", "Acme", "--plan", "enterprise")
    installation.run("user", "add", "hr@acme.example", "--org", "acme", "--role", "owner")
    token = installation.run("key", "create", "--org", "acme", "--user", "hr@acme.example").stdout.strip()
    serving = installation.start("serve", "--port", str(port), BACKHAUL_HTTP__DRAIN_SECONDS="1")
    wait_until_ready(port, serving)
    begun = (
        f"POST /api/v1/device_transfers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token {token}\r\n"
        "Content-Length: 100\r\n\r\n{"
    ).encode()
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as leaving:
        leaving.sendall(begun)
        time.sleep(0.3)
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as silent:
        silent.sendall(begun)
        time.sleep(0.3)
        assert installation.stop(serving) == 0
        assert silent.recv(1000) == b""
    log = serving.log.read_text()
    assert "request failed" not in log
    assert "Traceback" not in log
    assert '"level": "error"' not in log
    assert log.count("stopping cuts requests off") == 1
