"""How far each open case is stands beside it: triggers keep it, whoever changes what it follows from, in any order."""

import asyncio

import asyncpg
import pytest

from backhaul.domain.recovery import Outcome, add_cases
from backhaul.domain.recovery.browsing import CaseFilter, browse_cases, get_campaign_sheet
from backhaul.domain.recovery.model import Shipping

ROWS = """
SELECT x.number, o.stage, o.is_contacted, o.campaign_id = x.campaign_id AND o.number = x.number AS agrees
FROM recovery_open_cases AS o JOIN recovery_cases AS x ON x.org_id = o.org_id AND x.id = o.case_id
WHERE o.org_id = $1 ORDER BY x.number
"""
MOVE = "UPDATE transfers SET status = $3 WHERE org_id = $1 AND id = $2"
LET_GO = "UPDATE recovery_items SET outcome = 'lost', ending = '{}' WHERE org_id = $1 AND case_id = $2 AND parcel = $3"
END = "UPDATE recovery_cases SET outcome = $3, ending = $4 WHERE org_id = $1 AND id = $2"
CONTACT = """
INSERT INTO recovery_contacts (org_id, id, case_id, step, occasion, anchor, anchor_at, planned_at, decided_at, channel,
    audience, recipient, template, locale, message_ids, outcome, reason)
SELECT $1, gen_random_uuid(), $2, $3, '1', 'case_opened', $4, $4, $4, 'email', $3, 'x', 'x', 'en',
    CASE $5 WHEN 'sent' THEN ARRAY[gen_random_uuid()] ELSE '{}' END, $5, CASE $5 WHEN 'skipped' THEN 'muted' END
"""


@pytest.fixture
async def owner(desk):
    connection = await asyncpg.connect(desk.world.url)
    yield connection
    await connection.close()


async def kept(owner, desk):
    """The stage of each open case, in the order they were opened."""
    rows = await owner.fetch(ROWS, desk.actor.org_id)
    assert all(row["agrees"] for row in rows)
    return [row["stage"] for row in rows]


@pytest.fixture
async def pair(desk):
    """A case whose two boxes are being sent."""
    case = await desk.add("Laptop", "Monitor")
    await desk.world.settle()
    return case, await desk.transfers(case)


async def test_a_row_is_there_for_each_open_case_and_for_no_other(owner, desk, pair):
    case, _ = pair
    await desk.add(shipping=Shipping.ASK)
    assert await kept(owner, desk) == ["box", "unsent"]
    await desk.end(case, Outcome.KEPT)
    assert await kept(owner, desk) == ["unsent"]


async def test_it_follows_whatever_statement_changes_what_it_rests_on(owner, desk, pair):
    case, (first, second) = pair
    org_id = desk.actor.org_id
    await owner.execute(MOVE, org_id, first.id, "device_in_transit")
    assert await kept(owner, desk) == ["box"]  # the other is furthest behind
    await owner.execute(LET_GO, org_id, case.id, 2)
    assert await kept(owner, desk) == ["returning"]
    await owner.execute(MOVE, org_id, first.id, "failed")
    assert await kept(owner, desk) == ["stuck"]
    await owner.execute(MOVE, org_id, second.id, "complete")
    assert await kept(owner, desk) == ["stuck"]
    await owner.execute(END, org_id, case.id, "lost", "{}")
    assert await kept(owner, desk) == []
    await owner.execute(
        END, org_id, case.id, None, None
    )  # nothing of ours does, and it would hold all the same
    assert await kept(owner, desk) == ["stuck"]


async def test_two_transactions_at_once_are_both_seen(owner, desk, pair):
    _, (first, second) = pair
    other = await asyncpg.connect(desk.world.url)
    async with owner.transaction():
        await owner.execute(MOVE, desk.actor.org_id, first.id, "pending_device")
        await owner.execute("SET CONSTRAINTS ALL IMMEDIATE")  # its row is locked until the end
        waiting = asyncio.create_task(other.execute(MOVE, desk.actor.org_id, second.id, "pending_device"))
        while not await owner.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"):  # noqa: ASYNC110 -- another session waits
            await asyncio.sleep(0.01)
    await waiting
    await other.close()
    assert await kept(owner, desk) == ["person"]


async def test_who_was_reminded_is_known(owner, desk, pair):
    case, _ = pair
    wanted = CaseFilter(is_open=True, is_uncontacted=True)
    campaign = desk.campaign.public_number

    async def silent():
        lines = await browse_cases(desk.db, actor=desk.actor, wanted=wanted, today=desk.now.date())
        sheet = await get_campaign_sheet(desk.db, actor=desk.actor, number=campaign)
        assert sheet.progress.uncontacted == len(lines)
        return [line.email for line in lines]

    for audience, outcome, left in (
        ("manager", "sent", [case.email]),
        ("it", "skipped", [case.email]),
        ("employee", "sent", []),
    ):
        await owner.execute(CONTACT, desk.actor.org_id, case.id, audience, desk.now, outcome)
        assert await silent() == left


async def test_many_that_are_added_at_once_have_a_row_each(owner, desk):
    many = [desk.person("Laptop", "Monitor", shipping=Shipping.ASK) for _ in range(5)]
    await add_cases(
        desk.db, actor=desk.actor, campaign_number=desk.campaign.public_number, many=many, now=desk.now
    )
    assert await kept(owner, desk) == ["unsent"] * 5


async def test_the_application_cannot_write_it(owner, desk, pair):
    case, _ = pair
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with desk.db.transaction(desk.world.scope) as tx:
            await tx.execute(
                "UPDATE recovery_open_cases SET stage = 'stuck' WHERE org_id = $1 AND case_id = $2",
                tx.org_id,
                case.id,
            )
    assert await kept(owner, desk) == ["box"]
