"""The frame around every request: its id, what is measured and logged of it, and whether any is still running."""

import asyncio
from urllib.parse import unquote

import prometheus_client
import pytest
import structlog

from backhaul.settings import LogSettings
from backhaul.web import frame
from backhaul.web.frame import Frame
from tests.dialects.mounting import mounted, small

HEX = set("0123456789abcdef")


async def id_of(app, *given):
    headers = [("x-request-id", value) for value in given]
    answer = await app.request("GET", "/healthz", headers=headers)
    assert answer.headers.get_list("x-request-id") == [answer.headers["x-request-id"]]
    return answer.headers["x-request-id"]


@pytest.mark.parametrize("given", ["a", "A-b_9", "0" * 64, "018f0000-0000-7000-8000-000000000000"])
async def test_a_plain_request_id_is_kept(empty_app, given):
    assert await id_of(empty_app, given) == given


@pytest.mark.parametrize(
    "given",
    [
        [],
        [""],
        ["-_-"],
        ["0" * 65],
        ["two words"],
        ["semi;colon"],
        ["<script>"],
        ["a.b"],
        ["a/../b"],
        ["tab\tbed"],
        [b"\xfcber"],
        ["\N{SUPERSCRIPT TWO}".encode("latin-1")],
    ],
)
async def test_any_other_request_id_is_replaced(empty_app, given):
    made = await id_of(empty_app, *given)
    assert len(made) == 32
    assert set(made) <= HEX


async def test_every_request_gets_an_id_of_its_own(empty_app):
    assert len({await id_of(empty_app) for _ in range(20)}) == 20


async def test_every_answer_carries_the_id_and_is_what_its_type_says(empty_app):
    for method, path, status in (
        ("GET", "/nothing", 404),
        ("DELETE", "/healthz", 405),
        ("GET", "/api/v1/device_transfers/1", 401),
        ("GET", "/track/1", 404),
    ):
        answer = await empty_app.request(method, path, headers={"x-request-id": "mine"})
        assert (answer.status_code, answer.headers["x-request-id"]) == (status, "mine")
        assert answer.headers.get_list("x-content-type-options") == ["nosniff"]


def requests(method, route, status):
    labels = {"method": method, "route": route, "status": status}
    return prometheus_client.REGISTRY.get_sample_value("backhaul_http_requests_total", labels) or 0


@pytest.mark.parametrize(
    ("method", "path", "labels"),
    [
        ("GET", "/track/1Z999", ("GET", "/track/{tracking_number}", "404")),
        ("GET", "/api/v1/device_transfers/1", ("GET", "/api/v1/device_transfers/{transfer_id}", "401")),
        ("GET", "/made/up/path", ("GET", "unmatched", "404")),
        ("PUT", "/healthz", ("PUT", "unmatched", "405")),
        ("MADEUP", "/healthz", ("other", "unmatched", "405")),
    ],
)
async def test_requests_are_counted_by_route_never_by_what_a_caller_makes_up(empty_app, method, path, labels):
    before = requests(*labels)
    await empty_app.request(method, path)
    assert requests(*labels) == before + 1
    measured = (await empty_app.request("GET", "/metrics")).text
    assert "MADEUP" not in measured
    assert "/made/up/path" not in measured


@pytest.fixture
async def talkative(empty_app, clock):
    """An application that logs every request."""
    settings = small(empty_app.settings.database.url, log=LogSettings(level="debug"))
    place = empty_app.place
    async with mounted(place.urls.app, place.data_dir, clock=clock, settings=settings) as app:
        yield app


async def logged_by(app, path, **options):
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logs:
        await app.request("GET", path, **options)
    return [entry for entry in logs if entry["event"] == "request"]


async def test_a_request_is_logged_with_its_id_and_without_its_credentials(talkative, monkeypatch):
    monkeypatch.setattr(frame, "logger", structlog.get_logger())
    headers = {"authorization": "Token secret", "x-request-id": "mine"}
    [entry] = await logged_by(talkative, "/api/v1/device_transfers/1?key=hidden", headers=headers)
    entry.pop("milliseconds")
    assert entry == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "path": "/api/v1/device_transfers/1",
        "request_id": "mine",
        "status": 401,
    }


@pytest.mark.parametrize("kind", ["label", "pickup"])
async def test_a_path_that_is_a_key_by_itself_is_not_logged(talkative, monkeypatch, kind):
    monkeypatch.setattr(frame, "logger", structlog.get_logger())
    [entry] = await logged_by(talkative, f"/{kind}/a-secret-token")
    assert entry["path"] == f"/{kind}/{{token}}"
    assert "a-secret-token" not in str(entry)


async def test_ordinary_requests_are_not_logged_unless_asked_for(empty_app, monkeypatch):
    monkeypatch.setattr(frame, "logger", structlog.get_logger())
    assert await logged_by(empty_app, "/healthz") == []


async def play(app, *, scope_type="http", path="/", raw_path=b"/"):
    scope = {"type": scope_type, "method": "GET", "path": path, "raw_path": raw_path, "headers": []}

    async def send(_):
        pass

    await app(scope, None, send)


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("/api/v1/device_transfers/a%00b", "/api/v1/device_transfers/a\N{REPLACEMENT CHARACTER}b"),
        ("/api/v1/device_transfers%00", "/api/v1/device_transfers\N{REPLACEMENT CHARACTER}"),
        ("/track/%00", "/track/\N{REPLACEMENT CHARACTER}"),
        ("/api/v1/a%2Fb%00c", "/api/v1/a\x00b\N{REPLACEMENT CHARACTER}c"),
        ("/api/v1/a%20b", "/api/v1/a b"),
    ],
)
async def test_a_nul_from_outside_is_no_slash(raw, seen):
    paths = []

    async def app(scope, receive, send):
        paths.append(scope["path"])

    await play(Frame(app, logs_requests=False), path=unquote(raw), raw_path=raw.encode())
    assert paths == [seen]


async def test_a_request_that_a_stopping_server_cuts_off_ends_quietly():
    async def app(scope, receive, send):
        raise asyncio.CancelledError

    before = requests("GET", "unmatched", "503")
    await play(Frame(app, logs_requests=False))
    assert requests("GET", "unmatched", "503") == before + 1


async def test_the_lifespan_of_the_application_is_no_request():
    seen = []

    async def app(scope, receive, send):
        seen.append((scope["type"], "request_id" in scope))

    await play(Frame(app, logs_requests=False), scope_type="lifespan")
    assert seen == [("lifespan", False)]
