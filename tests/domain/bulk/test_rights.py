"""What an import tells of rows is told to who may read such rows."""

import msgspec
import pytest
from tests.domain.bulk.desk import device, person, table

from backhaul.domain.bulk.model import Kind
from backhaul.domain.bulk.operations import apply_batch, undo_batch
from backhaul.domain.bulk.queries import get_batch, get_standing, list_batches
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import Right

READING = {Kind.ASSETS: Right.INVENTORY_READ, Kind.EMPLOYEES: Right.DIRECTORY_READ}


def only(desk, *rights):
    return msgspec.structs.replace(desk.actor, rights=frozenset(rights))


@pytest.fixture
async def batches(desk):
    return {
        Kind.ASSETS: await desk.run(table(device())),
        Kind.EMPLOYEES: await desk.run(table(person()), Kind.EMPLOYEES),
    }


@pytest.mark.parametrize(("kind", "other"), [tuple(READING), tuple(reversed(READING))])
async def test_each_kind_is_read_with_its_own_right(desk, batches, kind, other):
    reader = only(desk, READING[kind])
    mine, others = batches[kind], batches[other]
    assert await get_batch(desk.db, actor=reader, number=mine.number) == mine
    assert (await get_standing(desk.db, actor=reader, batch=mine)).created == 1
    assert await list_batches(desk.db, actor=reader) == [mine]
    with pytest.raises(RightMissing) as refused:
        await get_batch(desk.db, actor=reader, number=others.number)
    assert refused.value.data == {"right": READING[other].value}
    with pytest.raises(RightMissing):
        await get_standing(desk.db, actor=reader, batch=others)


async def test_without_any_of_them_nothing_is_read(desk, batches):
    nobody = only(desk, Right.BILLING_READ)
    for batch in batches.values():
        with pytest.raises(RightMissing):
            await get_batch(desk.db, actor=nobody, number=batch.number)
    with pytest.raises(RightMissing):
        await list_batches(desk.db, actor=nobody)


async def test_all_of_them_list_everything_newest_first(desk, batches):
    reader = only(desk, *READING.values())
    assert await list_batches(desk.db, actor=reader) == [batches[Kind.EMPLOYEES], batches[Kind.ASSETS]]


async def test_writing_needs_the_right_to_write_alone(desk):
    writer = only(desk, Right.DIRECTORY_WRITE)
    batch = (await desk.open(table(person()), Kind.EMPLOYEES)).batch
    applied = await apply_batch(desk.db, actor=writer, batch=batch, now=desk.now)
    assert (await undo_batch(desk.db, actor=writer, batch=applied, now=desk.now)).undone == 1
