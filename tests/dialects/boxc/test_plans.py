"""What clients read is found by indexes, however much of it there is."""

import json
from uuid import UUID

import asyncpg
import pytest

from backhaul.domain.reshipping import queries as reshipping
from backhaul.domain.returns import statements as returns
from tests.dialects.databases import shared_database
from tests.dialects.installation import installed

MANY = 10_000
HIGHEST = 2**63 - 1
# Every second return is in a reshipment; each has one device, one message and one picture.
FILL = (
    """
INSERT INTO reshipments (org_id, id, status, contents, value_minor, currency, "to", warehouse_id, warehouse_code,
    return_numbers, estimated_fee_minor, estimate_lines, weight_grams, reship_fee_minor, created_at, expires_at,
    updated_at, version)
SELECT $1, ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'pending', 'Laptop', 1, 'USD', '{}', $1,
    'WH0CVG01', ARRAY[n], 0, '[]', 0, 0, now(), now(), now(), 1
FROM generate_series(1, $2::integer) AS n
""",
    """
INSERT INTO returns (org_id, id, number, intake_id, warehouse_id, warehouse_code, status, status_before_reshipping,
    reshipment_id, tracking_number, weight_grams, process_fee_minor, is_process_fee_due, verify_fee_minor, currency,
    message_count, received_at, processed_at, updated_at, version)
SELECT $1, gen_random_uuid(), n, gen_random_uuid(), $1, 'WH0CVG01',
    CASE WHEN n % 2 = 0 THEN 'reshipping' ELSE 'processed' END, CASE WHEN n % 2 = 0 THEN 'processed' END,
    CASE WHEN n % 2 = 0 THEN ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid END, '1Z' || n, 1, 100, false,
    0, 'USD', 1, now(), now(), now(), 1
FROM generate_series(1, $2::integer) AS n
""",
    """
INSERT INTO return_items (org_id, id, return_id, position, serial_number, verdict, noted_at)
SELECT org_id, gen_random_uuid(), id, 1, 'SN' || number, 'unexpected', now() FROM returns
WHERE org_id = $1 AND number <= $2::integer
""",
    """
INSERT INTO return_messages (org_id, id, return_id, author, body, created_at)
SELECT org_id, gen_random_uuid(), id, 'operator', 'Hello', now() FROM returns
WHERE org_id = $1 AND number <= $2::integer
""",
    """
INSERT INTO return_photos (org_id, id, return_id, media_type, byte_count, width, height, sha256, taken_at)
SELECT org_id, gen_random_uuid(), id, 'image/png', 1, 1, 1, sha256(''), now() FROM returns
WHERE org_id = $1 AND number <= $2::integer
""",
)
FILLED = ("returns", "reshipments", "return_items", "return_messages", "return_photos")
# What is asked, behind the organization; and how many pages of 8 KiB the answer may touch.
READS = {
    "a first page of returns": (returns.LIST_NEWEST, (HIGHEST, 51), 250),
    "a page in the middle": (returns.LIST_NEWEST, (MANY // 2, 51), 250),
    "the oldest": (returns.LIST_OLDEST, (0, 51), 250),
    "of one status": (returns.LIST_BY_STATUS_NEWEST, (HIGHEST, 51, "reshipping"), 350),
    "of one tracking number": (returns.LIST_BY_TRACKING_NEWEST, (HIGHEST, 51, "1z 777", None), 20),
    "one return": (returns.GET, (MANY // 2,), 40),
    "a first page of reshipments": (reshipping.LIST_NEWEST, (HIGHEST, 51), 100),
    "the oldest reshipments": (reshipping.LIST_OLDEST, (0, 51), 100),
    "one reshipment": (reshipping.GET, (1001 + MANY // 2,), 10),
}


@pytest.fixture(scope="module")
async def crowded(cluster, template, tmp_path_factory, standing_clock):
    """An organization with many returns, seen to as in a database that lives; yields its id and a connection."""
    async with shared_database(cluster, template, "boxc_plans") as url:
        async with installed(url, tmp_path_factory.mktemp("boxc_plans"), clock=standing_clock) as made:
            org_id: UUID = made.actors["owner"].org_id
        owner = await asyncpg.connect(url)
        for statement in FILL:
            await owner.execute(statement, org_id, MANY)
        await owner.execute(f"VACUUM (ANALYZE) {', '.join(FILLED)}")
        await owner.execute("SET plan_cache_mode = force_generic_plan")
        yield org_id, owner
        await owner.close()


def nodes(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


@pytest.mark.parametrize("asked", READS)
async def test_nothing_is_read_from_one_end_to_the_other(crowded, asked):
    org_id, owner = crowded
    statement, values, most = READS[asked]
    given = ", ".join("NULL" if value is None else f"'{value}'" for value in (org_id, *values))
    await owner.execute(f"PREPARE asked AS {statement}")
    try:
        found = await owner.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE asked ({given})")
    finally:
        await owner.execute("DEALLOCATE asked")
    plan = json.loads(found)[0]["Plan"]
    for node in nodes(plan):
        assert node["Node Type"] != "Seq Scan", node
        assert node["Actual Rows"] * node["Actual Loops"] <= 51, node
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= most
