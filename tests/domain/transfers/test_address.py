"""Correcting a person's address: until something has left for it, and with labels that say the new one."""

import msgspec
import pypdfium2
import pytest
from tests.making import HOME, OFFICE

from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.shipping.errors import LabelUnknown
from backhaul.domain.shipping.model import LabelFormat, Leg
from backhaul.domain.shipping.queries import get_label
from backhaul.domain.transfers.errors import TransferMoveRefused, TransferUnknown
from backhaul.domain.transfers.model import Direction, Status
from backhaul.domain.transfers.operations import cancel_transfer, change_address, is_address_open
from backhaul.kernel.errors import InvalidInput

NEW = msgspec.structs.replace(
    HOME, line_1="9 Elsewhere Road", city="Columbus", state_code="OH", postal_code="43004"
)


async def change(world, transfer, address=NEW, actor=None):
    return await change_address(
        world.db,
        actor=actor or world.actor,
        transfer_id=transfer.id,
        employee_address=address,
        now=world.now,
    )


async def printed(world, shipment):
    async with world.db.read(world.scope) as reader:
        content = await get_label(reader, world.scope, shipment_id=shipment.id, form=LabelFormat.PDF)
    return " ".join(page.get_textpage().get_text_range().upper() for page in pypdfium2.PdfDocument(content))


async def test_a_changed_address_is_on_new_labels_and_the_old_ones_are_void(world):
    transfer = await world.order()
    before = await world.parcels(transfer)
    after = await change(world, transfer)
    for shipment in before.values():
        with pytest.raises(LabelUnknown):
            await printed(world, shipment)
    await world.settle()
    assert (await world.reload(transfer)).employee_address == NEW == after.employee_address
    parcels = await world.parcels(transfer)
    assert (parcels[Leg.BOX].parcel.destination, parcels[Leg.DEVICE].parcel.origin) == (NEW, NEW)
    assert parcels[Leg.DEVICE].parcel.destination == OFFICE
    for leg, shipment in parcels.items():
        assert shipment.tracking_number not in (None, before[leg].tracking_number)
        actions = [action for action in await world.history(shipment) if action != "tracked"]
        assert actions == ["opened", "label_bought", "readdressed", "label_bought"]
    assert "9 ELSEWHERE ROAD" in await printed(world, parcels[Leg.BOX])
    assert await world.history(transfer) == ["placed", "readdressed"]
    finished = await world.live_until(transfer, Status.COMPLETE)
    assert finished.employee_address == NEW


async def test_only_the_parcel_that_goes_to_the_person_of_a_deployment_gets_another_label(world):
    transfer = await world.order(direction=Direction.DEPLOYMENT)
    before = await world.parcels(transfer)
    await change(world, transfer)
    await world.settle()
    after = await world.parcels(transfer)
    assert after[Leg.BOX] == before[Leg.BOX]
    assert after[Leg.DEVICE].parcel.destination == NEW
    assert after[Leg.DEVICE].tracking_number != before[Leg.DEVICE].tracking_number


async def test_a_label_that_was_being_bought_for_the_old_address_is_voided(world):
    transfer = await world.place()
    await world.relay()
    await change(world, transfer)
    box = await world.box(transfer)
    assert (box.has_label, box.readdressed) == (False, 1)
    await world.settle()
    after = await world.box(transfer)
    assert after.has_label
    assert "9 ELSEWHERE ROAD" in await printed(world, after)


async def test_an_order_without_parcels_is_simply_changed(world):
    transfer = await world.place()
    await change(world, transfer)
    await world.settle()
    assert (await world.box(transfer)).parcel.destination == NEW


async def test_the_same_address_changes_nothing(world):
    transfer = await world.order()
    before = await world.traces()
    assert await change(world, transfer, HOME) == await world.reload(transfer)
    assert await world.traces() == before


@pytest.mark.parametrize("status", [Status.BOX_IN_TRANSIT, Status.PENDING_DEVICE, Status.DEVICE_IN_TRANSIT])
async def test_it_is_refused_once_the_box_is_on_its_way(world, status):
    transfer = await world.live_until(await world.order(), status)
    before = await world.traces()
    assert not is_address_open(transfer)
    with pytest.raises(TransferMoveRefused):
        await change(world, transfer)
    assert await world.traces() == before


async def test_without_a_box_it_is_open_until_the_label_is_there(world):
    transfer = await world.place(is_box_waived=True)
    await change(world, transfer)
    await world.settle()
    assert (await world.device(transfer)).parcel.origin == NEW
    with pytest.raises(TransferMoveRefused):
        await change(world, transfer, HOME)


async def test_a_cancelled_transfer_keeps_its_address(world):
    transfer = await world.order()
    await cancel_transfer(world.db, actor=world.actor, transfer_id=transfer.id, reason=None, now=world.now)
    before = await world.traces()
    with pytest.raises(TransferMoveRefused):
        await change(world, transfer)
    assert await world.traces() == before


async def test_what_no_parcel_can_be_sent_to_is_refused_with_everything_at_once(world):
    transfer = await world.order()
    before = await world.traces()
    wrong = msgspec.structs.replace(
        NEW, name=" ", line_1="", postal_code=None, city="x" * 101, notification_emails=("nobody",)
    )
    with pytest.raises(InvalidInput) as refused:
        await change(world, transfer, wrong)
    assert {problem.path for problem in refused.value.problems} == {
        f"employee_address.{name}"
        for name in ("name", "line_1", "postal_code", "city", "notification_emails")
    }
    assert await world.traces() == before


async def test_nobody_changes_what_is_not_theirs(world):
    transfer = await world.order()
    before = await world.traces()
    stranger = await world.elsewhere()
    with pytest.raises(TransferUnknown):
        await change(world, transfer, actor=stranger.actor)
    viewer = msgspec.structs.replace(world.actor, rights=frozenset())
    with pytest.raises(RightMissing):
        await change(world, transfer, actor=viewer)
    assert await world.traces() == before
