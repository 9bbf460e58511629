"""Every failure ends in an answer: named refusals, the framework's own, and defects of ours."""

import json

import pytest

from backhaul.dialects.reready.routes import device_transfers
from backhaul.kernel.errors import DomainError, Kind, Unavailable
from tests.dialects.mounting import mounted
from tests.dialects.relaying import relayed
from tests.dialects.reready.replay import reference

PATH = "/api/v1/device_transfers"


async def view(installation, **options):
    return await installation.call("GET", f"{PATH}/{installation.ids['own']}", **options)


def failing(monkeypatch, error):
    async def fail(*_, **__):
        raise error

    monkeypatch.setattr(device_transfers.queries, "get_detail", fail)


async def test_a_defect_answers_500_with_nothing_but_the_request_id(installation, monkeypatch):
    failing(monkeypatch, RuntimeError("secret: hunter2"))
    answer = await view(installation, headers={"x-request-id": "find-me"})
    assert answer.status_code == 500
    assert answer.json() == {
        "error": "Something went wrong on our side. Please name the request id find-me when you ask about it.",
        "code": "http.internal_failure",
        "errors": {},
    }
    assert answer.headers["x-request-id"] == "find-me"


async def test_a_defect_is_logged_without_what_the_request_carried(installation, monkeypatch, capsys):
    import structlog

    from backhaul.cli import logs
    from backhaul.settings import LogSettings

    before = structlog.get_config()
    failing(monkeypatch, RuntimeError("it broke"))
    try:
        for form in ("json", "text"):
            logs.configure(LogSettings(form=form))
            structlog.configure(cache_logger_on_first_use=False)
            await view(installation)
            logged = capsys.readouterr().err
            assert "it broke" in logged
            assert "/api/v1/device_transfers/{transfer_id}" in logged
            assert installation.keys["owner"] not in logged
    finally:
        structlog.configure(**before)


async def test_an_unreachable_database_answers_503_and_when_to_come_back(installation, monkeypatch):
    failing(monkeypatch, Unavailable(what="The database"))
    answer = await view(installation)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.json() == {
        "error": "The database does not answer at the moment. Nothing was changed; please try again.",
        "code": "service.unavailable",
        "errors": {},
    }


@pytest.mark.parametrize("kind", list(Kind))
async def test_every_kind_of_refusal_has_its_status(installation, monkeypatch, kind):
    expected = {
        Kind.MALFORMED: 400,
        Kind.INVALID: 422,
        Kind.UNAUTHENTICATED: 401,
        Kind.FORBIDDEN: 403,
        Kind.NOT_FOUND: 404,
        Kind.CONFLICT: 409,
        Kind.PAYMENT_REQUIRED: 402,
        Kind.TOO_LARGE: 413,
        Kind.TOO_MANY: 429,
        Kind.UNAVAILABLE: 503,
        Kind.UNSUPPORTED: 501,
    }
    error = type("Odd", (DomainError,), {"kind": kind, "message": "No."})
    monkeypatch.setattr(error, "code", "test.odd", raising=False)
    failing(monkeypatch, error())
    answer = await view(installation)
    assert answer.status_code == expected[kind]
    assert answer.json() == {"error": "No.", "code": "test.odd", "errors": {}}
    assert ("www-authenticate" in answer.headers) == (kind is Kind.UNAUTHENTICATED)
    assert ("retry-after" in answer.headers) == (kind in {Kind.TOO_MANY, Kind.UNAVAILABLE})


async def test_outside_of_all_dialects_a_refusal_is_plain(installation, monkeypatch):
    from backhaul.web import tracking

    async def fail(*_, **__):
        raise Unavailable(what="The database")

    monkeypatch.setattr(tracking, "find_public_tracking", fail)
    answer = await installation.call("GET", "/track/1", key=None)
    assert answer.status_code == 503
    assert json.loads(answer.content) == {
        "error": "The database does not answer at the moment. Nothing was changed; please try again.",
        "code": "service.unavailable",
    }


async def test_a_database_that_goes_away_answers_503_until_it_is_back(installation, clock):
    """For real: the socket between us is closed, with everything that runs over it."""
    async with relayed(installation.database_url) as relay:
        place = installation.app.place
        async with mounted(relay.url, place.data_dir, clock=clock) as app:
            path = f"{PATH}/{installation.ids['own']}"
            headers = {"authorization": f"Token {installation.keys['owner']}"}
            assert (await app.request("GET", path, headers=headers)).status_code == 200
            assert (await app.request("GET", "/readyz")).status_code == 200
            await relay.close()
            for _ in range(3):
                answer = await app.request("GET", path, headers=headers)
                assert (answer.status_code, answer.json()["code"]) == (503, "service.unavailable")
                answer = await app.request("POST", PATH, headers=headers, json=reference("request"))
                assert (answer.status_code, answer.json()["code"]) == (503, "service.unavailable")
            ready = await app.request("GET", "/readyz")
            assert (ready.status_code, ready.json()) == (503, {"status": "unready", "waits_for": "database"})
            assert (await app.request("GET", "/healthz")).status_code == 200
            await relay.open()
            assert (await app.request("GET", path, headers=headers)).status_code == 200
            assert (await app.request("GET", "/readyz")).status_code == 200
