"""The same for many transfers: a refusal keeps no other from being done."""

import msgspec
import pytest

from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.transfers.errors import TransferMoveRefused, TransfersTooMany, TransferUnknown
from backhaul.domain.transfers.model import Status, TransferId
from backhaul.domain.transfers.operations import MOST_AT_ONCE, cancel_each, cancel_transfer, mute_each
from backhaul.kernel.ids import new_id


async def test_what_can_be_cancelled_is_and_the_rest_is_named_with_its_refusal(world):
    first, gone, last = [await world.order() for _ in range(3)]
    await cancel_transfer(world.db, actor=world.actor, transfer_id=gone.id, reason=None, now=world.now)
    unknown = TransferId(new_id())
    outcomes = await cancel_each(
        world.db,
        actor=world.actor,
        transfer_ids=[first.id, gone.id, unknown, last.id, first.id],
        reason="Over",
        now=world.now,
    )
    assert [(one.transfer_id, type(one.refusal)) for one in outcomes] == [
        (first.id, type(None)),
        (gone.id, TransferMoveRefused),
        (unknown, TransferUnknown),
        (last.id, type(None)),
    ]
    assert (await world.reload(last)).status is Status.CANCELLED


async def test_more_than_the_most_or_without_the_right_nothing_is_done(world):
    transfer = await world.order()
    before = await world.traces()
    many = [transfer.id, *(TransferId(new_id()) for _ in range(MOST_AT_ONCE))]
    with pytest.raises(TransfersTooMany):
        await mute_each(world.db, actor=world.actor, transfer_ids=many, is_muted=True, now=world.now)
    nobody = msgspec.structs.replace(world.actor, rights=frozenset())
    with pytest.raises(RightMissing):
        await cancel_each(world.db, actor=nobody, transfer_ids=[transfer.id], reason=None, now=world.now)
    assert await world.traces() == before


async def test_muting_many_twice_changes_nothing_more(world):
    transfers = [await world.order() for _ in range(2)]
    ids = [one.id for one in transfers]
    for _ in range(2):
        outcomes = await mute_each(
            world.db, actor=world.actor, transfer_ids=ids, is_muted=True, now=world.now
        )
        assert [one.refusal for one in outcomes] == [None, None]
    assert await world.history(transfers[0]) == ["placed", "muted"]
