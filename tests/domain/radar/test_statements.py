"""What the radar sends to PostgreSQL, and that looking does not grow with what is finished."""

import asyncpg
import pytest
from tests.domain.inventory.test_statements import Log, writes
from tests.domain.radar.tower import DAY
from tests.making import Make

from backhaul.domain import radar
from backhaul.domain.radar import statements
from backhaul.domain.radar.model import Policy
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database, Scope

MANY = 100_000
# Finished two months ago and before, but for one in a hundred each: waiting, moving, gone wrong; some delivered lately.
FILL_TRANSFERS = """
INSERT INTO transfers (org_id, id, direction, status, user_id, user_email, organization_address, employee_address,
    device_type, is_box_rush, is_box_waived, is_device_rush, insured_minor, created_at, updated_at, version)
SELECT $1, md5('transfer ' || n)::uuid, 'return',
    CASE n % 100 WHEN 1 THEN 'pending_device' WHEN 2 THEN 'device_in_transit' ELSE 'complete' END,
    $2, 'many@example.com', '{}', '{}', 'laptop', false, true, false, 0, $3, $3, 1
FROM generate_series(1, $4::integer) AS n
"""
FILL_SHIPMENTS = """
INSERT INTO shipments (org_id, id, subject_kind, subject_id, leg, adapter, carrier, parcel, reference, status,
    tracking_number, ready_at, shipped_at, delivered_at, created_at, updated_at, version, labelled_at)
SELECT $1, md5('shipment ' || n)::uuid, 'transfer', md5('transfer ' || n)::uuid, 'device', 'manual', 'FedEx', '{}', 'x',
    CASE n % 100 WHEN 1 THEN 'pre_transit' WHEN 2 THEN 'in_transit' WHEN 3 THEN 'failure' ELSE 'delivered' END,
    'N' || n, at, at, CASE WHEN n % 100 IN (1, 2, 3) THEN NULL ELSE at END, at, at, 1, at
FROM (SELECT n, CASE WHEN n % 100 IN (1, 2, 3, 4, 5) THEN $2::timestamptz - interval '8 days'
    ELSE $2::timestamptz - interval '90 days' END AS at FROM generate_series(1, $3::integer) AS n) AS many
"""
FILL_SCANS = """
INSERT INTO tracking_events (org_id, shipment_id, tracking_number, fingerprint, status, at, carrier_status, text,
    received_at)
SELECT $1, id, tracking_number, decode(md5(k::text), 'hex'), 'in_transit', shipped_at, 'x', 'x', shipped_at
FROM shipments, generate_series(1, 8) AS k WHERE org_id = $1 AND status = 'in_transit'
"""


@pytest.fixture
async def crowd(tower):
    """A hundred thousand parcels, filled past the operations."""
    org_id, now = tower.actor.org_id, tower.now
    owner = await asyncpg.connect(tower.world.url)  # no limit to how long a statement may take
    await owner.execute(FILL_TRANSFERS, org_id, tower.actor.user_id, now, MANY)
    await owner.execute(FILL_SHIPMENTS, org_id, now, MANY)
    await owner.execute(FILL_SCANS, org_id)
    await owner.execute("ANALYZE")  # otherwise it would be by chance whether there are statistics
    await owner.close()
    return tower


def rows_of(plan, table):
    """How many rows the scans of a table gave, all loops together."""
    found = 0
    if plan.get("Relation Name") == table:
        found += plan["Actual Rows"] * plan["Actual Loops"]
    return found + sum(rows_of(below, table) for below in plan.get("Plans", ()))


def scans_of(plan, table):
    """How a table is read."""
    below = set().union(*(scans_of(one, table) for one in plan.get("Plans", ())))
    return below | ({plan["Node Type"]} if plan.get("Relation Name") == table else set())


async def explained(tower):
    policy = tower.policy
    cutoffs = policy.cutoffs(tower.now)
    async with tower.db.system_transaction() as tx:
        await tx.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        (answer,) = await tx.fetchrow(
            f"EXPLAIN (ANALYZE, FORMAT JSON) {statements.DIFFERING}", policy.look_back, tower.now,
            cutoffs.unscanned, cutoffs.still, cutoffs.unreceived, 1000,
        )  # fmt: skip
    return answer[0]["Plan"]


async def test_looking_reads_what_can_be_stalled_and_nothing_that_is_finished(crowd):
    """Of each hundred parcels two can be stalled, one failed and two were delivered lately: five."""
    plan = await explained(crowd)
    assert rows_of(plan, "shipments") == MANY * 5 / 100
    assert scans_of(plan, "shipments") <= {"Index Scan", "Bitmap Heap Scan"}
    for done in (1000, 2000, 2000):
        await crowd.look()
        assert sum((await radar.count_open(crowd.db, actor=crowd.actor)).values()) == done
    plan = await explained(crowd)
    assert rows_of(plan, "shipments") == MANY * 5 / 100 + 2000
    assert scans_of(plan, "shipments") <= {"Index Scan", "Bitmap Heap Scan"}


@pytest.fixture
async def logged(ground, sweep, clock):
    """A database that logs what it is sent, and an organization with one box that nobody hands over."""
    await sweep()
    log = Log()
    db = await Database.open(
        DatabaseUrls.single(ground), Session(app_connections=1, worker_connections=1, logger=log)
    )
    make = Make(db, clock)
    actor = await make.organization()
    transfer_id, now = (await make.transfer(actor)).id, clock.now()
    async with db.transaction(Scope(actor.org_id)) as tx:
        await tx.execute(FILL_SHIPMENTS, actor.org_id, now, 1)
        await tx.execute(
            "UPDATE shipments SET leg = 'box', subject_id = $2 WHERE org_id = $1", actor.org_id, transfer_id
        )
        shipment_id = await tx.fetchval("SELECT id FROM shipments WHERE org_id = $1", actor.org_id)
    clock.advance(DAY)
    yield db, actor, shipment_id, clock, log
    await db.close()


async def test_every_write_keeps_its_budget(logged):
    """Counted with BEGIN and the tenant setting."""
    db, actor, shipment_id, clock, log = logged

    def look():
        return radar.look_at(
            db, scope=Scope(actor.org_id), shipment_ids=[shipment_id], policy=Policy(), now=clock.now()
        )

    await look()
    assert sum((await radar.count_open(db, actor=actor)).values()) == 1
    (listed,) = await radar.list_exceptions(db, actor=actor)
    number = listed.exception.number
    assert await writes(log, look()) == 3
    async with db.transaction(Scope(actor.org_id)) as tx:
        await tx.execute("UPDATE shipments SET status = 'delivered' WHERE org_id = $1", actor.org_id)
    how = {"actor": actor, "exception": number, "now": clock.now()}
    assert await writes(log, radar.acknowledge(db, note=None, **how)) == 5
    assert await writes(log, radar.assign(db, owner=actor.user_email, **how)) == 4
    assert await writes(log, look()) == 5


async def test_a_read_is_one_statement(logged):
    db, actor, *_, log = logged
    for read in (radar.list_exceptions(db, actor=actor), radar.count_open(db, actor=actor)):
        assert len(await log.of(read)) == 2  # with the tenant setting
