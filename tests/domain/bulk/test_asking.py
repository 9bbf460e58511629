"""A worker writes an import that somebody asked for at a screen, in their name, and takes it back."""

import msgspec
import pytest
from tests.domain.bulk.desk import device, table

from backhaul.domain.bulk.errors import BatchMoveRefused, BatchUnknown
from backhaul.domain.bulk.jobs import apply_import, undo_import
from backhaul.domain.bulk.model import Status
from backhaul.domain.bulk.operations import ask_to_apply, ask_to_undo
from backhaul.domain.bulk.queries import get_batch
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import RIGHTS, Role
from backhaul.jobqueue import Run


class Work:
    """Somebody's imports, asked for and then done."""

    def __init__(self, desk):
        self.desk = desk
        self.run = Run(db=desk.db, clock=desk.stock.clock, ports={})
        author = desk.actor.author
        self.said = {"org_id": desk.actor.org_id, "author_kind": author.kind, "author_id": author.id}

    async def ask(self, asking, number, actor=None):
        desk = self.desk
        return await asking(desk.db, actor=actor or desk.actor, number=number, now=desk.now)

    async def look(self, number):
        return await get_batch(self.desk.db, actor=self.desk.actor, number=number)


@pytest.fixture
def work(desk):
    return Work(desk)


async def test_what_is_asked_for_is_written_in_the_name_of_who_asked_and_taken_back(desk, work, small_chunks):
    opened = await desk.open(table(*(device(f"SN-{n}") for n in range(7))))
    asked = await work.ask(ask_to_apply, opened.batch.number)
    assert (asked.status, asked.asked_at) == (Status.OPEN, desk.now)
    assert await work.ask(ask_to_apply, asked.number) == asked
    await apply_import(work.run, number=asked.number, **work.said)
    await apply_import(work.run, number=asked.number, **work.said)
    assert (await work.look(asked.number)).status is Status.APPLIED
    assets = await desk.assets()
    assert len(assets) == 7
    [added] = await desk.history("asset", assets["SN-0"].id)
    assert (added.actor_kind, added.actor_id) == ("user", desk.actor.user_id)
    undoing = await work.ask(ask_to_undo, asked.number)
    assert undoing.status is Status.UNDOING
    await undo_import(work.run, number=asked.number, **work.said)
    await undo_import(work.run, number=asked.number, **work.said)
    assert (await work.look(asked.number)).status is Status.UNDONE
    assert await desk.assets() == {}


async def test_an_import_that_was_discarded_before_the_worker_came_stays_unwritten(desk, work):
    opened = await desk.open(table(device()))
    await work.ask(ask_to_apply, opened.batch.number)
    await work.ask(ask_to_undo, opened.batch.number)
    await apply_import(work.run, number=opened.batch.number, **work.said)
    await undo_import(work.run, number=opened.batch.number, **work.said)
    assert (await work.look(opened.batch.number)).status is Status.UNDONE
    assert await desk.assets() == {}


@pytest.mark.parametrize("asking", [ask_to_apply, ask_to_undo])
async def test_asking_without_the_right_or_for_another_organizations_import_leaves_no_trace(
    desk, work, asking
):
    opened = await desk.open(table(device()))
    viewer = msgspec.structs.replace(desk.actor, rights=RIGHTS[Role.VIEWER])
    stranger = await desk.stock.make.organization()
    before = await desk.traces()
    with pytest.raises(RightMissing):
        await work.ask(asking, opened.batch.number, viewer)
    with pytest.raises(BatchUnknown):
        await work.ask(asking, opened.batch.number, stranger)
    assert await desk.traces() == before


async def test_asking_for_what_is_applied_is_refused(desk, work):
    batch = await desk.run(table(device()))
    with pytest.raises(BatchMoveRefused):
        await work.ask(ask_to_apply, batch.number)
