"""What returns send to PostgreSQL, and that lists read by their indexes alone, however long they are."""

import json
from uuid import UUID

import pytest
from tests.domain.inventory.test_statements import Log, writes
from tests.domain.returns.depot import Depot
from tests.domain.transfers.world import World
from tests.making import Make

from backhaul.domain import returns
from backhaul.domain.returns import statements
from backhaul.domain.returns.model import MAX_NUMBER
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database

RESHIPMENT = UUID(int=9)


@pytest.fixture
async def logged(ground, sweep, clock, tmp_path):
    await sweep()
    log = Log()
    db = await Database.open(
        DatabaseUrls.single(ground), Session(app_connections=1, worker_connections=2, logger=log)
    )
    make = Make(db, clock)
    world = World(db, clock, make, actor=await make.organization(), folder=tmp_path)
    yield await Depot(world).furnished(), log
    await db.close()


async def test_every_write_of_a_customer_keeps_its_budget(logged):
    """Counted with BEGIN and the tenant setting, without the COMMIT; the wallet has two statements of its own."""
    depot, log = logged
    await depot.discard(
        (await depot.parcel(status="verified")).number
    )  # the driver asks about each type once
    one = await depot.parcel()
    assert await writes(log, depot.write(one.number)) == 5  # lock, message with its row, facts
    assert await writes(log, depot.ask(one.number)) == 7  # lock, wallet, fee, row, facts
    other = await depot.parcel()
    assert await writes(log, depot.discard(other.number)) == 7  # lock, contents, its case's hold, row, facts
    third = await depot.parcel()
    assert await writes(log, depot.take([third.number], RESHIPMENT)) == 5  # lock, row, facts
    assert await writes(log, depot.give_back(RESHIPMENT)) == 5


async def test_a_read_is_one_statement(logged):
    depot, log = logged
    one = await depot.parcel()
    for read in (
        depot.detail(one.number),
        depot.listed(),
        depot.listed(status=returns.Status.PROCESSED),
        depot.listed(tracking_number=one.tracking_number),
    ):
        assert len(await log.of(read)) == 2  # with the tenant setting


ROWS = """
INSERT INTO returns (org_id, id, number, intake_id, warehouse_id, warehouse_code, status, tracking_number, weight_grams,
    process_fee_minor, is_process_fee_due, verify_fee_minor, currency, message_count, received_at, processed_at,
    discarded_at, updated_at, version)
SELECT $1, gen_random_uuid(), n, gen_random_uuid(), gen_random_uuid(), 'WH0CVG01',
    CASE WHEN n % 10 = 0 THEN 'discarded' WHEN n % 5000 = 1 THEN 'verifying' ELSE 'processed' END,
    '1Z' || n, 1, 100, false, 0, 'USD', 0, now(), now(), CASE WHEN n % 10 = 0 THEN now() END, now(), 1
FROM generate_series(1, 50000) AS n
"""
CASES = {
    "LIST_NEWEST": (MAX_NUMBER, 51),
    "LIST_OLDEST": (25_000, 51),
    "LIST_BY_STATUS_NEWEST": (MAX_NUMBER, 51, "verifying"),
    "LIST_BY_STATUS_OLDEST": (0, 51, "verifying"),
    "LIST_BY_TRACKING_NEWEST": (MAX_NUMBER, 51, "1z 777", None),
    "LIST_BY_TRACKING_OLDEST": (0, 51, "1z 777", "processed"),
}


async def test_a_page_reads_no_more_rows_than_it_shows(db, owner_of, make):
    """With the generic plan that the application's role uses: whatever is asked for, an index answers it in order."""
    actor = await make.organization()
    async with owner_of() as owner:
        await owner.execute(ROWS, actor.org_id)
        await owner.execute("ANALYZE returns")
        await owner.execute("SET plan_cache_mode = force_generic_plan")
        for name, values in CASES.items():
            arguments = ", ".join(
                "NULL" if value is None else f"'{value}'" for value in (str(actor.org_id), *values)
            )
            await owner.execute(f"PREPARE asked AS {getattr(statements, name)}")
            rows = await owner.fetch(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE asked ({arguments})")
            await owner.execute("DEALLOCATE asked")
            (plan,) = json.loads(rows[0][0])
            nodes = list(walk(plan["Plan"]))
            assert {node["Node Type"] for node in nodes} <= {"Aggregate", "Limit", "Index Scan"}, (name, plan)
            assert plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"] < 200, (name, plan)


def walk(node):
    yield node
    for below in node.get("Plans", ()):
        yield from walk(below)
