"""Lists at ten thousand cases: one statement each, whose work does not grow with what is not shown."""

import pytest

from backhaul.domain import recovery
from backhaul.domain.recovery import statements

MANY = 10_000
FILL_CASES = """
INSERT INTO recovery_cases (org_id, id, code, campaign_id, email, first_name, last_name, phone, line_1, city,
    country_code, shipping, created_at, updated_at, version)
SELECT $1, gen_random_uuid(), 'RC' || n, $2, 'many' || n || '@example.com', 'A', 'B', '1', 'x', 'y', 'US', 'kit', $3,
    $3, 1
FROM generate_series(1, $4::integer) AS n
"""
FILL_ITEMS = """
INSERT INTO recovery_items (org_id, id, case_id, position, parcel, name, is_legal_hold)
SELECT $1, gen_random_uuid(), id, 1, 1, 'Laptop', false FROM recovery_cases WHERE org_id = $1
"""
COUNT = "UPDATE recovery_campaigns SET case_count = $2, item_count = $2 WHERE org_id = $1"


@pytest.fixture
async def crowd(desk):
    """A campaign with ten thousand people, filled past the operations."""
    org_id = desk.actor.org_id
    async with desk.db.transaction(desk.world.scope) as tx:
        await tx.execute(FILL_CASES, org_id, desk.campaign.id, desk.now, MANY)
        await tx.execute(FILL_ITEMS, org_id)
        await tx.execute(COUNT, org_id, MANY)
    return desk


def rows_of(plan, kind):
    """How many rows the scans of a table gave, all loops together."""
    found = 0
    if plan.get("Relation Name") == kind:
        found += plan["Actual Rows"] * plan["Actual Loops"]
    return found + sum(rows_of(below, kind) for below in plan.get("Plans", ()))


async def test_a_page_reads_what_it_shows(crowd):
    campaign = crowd.campaign
    seconds = int(campaign.created_at.timestamp())
    async with crowd.db.transaction(crowd.world.scope) as tx:
        (explained,) = await tx.fetchrow(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {statements.GET_CAMPAIGN}",
            crowd.actor.org_id, campaign.number, seconds, 0, 10,
        )  # fmt: skip
    plan = explained[0]["Plan"]
    assert rows_of(plan, "recovery_cases") <= 30
    assert rows_of(plan, "recovery_items") <= 30


async def test_the_last_page_is_right(crowd):
    found = await recovery.get_campaign(
        crowd.db, actor=crowd.actor, number=crowd.campaign.public_number, page=1000, per_page=10
    )
    assert found.campaign.case_count == MANY
    assert [case.case.email for case in found.cases] == [f"many{n}@example.com" for n in range(10, 0, -1)]
    listed = await recovery.list_campaigns(crowd.db, actor=crowd.actor)
    assert [(campaign.case_count, campaign.item_count) for campaign in listed.items] == [(MANY, MANY)]
