"""Lists at ten thousand cases: one statement each, whose work does not grow with what is not shown."""

import asyncpg
import pytest

from backhaul.domain import recovery
from backhaul.domain.recovery import statements

MANY = 10_000
FILL_CASES = """
INSERT INTO recovery_cases (org_id, id, code, campaign_id, email, first_name, last_name, phone, line_1, city,
    country_code, shipping, created_at, updated_at, version)
SELECT $1, gen_random_uuid(), $5::text || n, $2, 'many' || n || '@example.com', 'A', 'B', '1', 'x', 'y', 'US', 'kit',
    $3, $3, 1
FROM generate_series(1, $4::integer) AS n
"""
FILL_ITEMS = """
INSERT INTO recovery_items (org_id, id, case_id, position, parcel, name, is_legal_hold)
SELECT $1, gen_random_uuid(), id, 1, 1, 'Laptop', false FROM recovery_cases WHERE org_id = $1 AND campaign_id = $2
"""
# Each with a transfer of its own, which has the case's id.
FILL_TRANSFERS = """
INSERT INTO transfers (org_id, id, direction, status, user_id, user_email, organization_address, employee_address,
    device_type, is_box_rush, is_box_waived, is_device_rush, insured_minor, created_at, updated_at, version)
SELECT $1, id, 'return', 'pending_box', $3, 'hr@example.com', '{}', '{}', 'Laptop', false, false, false, 0,
    created_at, created_at, 1
FROM recovery_cases WHERE org_id = $1 AND campaign_id = $2
"""
FILL_PARCELS = """
INSERT INTO recovery_parcels (org_id, case_id, position, transfer_id, device)
SELECT $1, id, 1, id, 'Laptop' FROM recovery_cases WHERE org_id = $1 AND campaign_id = $2
"""
COUNT = """
UPDATE recovery_campaigns SET case_count = case_count + $3, item_count = item_count + $3 WHERE org_id = $1 AND id = $2
"""


async def fill(connection, *, org_id, campaign_id, at, many=MANY, prefix="RC"):
    """Give a campaign ten thousand people, past the operations."""
    await connection.execute(FILL_CASES, org_id, campaign_id, at, many, prefix)
    await connection.execute(FILL_ITEMS, org_id, campaign_id)
    await connection.execute(COUNT, org_id, campaign_id, many)


FILLED = ("recovery_campaigns", "recovery_cases", "recovery_items", "recovery_parcels", "transfers")


@pytest.fixture
async def crowd(desk):
    """A campaign with ten thousand people among a hundred campaigns, seen to as in a database that lives."""
    owner = await asyncpg.connect(desk.world.url)
    for _ in range(99):
        await desk.create()
    await fill(owner, org_id=desk.actor.org_id, campaign_id=desk.campaign.id, at=desk.now)
    await owner.execute(FILL_TRANSFERS, desk.actor.org_id, desk.campaign.id, desk.actor.user_id)
    await owner.execute(FILL_PARCELS, desk.actor.org_id, desk.campaign.id)
    await owner.execute(
        "CHECKPOINT"
    )  # tests commit asynchronously: what is not on disk counts as not visible to all
    await owner.execute(f"VACUUM (ANALYZE) {', '.join(FILLED)}")
    await owner.close()
    return desk


def nodes(plan):
    """Every node of a plan."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


async def explained(desk, statement, *arguments):
    """The plan that every page of a statement shares, as sessions of the application have it, with what it read."""
    given = ", ".join([f"'{desk.actor.org_id}'", *map(str, arguments)])
    async with desk.db.transaction(desk.world.scope) as tx:
        await tx.execute(f"PREPARE explained AS {statement}")
        (found,) = await tx.fetchrow(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE explained ({given})")
        await tx.execute("DEALLOCATE explained")
    return found[0]["Plan"]


async def page(desk, number):
    campaign = desk.campaign
    seconds = int(campaign.created_at.timestamp())
    passed_over = (number - 1) * 10
    return await explained(desk, statements.GET_CAMPAIGN, campaign.number, seconds, passed_over, 10)


def buffers(plan):
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


@pytest.mark.parametrize("number", [1, 900])
async def test_a_page_of_people_reads_from_indexes_what_it_shows(crowd, number):
    plan = await page(crowd, number)
    for node in nodes(plan):
        if node.get("Relation Name") in FILLED:  # an empty table is read as a whole
            assert node["Node Type"] != "Seq Scan", node["Relation Name"]
        if node.get("Relation Name") == "recovery_items":
            assert node["Actual Rows"] * node["Actual Loops"] <= 30
        if node.get("Relation Name") == "recovery_cases" and node["Node Type"] != "Index Only Scan":
            assert node["Actual Rows"] * node["Actual Loops"] <= 10
    (found,) = [node for node in nodes(plan) if node.get("Index Name") == "recovery_cases_of_campaign"]
    assert (found["Node Type"], found["Heap Fetches"]) == ("Index Only Scan", 0)
    assert found["Actual Rows"] == number * 10


async def test_a_late_page_costs_little_more_than_the_first(crowd):
    first, late = buffers(await page(crowd, 1)), buffers(await page(crowd, 900))
    assert late <= first + 150  # 9,000 entries of an index lie on some 60 pages of it


async def test_the_list_of_campaigns_looks_at_no_case(crowd):
    plan = await explained(crowd, statements.LIST_CAMPAIGNS, 0, 10)
    assert {node.get("Relation Name") for node in nodes(plan)} == {None, "recovery_campaigns"}
    assert buffers(plan) <= 50


async def test_the_last_page_is_right(crowd):
    found = await recovery.get_campaign(
        crowd.db, actor=crowd.actor, number=crowd.campaign.public_number, page=1000, per_page=10
    )
    assert found.campaign.case_count == MANY
    assert [case.case.email for case in found.cases] == [f"many{n}@example.com" for n in range(10, 0, -1)]
    listed = await recovery.list_campaigns(crowd.db, actor=crowd.actor, page=10)
    assert listed.total == 100
    assert [campaign.case_count for campaign in listed.items] == [0] * 9 + [MANY]
