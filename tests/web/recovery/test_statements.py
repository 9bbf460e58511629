"""What the page sends to PostgreSQL: whose link, how often, and one read."""

import asyncio

import pytest

from backhaul.domain.recovery.person.statements import FIND_LINK, LOOK
from backhaul.storage.database import SET_TENANT
from backhaul.storage.rate_limits import TAKE
from tests.dialects.mounting import mounted
from tests.dialects.statement_log import Log


@pytest.fixture
async def logged(invite, database_url, clock, tmp_path):
    visitor, log = await invite("Laptop", "Monitor"), Log()
    await visitor.confirms()
    await visitor.does("choice", choice="label")
    async with mounted(database_url, tmp_path / "logged", clock=clock, logger=log) as app:
        visitor.app = app
        await app.litestar.state.serving.authenticator.revocations.wait_until_listening()
        await asyncio.gather(*(visitor.get() for _ in range(15)))  # drivers and pools are warm
        await log.take()
        yield visitor, log


async def test_the_page_is_three_statements_and_the_tenant_setting(logged):
    visitor, log = logged
    assert (await visitor.get()).status_code == 200
    assert await log.take() == [FIND_LINK, TAKE, SET_TENANT, LOOK]


async def test_what_can_not_be_a_link_asks_nothing(logged):
    visitor, log = logged
    assert (await visitor.app.request("GET", "/return/made-up")).status_code == 404
    assert await log.take() == []


async def test_the_page_is_found_by_its_keys(desk):
    case = await desk.add("Laptop")
    await desk.world.settle()
    async with desk.db.transaction(desk.world.scope) as tx:
        await tx.execute("SET LOCAL enable_seqscan = off")
        (plan,) = await tx.fetchrow(
            f"EXPLAIN (FORMAT JSON) {LOOK}", desk.actor.org_id, case.id, desk.now.date()
        )
    assert "Seq Scan" not in str(plan)
