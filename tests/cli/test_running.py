"""serve, work and up as processes."""

import json
import re
import socket
import stat
import time
from collections import Counter

import httpx2
import pytest

from backhaul.cli import demo_recovery
from tests.cli.conftest import wait_until_ready
from tests.in_memory import in_memory

DAY_SECONDS = "600"  # of the demo: long enough that nothing moves while a test looks
REQUEST = {
    "organization_address": {
        "organization_name": "Maas Biolabs",
        "line_1": "555 Nondescript Road",
        "city": "Maricopa",
        "state_code": "AZ",
        "postal_code": "85139",
        "country_code": "US",
    },
    "device_type": "laptop",
    "employee_address": {
        "person_name": "Christopher Mitchell",
        "line_1": "404 Hidden Spring Lane",
        "city": "Pittsburgh",
        "state_code": "PA",
        "postal_code": "15238",
        "country_code": "US",
    },
}


@pytest.fixture(scope="module")
def installation(stopping_installation):
    return stopping_installation


@pytest.fixture(scope="module")
def token(installation):
    installation.run("org", "create", "Acme", "--plan", "enterprise")
    installation.run("user", "add", "hr@acme.example", "--org", "acme", "--role", "owner")
    made = installation.run("key", "create", "--org", "acme", "--user", "hr@acme.example")
    return made.stdout.strip()


def test_serve_and_work_as_two_processes_bring_a_device_home(installation, token, port):
    serving = installation.start("serve", "--port", str(port))
    working = installation.start("work", "--day-seconds", "0.2")
    wait_until_ready(port, serving)
    with httpx2.Client(
        base_url=f"http://127.0.0.1:{port}/api/v1", headers={"authorization": f"Token {token}"}
    ) as http:
        placed = http.post("/device_transfers", json=REQUEST)
        assert placed.status_code == 201
        deadline = time.monotonic() + 40
        seen = {}
        while seen.get("state") != "complete" and time.monotonic() < deadline:
            time.sleep(0.2)
            seen = http.get(f"/device_transfers/{placed.json()['id']}").json()
    assert seen["state"] == "complete"
    assert [seen[leg]["state"] for leg in ("box_shipment", "device_shipment")] == ["delivered", "delivered"]
    assert installation.stop(serving) == 0
    assert installation.stop(working) == 0
    assert "Traceback" not in serving.log.read_text() + working.log.read_text()


def test_sigterm_lets_a_request_in_flight_end(installation, token, port):
    serving = installation.start("serve", "--port", str(port))
    wait_until_ready(port, serving)
    body = json.dumps(REQUEST).encode()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as slow:
        head = (
            f"POST /api/v1/device_transfers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token {token}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        slow.sendall(head.encode() + body[:100])
        time.sleep(0.5)
        serving.terminate()
        time.sleep(0.7)
        slow.sendall(body[100:])
        answer = b""
        while chunk := slow.recv(65536):
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 201"), answer[:200]
    assert serving.wait(timeout=40) == 0


def test_a_request_that_never_ends_does_not_keep_the_process(installation, token, port):
    serving = installation.start("serve", "--port", str(port), BACKHAUL_HTTP__DRAIN_SECONDS="1")
    wait_until_ready(port, serving)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as silent:
        head = (
            f"POST /api/v1/device_transfers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Token {token}\r\n"
            "Content-Length: 100\r\n\r\n{"
        )
        silent.sendall(head.encode())
        time.sleep(0.5)
        serving.terminate()
        assert serving.wait(timeout=20) == 0, serving.log.read_text()


def test_two_serving_processes_share_one_installation(installation, token, port):
    serving = installation.start("serve", "--port", str(port), "--workers", "2")
    wait_until_ready(port, serving)
    headers = {"authorization": f"Token {token}"}
    answers = [
        httpx2.post(f"http://127.0.0.1:{port}/api/v1/device_transfers", json=REQUEST, headers=headers)
        for _ in range(4)
    ]
    assert [answer.status_code for answer in answers] == [201] * 4
    assert installation.stop(serving) == 0


def test_an_address_that_is_taken_is_refused(installation, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        refused = installation.run("serve", "--port", str(port), check=False)
    assert refused.returncode == 1
    assert f"127.0.0.1:{port}" in refused.stderr
    assert "http.address_busy" in refused.stderr


def test_up_with_several_workers_is_refused(installation, port):
    refused = installation.run("up", "--port", str(port), check=False, BACKHAUL_HTTP__WORKERS="2")
    assert refused.returncode == 1
    assert "http.workers" in refused.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BACKHAUL_TYPO__PORT", "1"),
        ("BACKHAUL_HTTP__PORTT", "1"),
        ("BACKHAUL_HTTP__PORT", "many"),
        ("BACKHAUL_SHIPPING__CARRIERS", '{"USPS": "pigeon"}'),
        ("BACKHAUL_TRANSFERS__BOX_CARRIER", "Pony Express"),
        ("BACKHAUL_HTTP__TRUSTED_PROXIES", '["everyone"]'),
    ],
)
def test_a_wrong_setting_is_refused_before_anything_starts(installation, name, value):
    refused = installation.run("doctor", check=False, **{name: value})
    assert refused.returncode == 1
    assert "settings.refused" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_doctor_finds_a_sound_installation_sound(installation, token):
    found = installation.run("doctor").stdout.splitlines()
    assert [line for line in found if not line.startswith("ok ")] == []
    assert found[-2].endswith(", 0 of their balances disagree with the ledger")
    assert re.fullmatch(
        rf"ok   files: {re.escape(str(installation.data_dir))}/files, [\d.]+ GB free", found[-1]
    )


def test_doctor_says_what_to_do_about_a_folder_that_is_not_mounted(installation, token, tmp_path):
    shared = tmp_path / "[not] mounted"
    found = installation.run("doctor", check=False, BACKHAUL_FILES__FOLDER=str(shared))
    assert found.returncode == 1
    *sound, wrong = found.stdout.splitlines()
    assert [line for line in sound if not line.startswith("ok ")] == []
    assert wrong == (
        f"wrong files: {shared} does not exist. Make or mount the folder (files.folder), with room and writable for "
        "whoever runs serve and work."
    )
    assert not shared.exists()


def test_keys_can_be_revoked_and_plans_changed(installation, token, port):
    serving = installation.start("serve", "--port", str(port))
    wait_until_ready(port, serving)
    made = installation.run("key", "create", "--org", "acme", "--user", "hr@acme.example", "--name", "short")
    url = f"http://127.0.0.1:{port}/api/v1/device_transfers/01234567-89ab-7def-8123-456789abcdef"

    def status():
        return httpx2.get(url, headers={"authorization": f"Token {made.stdout.strip()}"}).status_code

    assert status() == 404
    installation.run("org", "plan", "acme", "free")
    assert status() == 403
    installation.run("org", "plan", "acme", "enterprise")
    assert status() == 404
    listed = installation.run("key", "list", "--org", "acme").stdout.splitlines()
    key_id = next(line.split("\t")[-1] for line in listed if "\tshort\t" in line)
    installation.run("key", "revoke", key_id, "--org", "acme")
    deadline = time.monotonic() + 5
    while status() != 401 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert status() == 401
    assert installation.stop(serving) == 0
    assert made.stdout.strip() not in serving.log.read_text()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    from tests.cli.conftest import Installation

    made = Installation(in_memory(tmp_path_factory.mktemp("demo")) / "data")
    yield made
    made.close()


def _seen_by_unduit(port, credentials):
    """Sign in with what the demo left, and return what is there."""
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}/api/v1") as http:
        keys = {"email": credentials["unduit_email"], "password": credentials["unduit_password"]}
        signed_in = http.post("/auth/login", json=keys)
        assert signed_in.status_code == 200, signed_in.text
        http.headers["authorization"] = f"Bearer {signed_in.json()['token']}"
        return (
            http.get("/assets").json(),
            http.get("/employees").json(),
            http.get("/recover/campaigns").json(),
        )


def _seen_by_boxc(port, credentials):
    """Sign in as the demo's client, and return its returns and reshipments."""
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as http:
        client = (credentials["boxc_client_id"], credentials["boxc_client_secret"])
        signed_in = http.post("/auth/v1/token", auth=client, data={"grant_type": "client_credentials"})
        assert signed_in.status_code == 200, signed_in.text
        http.headers["authorization"] = f"Bearer {signed_in.json()['access_token']}"
        return [http.get(f"/v1/{name}").json()[name] for name in ("returns", "reshipments", "invoices")]


def test_the_demo_organization_is_made_once_and_its_credentials_work(demo, port):
    running = demo.start("up", "--demo", "--port", str(port), "--day-seconds", DAY_SECONDS)
    wait_until_ready(port, running)
    path = demo.data_dir / "demo-credentials.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = path.read_bytes()
    token = json.loads(first)["reready_token"]
    answer = httpx2.post(
        f"http://127.0.0.1:{port}/api/v1/device_transfers",
        json=REQUEST,
        headers={"authorization": f"Token {token}"},
    )
    assert answer.status_code == 201
    assets, employees, campaigns = _seen_by_unduit(port, json.loads(first))
    assert (assets["totalItems"], employees["totalUsers"]) == (200, 60)
    (campaign,) = campaigns["campaigns"]
    assert (campaign["compain_title"], campaign["total_employee"]) == (demo_recovery.NAME, 8)
    returns, reshipments, invoices = _seen_by_boxc(port, json.loads(first))
    assert Counter(one["status"] for one in returns) == {
        "Processed": 6, "Verifying": 1, "Verified": 2, "Reshipping": 5, "Reshipped": 2,
    }  # fmt: skip
    assert sorted(one["status"] for one in reshipments) == ["Approved"] * 3 + ["Declined"] + ["Pending"] * 2
    assert (len(invoices), invoices[0]["total_billed"]) == (1, 0)
    people = demo.run("campaign", "show", "--org", "demo", campaign["campaign_number"]).stdout
    code = next(line.split("\t")[-2] for line in people.splitlines() if line.startswith("Caleb Begay\t"))
    base = f"http://127.0.0.1:{port}"
    url = demo.run("campaign", "link", "--org", "demo", code, BACKHAUL_HTTP__BASE_URL=base).stdout.strip()
    assert "MacBook Pro 14" in httpx2.get(url).text
    assert demo.stop(running) == 0
    before = demo.run("transfer", "list", "--org", "demo").stdout
    statuses = {line.split("\t")[1] for line in before.splitlines()[1:]}
    assert {"complete", "failed", "not_returned", "cancelled", "pending_device"} <= statuses

    for ticket, holder in (("HR-1041", "organization"), ("IT-2207", "employee"), ("HR-1044", "employee")):
        transfer_id = next(line.split("\t")[-1] for line in before.splitlines() if ticket in line)
        shown = demo.run("transfer", "show", "--org", "demo", transfer_id).stdout.splitlines()
        assert shown[1].startswith("asset ")
        assert shown[1].endswith(f": {holder}")
    devices = demo.run("asset", "list", "--org", "demo").stdout
    returned = demo.run("return", "list", "--org", "demo").stdout
    sent_on = demo.run("reshipment", "list", "--org", "demo").stdout
    people = demo.run("campaign", "show", "--org", "demo", campaign["campaign_number"]).stdout

    again = demo.start("serve", "--demo", "--port", str(port), "--day-seconds", DAY_SECONDS)
    wait_until_ready(port, again)
    assert demo.stop(again) == 0
    assert path.read_bytes() == first
    after = demo.run("transfer", "list", "--org", "demo").stdout
    assert len(after.splitlines()) == len(before.splitlines())
    assert demo.run("asset", "list", "--org", "demo").stdout == devices
    assert demo.run("return", "list", "--org", "demo").stdout == returned
    assert demo.run("reshipment", "list", "--org", "demo").stdout == sent_on
    assert demo.run("campaign", "show", "--org", "demo", campaign["campaign_number"]).stdout == people
    assert demo.run("ledger", "balance", "--org", "demo").stdout.splitlines()[-1].split()[-1] == "0"


def test_demo_data_never_enters_an_installation_in_use(installation, token, port):
    running = installation.start("serve", "--demo", "--port", str(port))
    wait_until_ready(port, running)
    assert installation.stop(running) == 0
    assert not (installation.data_dir / "demo-credentials.json").exists()
    assert "demo\t" not in installation.run("org", "list").stdout
