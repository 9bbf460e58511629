"""From a case to its end: parcels, custody, items and case in agreement."""

from datetime import timedelta

import msgspec
import pytest
from tests.domain.recovery.desk import HOME
from tests.making import OFFICE

from backhaul.domain import recovery
from backhaul.domain.directory import PostalAddress
from backhaul.domain.inventory.model import Custody
from backhaul.domain.inventory.queries import get_asset, list_custody
from backhaul.domain.recovery import NewItem, Outcome, Package, ReturnAddress, Shipping
from backhaul.domain.recovery.errors import (
    CaseUnknown,
)
from backhaul.domain.recovery.model import LAPTOP_BOX
from backhaul.domain.recovery.status import Shown
from backhaul.domain.shipping.model import Fault, Tracking
from backhaul.domain.transfers.model import Status
from backhaul.domain.transfers.queries import find_linked_asset
from backhaul.kernel.measures import Dimensions

PHONES = Package(device="iPhone", quantity=3, size=Dimensions(200, 100, 50, 900))


async def test_a_laptop_comes_back(desk):
    world = desk.world
    asset = (await world.make.asset(desk.actor, serial_number="C02")).asset
    case = await desk.add(NewItem(name="MacBook", serial_number="c02"))
    seen = []
    await world.settle()
    (transfer,) = await desk.transfers(case)
    for status in (Status.BOX_IN_TRANSIT, Status.PENDING_DEVICE, Status.DEVICE_IN_TRANSIT, Status.COMPLETE):
        await world.live_until(transfer, status)
        seen.append((await desk.look(case)).status)
    assert seen == [Shown.KIT_SHIPPED, Shown.KIT_DELIVERED, Shown.IN_TRANSIT, Shown.COMPLETED]
    detail = await desk.look(case)
    assert detail.case.outcome is Outcome.RETURNED
    (item,) = detail.items
    assert item.outcome is Outcome.RETURNED
    assert item.ending.author_kind == "system"
    assert item.ending.evidence["tracking_number"] == detail.parcels[0].back.tracking_number
    found = await get_asset(desk.db, actor=desk.actor, serial_number="C02")
    assert found.asset.custody is Custody.ORGANIZATION
    lines = await list_custody(desk.db, actor=desk.actor, asset="C02")
    assert [line.reason.value for line in lines] == ["added", "shipped", "delivered"]
    assert asset.id == item.asset_id
    assert "reminder" not in [name for name, _ in await world.letters(transfer)]


async def test_all_devices_of_one_parcel_travel_with_it(desk):
    world = desk.world
    for serial in ("P1", "P2"):
        await world.make.asset(desk.actor, serial_number=serial)
    place = ReturnAddress(address=OFFICE, packages=(PHONES,))
    campaign = await desk.create(return_addresses=(place,))
    case = await desk.add(
        NewItem(name="iPhone", serial_number="P1"),
        NewItem(name="iPhone", serial_number="P2"),
        NewItem(name="Charger"),
        campaign=campaign,
    )
    await world.settle()
    (transfer,) = await desk.transfers(case)
    assert transfer.parcel_size == PHONES.size
    assert (await world.device(transfer)).parcel.size == PHONES.size
    await world.live_until(transfer, Status.DEVICE_IN_TRANSIT)
    for serial in ("P1", "P2"):
        found = await get_asset(desk.db, actor=desk.actor, serial_number=serial)
        assert (found.asset.custody, found.asset.shipment_id) == (
            Custody.PARCEL,
            (await world.device(transfer)).id,
        )
    await world.live_until(transfer, Status.COMPLETE)
    for serial in ("P1", "P2"):
        lines = await list_custody(desk.db, actor=desk.actor, asset=serial)
        assert [line.reason.value for line in lines] == ["added", "shipped", "delivered"]
    assert (await desk.look(case)).case.outcome is Outcome.RETURNED


async def test_a_delivery_that_is_dated_before_a_known_scan_counts(desk):
    """What the agreement test found: such a device stayed in its parcel for ever."""
    world = desk.world
    await world.make.asset(desk.actor, serial_number="C02")
    case = await desk.add(NewItem(name="Laptop", serial_number="C02"))
    await world.settle()
    world.clock.advance(timedelta(days=1))
    (transfer,) = await desk.transfers(case)
    await world.report(await world.device(transfer), Tracking.IN_TRANSIT)
    await world.relay()
    hour_ago = desk.now - timedelta(hours=1)
    await world.report(await world.device(transfer), Tracking.DELIVERED, at=hour_ago)
    await world.relay()
    found = await get_asset(desk.db, actor=desk.actor, serial_number="C02")
    assert (found.asset.custody, found.asset.shipment_id) == (Custody.ORGANIZATION, None)
    lines = await list_custody(desk.db, actor=desk.actor, asset="C02")
    assert [line.reason.value for line in lines] == ["added", "shipped", "delivered"]
    assert [line.at for line in lines][1:] == [desk.now, desk.now]
    assert (await desk.look(case)).case.outcome is Outcome.RETURNED


async def test_a_scan_of_the_way_after_a_loss_moves_custody(desk):
    world = desk.world
    await world.make.asset(desk.actor, serial_number="C02")
    case = await desk.add(NewItem(name="Laptop", serial_number="C02"))
    await world.settle()
    world.clock.advance(timedelta(days=1))
    (transfer,) = await desk.transfers(case)
    await world.report(await world.device(transfer), Tracking.FAILURE, fault=Fault.LOST)
    await world.relay()
    hour_ago = desk.now - timedelta(hours=1)
    await world.report(await world.device(transfer), Tracking.IN_TRANSIT, at=hour_ago)
    await world.relay()
    found = await get_asset(desk.db, actor=desk.actor, serial_number="C02")
    assert (found.asset.custody, found.asset.custody_since) == (Custody.PARCEL, hour_ago)


async def test_a_label_that_was_called_off_and_used_brings_the_item_back(desk):
    world = desk.world
    case = await desk.add("Laptop")
    await world.settle()
    await desk.end(case, Outcome.KEPT)
    (transfer,) = await desk.transfers(case)
    assert transfer.status is Status.CANCELLED
    await world.report(await world.device(transfer), Tracking.DELIVERED)
    await world.relay()
    assert (await desk.look(case)).case.outcome is Outcome.RETURNED


@pytest.mark.parametrize("known_by", ["tag", "imei"])
async def test_what_is_known_by_another_number_is_followed_all_the_same(desk, known_by):
    world = desk.world
    values = {"tag": "IT-1", "imei": "356938035643809"}
    asset = (await world.make.asset(desk.actor, serial_number="SN 77", **values)).asset
    case = await desk.add(NewItem(name="Phone", **{known_by: values[known_by]}))
    await world.settle()
    (transfer,) = await desk.transfers(case)
    assert transfer.device_serial_number == "SN 77"
    linked = await find_linked_asset(desk.db, actor=desk.actor, transfer_id=transfer.id)
    assert (linked.serial_number, linked.id) == ("SN 77", asset.id)
    (expected,) = await recovery.list_expectations(desk.db, actor=desk.actor, asset_id=asset.id)
    assert (expected.public_number, expected.item_name, expected.outcome) == (
        case.public_number,
        "Phone",
        None,
    )
    await world.live_until(transfer, Status.COMPLETE)
    lines = await list_custody(desk.db, actor=desk.actor, asset="SN 77")
    assert [line.reason.value for line in lines] == ["added", "shipped", "delivered"]
    (returned,) = await recovery.list_expectations(desk.db, actor=desk.actor, asset_id=asset.id)
    assert returned.outcome is Outcome.RETURNED


async def test_each_parcel_goes_to_the_address_that_knows_its_device(desk):
    paris = msgspec.structs.replace(OFFICE, name="Paris", country_code="FR")
    reno = msgspec.structs.replace(OFFICE, name="Reno")
    places = (
        ReturnAddress(address=paris, packages=(PHONES,)),
        ReturnAddress(address=OFFICE),
        ReturnAddress(address=reno, packages=(PHONES,)),
    )
    campaign = await desk.create(return_addresses=places)
    assert campaign.country_code == "FR"
    case = await desk.add("iPhone 1", "Laptop", "iPhone 2", campaign=campaign)
    await desk.world.settle()
    phones, laptop = await desk.transfers(case)
    assert [item.parcel for item in (await desk.look(case)).items] == [1, 2, 1]
    assert (phones.organization_address, phones.parcel_size) == (reno, PHONES.size)
    assert (laptop.organization_address, laptop.parcel_size) == (OFFICE, LAPTOP_BOX.size)
    london = PostalAddress(line_1="1 Road", city="London", postal_code="N1 9GU", country_code="GB")
    abroad = await desk.add("iPhone", campaign=campaign, address=london)
    await desk.world.settle()
    (sent,) = await desk.transfers(abroad)
    assert sent.organization_address == paris


async def test_two_parcels_end_the_case_with_the_last(desk):
    world = desk.world
    case = await desk.add("Laptop one", "Laptop two")
    await world.settle()
    first, second = await desk.transfers(case)
    await world.report(await world.device(first), Tracking.DELIVERED)
    await world.settle()
    detail = await desk.look(case)
    assert [item.outcome for item in detail.items] == [Outcome.RETURNED, None]
    assert detail.case.outcome is None
    assert detail.status is Shown.ORDER_RECEIVED  # of the other parcel
    await world.report(await world.device(second), Tracking.DELIVERED)
    await world.settle()
    assert (await desk.look(case)).status is Shown.COMPLETED


@pytest.mark.parametrize("option", list(Shipping))
async def test_a_label_is_announced_once_and_only_to_who_asked(desk, option):
    case = await desk.add("Laptop", shipping=option, callback_url="https://hooks.example.com/label")
    await desk.world.settle()
    await desk.world.settle()
    async with desk.db.read(desk.world.scope) as reader:
        rows = await reader.fetch(
            "SELECT url, topic, once_key, body FROM webhook_deliveries WHERE org_id = $1", desk.actor.org_id
        )
    if option is not Shipping.LABEL:
        assert rows == []
        return
    (row,) = rows
    (transfer,) = await desk.transfers(case)
    device = await desk.world.device(transfer)
    assert (transfer.is_box_waived, row["url"]) == (True, "https://hooks.example.com/label")
    assert row["once_key"] == f"recovery:label:{device.id}:{device.tracking_number}"
    assert (await desk.look(case)).status is Shown.LABEL_CREATED


async def test_another_organizations_case_is_unknown(desk):
    case = await desk.add("Laptop")
    elsewhere = type(desk)(await desk.world.elsewhere())
    for ref in (case.public_number, case.code):
        with pytest.raises(CaseUnknown):
            await elsewhere.end(type("Ref", (), {"public_number": ref}), Outcome.LOST)
    assert (await desk.look(case)).case.outcome is None


async def test_an_address_of_another_country(desk):
    case = await desk.add("Laptop", address=HOME)
    assert (await desk.look(case)).case.address.state_code == "PA"
