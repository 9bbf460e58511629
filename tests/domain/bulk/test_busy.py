"""Others are in the way: for a moment it is tried again, for longer it is a refusal with a name."""

import asyncpg
import msgspec
import pytest
from tests.domain.bulk.desk import device, table

from backhaul.domain.bulk.errors import BatchBusy, BatchMoveRefused
from backhaul.domain.bulk.importers import IMPORTERS
from backhaul.domain.bulk.model import Kind, Status
from backhaul.domain.bulk.operations import apply, undo
from backhaul.domain.bulk.queries import get_batch

PASSING = [
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.ForeignKeyViolationError,
]


def failing(works, error, times):
    """Does what `works` does, but for the first times."""
    left = [times]

    async def fails(*arguments, **named):
        if left[0]:
            left[0] -= 1
            raise error("in the way")
        return await works(*arguments, **named)

    return fails


def hinder(monkeypatch, step, error, times):
    importer = IMPORTERS[Kind.ASSETS]
    hindered = msgspec.structs.replace(importer, **{step: failing(getattr(importer, step), error, times)})
    monkeypatch.setitem(IMPORTERS, Kind.ASSETS, hindered)


@pytest.mark.parametrize("error", PASSING)
async def test_what_passes_is_tried_again(desk, monkeypatch, error):
    batch = (await desk.open(table(device()))).batch
    hinder(monkeypatch, "write", error, 4)
    assert (await desk.apply(batch)).status is Status.APPLIED
    hinder(monkeypatch, "undo", error, 4)
    assert (await desk.undo(batch)).undone == 1
    assert await desk.assets() == {}


@pytest.mark.parametrize("place", [apply, undo])
async def test_closing_an_import_is_tried_again_too(desk, monkeypatch, place):
    batch = (await desk.open(table(device()))).batch
    save = failing(place.tables.save_batch, asyncpg.LockNotAvailableError, 3)
    if place is undo:
        await desk.apply(batch)
    monkeypatch.setattr(place.tables, "save_batch", save)
    await (desk.undo if place is undo else desk.apply)(batch)
    present = await get_batch(desk.db, actor=desk.actor, number=batch.number)
    assert present.status is (Status.UNDONE if place is undo else Status.APPLIED)


@pytest.mark.parametrize("error", PASSING)
async def test_what_does_not_pass_is_a_named_refusal_and_can_be_resumed(desk, monkeypatch, error):
    batch = (await desk.open(table(device()))).batch
    hinder(monkeypatch, "write", error, 5)
    with pytest.raises(BatchBusy) as refused:
        await desk.apply(batch)
    assert (refused.value.data, await desk.assets()) == ({"number": batch.number}, {})
    batch = await desk.apply(batch)
    before = await desk.assets()
    hinder(monkeypatch, "undo", error, 5)
    with pytest.raises(BatchBusy):
        await desk.undo(batch)
    assert await desk.assets() == before
    assert (await desk.undo(batch)).undone == 1


async def test_applying_what_is_undone_meanwhile_is_no_success(desk, monkeypatch):
    batch = (await desk.open(table(device("A")))).batch
    finish, undone = apply._finish, []

    async def after_somebody_undid_it(*arguments):
        if not undone and await desk.assets():
            undone.append(await desk.undo(batch))
        return await finish(*arguments)

    monkeypatch.setattr(apply, "_finish", after_somebody_undid_it)
    with pytest.raises(BatchMoveRefused) as refused:
        await desk.apply(batch)
    assert refused.value.data["status"] == "undone"
    assert (len(undone), await desk.assets()) == (1, {})
