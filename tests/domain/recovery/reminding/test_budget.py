"""What one look at a case sends to PostgreSQL: as much as any write, and one statement more for each message."""

import asyncio

import pytest
from tests.domain.recovery.reminding.bell import DAY

from backhaul.domain.recovery.reminding.operations.remind import remind
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import BEGIN, COMMIT, Database
from backhaul.storage.nudges import SEND

LOOK = [BEGIN, "SET LOCAL", "SELECT", "SELECT"]  # the case, locked, and all that its reminders depend on


class Log:
    def __init__(self):
        self.seen = []

    def __call__(self, record):
        if record.query != SEND:
            self.seen += [one.strip() for one in record.query.split(";") if one.strip()]


@pytest.fixture
async def logged(bell):
    log = Log()
    db = await Database.open(
        DatabaseUrls.single(bell.world.url), Session(app_connections=1, worker_connections=1, logger=log)
    )

    async def look(case):
        await asyncio.sleep(0.01)  # the driver logs in the loop's next round
        log.seen.clear()
        await remind(db, scope=bell.world.scope, case_id=case.id, pages=bell.pages, now=bell.now)
        await asyncio.sleep(0.01)
        return log.seen

    yield look
    await db.close()


def kinds(sent):
    return [" ".join(one.split()[: 2 if one.startswith("SET") else 1]) for one in sent]


async def test_a_look_is_three_statements_and_a_message_one_or_two_more(bell, logged):
    to_it = {"audience": "it", "template": "recovery/escalation"}
    campaign = await bell.campaign(("own", "case_opened", 1), ("it", "case_opened", 1, to_it))
    first, case = await bell.add(campaign=campaign), await bell.add(campaign=campaign)
    await logged(first)
    assert kinds(await logged(case)) == [*LOOK, "UPDATE", COMMIT]
    bell.world.clock.advance(2 * DAY)
    await logged(first)  # the driver asks for types it does not know yet
    # The link to the person's page, their message, IT's message; then contacts, history, jobs and plan as one.
    assert kinds(await logged(case)) == [*LOOK, "INSERT", "INSERT", "INSERT", "WITH", COMMIT]
    assert kinds(await logged(case)) == [*LOOK, COMMIT]
