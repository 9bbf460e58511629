"""What the process says of itself: that it lives, that it can serve, what it measured."""

import asyncpg
import pytest

from backhaul.storage.migrations.apply import head
from tests.dialects.mounting import mounted
from tests.dialects.relaying import relayed


async def ready(app):
    answer = await app.request("GET", "/readyz")
    assert answer.headers["content-type"] == "application/json"
    return answer.status_code, answer.json()


async def test_a_living_process_says_so(empty_app):
    answer = await empty_app.request("GET", "/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


async def test_a_process_that_can_serve_says_so(empty_app):
    assert await ready(empty_app) == (200, {"status": "ready"})


@pytest.mark.parametrize(
    "statement", ["UPDATE alembic_version SET version_num = '1'", "DELETE FROM alembic_version"]
)
async def test_an_older_schema_is_not_ready_and_names_what_to_do(own_app, database_url, statement):
    owner = await asyncpg.connect(database_url)
    try:
        await owner.execute(statement)
    finally:
        await owner.close()
    waits = {"status": "unready", "waits_for": f"schema {head()}: run backhaul migrate"}
    assert await ready(own_app) == (503, waits)
    assert (await own_app.request("GET", "/healthz")).status_code == 200


async def test_a_database_without_a_schema_is_not_ready(own_app, database_url):
    owner = await asyncpg.connect(database_url)
    try:
        await owner.execute("DROP TABLE alembic_version")
    finally:
        await owner.close()
    assert await ready(own_app) == (503, {"status": "unready", "waits_for": "database"})


async def test_a_database_that_does_not_answer_is_not_ready(database_url, clock, tmp_path):
    async with relayed(database_url) as relay, mounted(relay.url, tmp_path, clock=clock) as app:
        assert (await ready(app))[0] == 200
        await relay.close()
        assert await ready(app) == (503, {"status": "unready", "waits_for": "database"})
        assert (await app.request("GET", "/healthz")).status_code == 200
        await relay.open()
        assert (await ready(app))[0] == 200


async def test_the_demo_is_ready_once_its_data_is_there(database_url, clock, tmp_path):
    credentials = tmp_path / "demo-credentials.json"
    async with mounted(database_url, tmp_path, clock=clock, waits_for=credentials) as app:
        assert await ready(app) == (503, {"status": "starting", "waits_for": "demo data"})
        credentials.write_text("{}")
        assert await ready(app) == (200, {"status": "ready"})


async def test_measurements_come_in_prometheus_own_format(empty_app):
    answer = await empty_app.request("GET", "/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=1.0.0; charset=utf-8"
    for name in ("backhaul_http_requests_total", "backhaul_http_request_seconds_bucket"):
        assert f"# HELP {name.removesuffix('_bucket').removesuffix('_total')}" in answer.text
