"""backhaul webhook …: from an endpoint to a delivery that a worker sends."""

import http.server
import json
import threading
import time
from typing import ClassVar

import pytest
from standardwebhooks import Webhook


class Receiver(http.server.BaseHTTPRequestHandler):
    requests: ClassVar = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.requests.append((dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    Receiver.requests.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def rows(listed):
    heading, *lines = listed.stdout.splitlines()
    return [dict(zip(heading.split("\t"), line.split("\t"), strict=True)) for line in lines]


@pytest.mark.slow
def test_an_endpoint_is_added_tested_and_removed(installation, receiver):
    allowed = {"BACKHAUL_WEBHOOKS__ALLOWED_PRIVATE_NETWORKS": '["127.0.0.0/8"]'}
    url = f"http://127.0.0.1:{receiver.server_port}/hook"
    installation.run("org", "create", "Hooked", "--plan", "enterprise")
    refused = installation.run("webhook", "add", url, "--org", "hooked", check=False)
    assert (refused.returncode, "public internet" in refused.stderr) == (1, True)
    endpoint_id, secret = installation.run("webhook", "add", url, "--org", "hooked", **allowed).stdout.split()
    [listed] = rows(installation.run("webhook", "endpoints", "--org", "hooked"))
    assert (listed["status"], listed["version"], listed["URL"], listed["id"]) == (
        "active",
        "device_transfers",
        url,
        endpoint_id,
    )
    tested = installation.run("webhook", "test", endpoint_id, "--org", "hooked")
    delivery_id = tested.stdout.split()[0]
    working = installation.start("work", **allowed)
    deadline = time.monotonic() + 40
    while not Receiver.requests and time.monotonic() < deadline:
        time.sleep(0.1)
    [(headers, body)] = Receiver.requests
    assert Webhook(secret).verify(body, headers)["test"] is True
    while (found := rows(installation.run("webhook", "list", "--org", "hooked"))[0])["status"] == "pending":
        assert time.monotonic() < deadline
    assert (found["id"], found["status"], found["attempts"]) == (delivery_id, "delivered", "1")
    shown = installation.run("webhook", "show", delivery_id, "--org", "hooked").stdout
    assert json.loads(shown.splitlines()[1])["state"] == "pending_box_shipment"
    assert "204" in shown
    assert installation.run("webhook", "secret", endpoint_id, "--org", "hooked").stdout.strip() == secret
    assert installation.run("webhook", "rotate", endpoint_id, "--org", "hooked").stdout.strip() != secret
    installation.run("webhook", "remove", endpoint_id, "--org", "hooked")
    assert rows(installation.run("webhook", "endpoints", "--org", "hooked")) == []
    assert installation.stop(working) == 0
    assert secret.removeprefix("whsec_") not in working.log.read_text()
