"""Pictures of returns: their files are stored first, and named by a row."""

import asyncio

import msgspec
import pytest

from backhaul.domain import returns
from backhaul.domain.returns.errors import FilesUnavailable
from backhaul.domain.returns.ports import Files


def files_of(depot):
    root = depot.world.ports[Files].root
    return sorted(path.name for path in root.rglob("*") if path.is_file())


async def test_a_picture_belongs_to_its_return(depot):
    one = await depot.parcel()
    photo = await depot.photograph(one.number)
    assert (photo.media_type, photo.width, photo.height) == ("image/jpeg", 40, 30)
    assert (await depot.detail(one.number)).photos == (photo,)
    assert files_of(depot) == [str(photo.id)]
    assert (await depot.history_of(one))[-1] == "photographed"


async def test_what_is_refused_leaves_no_file(depot):
    one = await depot.parcel()
    async with depot.refused("returns.photo_refused"):
        await depot.photograph(one.number, b"not a picture")
    few = msgspec.structs.replace(depot.policy, max_photos=1)
    await depot.photograph(one.number, policy=few)
    async with depot.refused("returns.photos_full"):
        await depot.photograph(one.number, policy=few)
    await depot.discard(one.number)
    async with depot.refused("returns.return_unknown"):
        await depot.photograph(one.number)
    assert len(files_of(depot)) == 1


async def test_no_row_names_a_file_that_could_not_be_stored(depot, monkeypatch):
    one = await depot.parcel()

    async def fail(*_, **__):
        raise FilesUnavailable(reason="the disk is full")

    monkeypatch.setattr(depot.world.ports[Files], "put", fail)
    async with depot.refused("returns.files_unavailable"):
        await depot.photograph(one.number)


async def test_many_at_once_do_not_pass_the_limit(depot):
    one = await depot.parcel()
    few = msgspec.structs.replace(depot.policy, max_photos=2)
    results = await asyncio.gather(
        *(depot.photograph(one.number, policy=few) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(result, returns.ReturnPhoto) for result in results) == 2
    assert len(files_of(depot)) == 2


@pytest.mark.parametrize("who", ["customer"])
async def test_only_the_warehouse_photographs(depot, who):
    one = await depot.parcel()
    depot.operator = getattr(depot, who)
    async with depot.refused("identity.right_missing"):
        await depot.photograph(one.number)
