"""The demo's warehouse: what lies in it, and that a second run adds nothing."""

from collections import Counter

import pytest

from backhaul.cli.demo_returns import PARCELS, WAREHOUSE, furnish_returns
from backhaul.domain import reshipping, returns
from backhaul.domain.billing import wallet
from backhaul.domain.identity import system_actor
from backhaul.domain.returns import Status
from backhaul.kernel.money import Money
from backhaul.main import make_ports
from backhaul.settings import Settings
from tests.conftest import NOON


@pytest.fixture
async def furnished(db, make, tmp_path):
    actor = await make.organization()
    ports = make_ports(Settings(), db, tmp_path)
    operator = system_actor(actor.org_id)
    await wallet.set_credit_limit(db, actor=operator, limit=Money(50_000), now=NOON)
    for _ in range(2):
        await furnish_returns(db, actor, ports, now=NOON)
    return actor


async def test_there_are_returns_in_every_status_and_four_to_choose_from(db, furnished):
    page = await returns.list_returns(db, actor=furnished)
    assert len(page.items) == len(PARCELS) - 1 >= 8
    assert {one.warehouse_code for one in page.items} == {WAREHOUSE}
    assert Counter(one.status for one in page.items) == {
        Status.PROCESSED: 5,
        Status.VERIFYING: 1,
        Status.VERIFIED: 1,
        Status.RESHIPPING: 1,
    }


async def test_one_waits_for_its_estimate_to_be_answered(db, furnished):
    page = await reshipping.list_reshipments(db, actor=furnished)
    (one,) = page.items
    assert (one.status, one.estimated_fee_minor) == (reshipping.Status.PENDING, 1420)


async def test_the_work_was_paid_for_once(db, furnished):
    balance = await wallet.get_balance(db, actor=furnished)
    assert balance.balance_minor == -(8 * 100 + 2 * 250)
