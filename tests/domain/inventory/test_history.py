"""What happened to a device, and who had it, in words: complete also after somebody left."""

import pytest
from tests.domain.inventory.stock import PROOF, number

from backhaul.domain.directory import remove_employee
from backhaul.domain.directory.errors import EmployeeUnknown
from backhaul.domain.inventory import queries
from backhaul.domain.inventory.errors import AssetAmbiguous, AssetUnknown
from backhaul.kernel.ids import new_id


async def history(stock, asset):
    return await queries.list_history(stock.db, actor=stock.actor, asset=asset)


async def custody(stock, asset):
    return await queries.list_custody(stock.db, actor=stock.actor, asset=asset)


async def custody_of(stock, employee):
    return await queries.list_custody_of_employee(stock.db, actor=stock.actor, employee=employee)


async def story(stock):
    """One device: added, assigned to Ada, changed, sent back, taken in."""
    person = await stock.employee(first_name="Ada", last_name="Lovelace")
    asset, parcel = await stock.add(tag="T"), new_id()
    stock.pass_time()
    await stock.assign(asset, person)
    stock.pass_time()
    await stock.change(asset, status_name="Legal Hold", sku="S")
    stock.pass_time()
    await stock.change(asset, status_name="In Use")
    await stock.ship(asset, parcel)
    stock.pass_time()
    await stock.take_in(asset, note="Box was open.")
    return person, asset, parcel


async def test_the_newest_comes_first_with_the_names_of_what_changed(stock):
    _, asset, _ = await story(stock)
    lines = await history(stock, asset.serial_number)
    assert [
        (line.number, line.action, line.status, line.old_status, line.holder, line.old_holder)
        for line in lines
    ] == [
        (6, "received", "Available", "Pending", None, None),
        (5, "shipped", "Pending", "In Use", None, "Ada Lovelace"),
        (4, "changed", "In Use", "Legal Hold", None, None),
        (3, "changed", "Legal Hold", "In Use", None, None),
        (2, "assigned", "In Use", "Available", "Ada Lovelace", None),
        (1, "added", "Available", None, None, None),
    ]
    assert [line.description for line in lines] == [
        "Received by the organization. Status changed from Pending to Available. Box was open.",
        "Handed to a carrier. Status changed from In Use to Pending.",
        "Status changed from Legal Hold to In Use.",
        "Status changed from In Use to Legal Hold. Changed: sku.",
        "Assigned to Ada Lovelace. Status changed from Available to In Use.",
        "Asset created. Status Available.",
    ]
    assert lines[0].at == stock.now
    assert lines[-1].at == asset.created_at
    assert set(lines[3].changed) == {"status_id", "sku", "updated_at", "version"}


async def test_a_device_and_its_history_are_read_together(stock):
    _, asset, _ = await story(stock)
    both = await queries.get_asset_with_history(
        stock.db, actor=stock.actor, serial_number=asset.serial_number.lower()
    )
    assert both == (await stock.detail(asset), await history(stock, asset.serial_number))
    assert len(both[1]) == 6


async def test_custody_is_seen_from_the_device(stock):
    person, asset, parcel = await story(stock)
    lines = await custody(stock, asset.serial_number)
    assert [
        (line.sequence, line.reason, line.from_custody, line.from_name, line.to_custody, line.to_name)
        for line in lines
    ] == [
        (1, "added", None, None, "organization", None),
        (2, "assigned", "organization", None, "employee", "Ada Lovelace"),
        (3, "shipped", "employee", "Ada Lovelace", "parcel", None),
        (4, "received", "parcel", None, "organization", None),
    ]
    assert (lines[1].to_id, lines[2].from_id, lines[2].to_id) == (person.id, person.id, parcel)
    assert lines[2].evidence == {**PROOF, "shipment_id": str(parcel)}
    assert {(line.asset_number, line.serial_number) for line in lines} == {
        (asset.number, asset.serial_number)
    }


async def test_custody_is_seen_from_the_person_by_id_and_by_number(stock):
    person, asset, _ = await story(stock)
    other = await stock.add(status_name="In Use", assign_to_email=person.email)
    for ref in (person.id, person.number):
        lines = await custody_of(stock, ref)
        assert [(line.serial_number, line.reason) for line in lines] == [
            (asset.serial_number, "assigned"),
            (asset.serial_number, "shipped"),
            (other.serial_number, "added"),
        ]
    assert await custody_of(stock, (await stock.employee()).id) == ()


async def test_both_are_complete_after_somebody_left_and_name_nobody(stock):
    person, asset, _ = await story(stock)
    before = await custody(stock, asset.serial_number)
    await remove_employee(stock.db, actor=stock.actor, employee=person.id, now=stock.now)
    former = f"Former employee {person.number}"
    after = await custody(stock, asset.serial_number)
    assert [(line.sequence, line.from_id, line.to_id) for line in after] == [
        (line.sequence, line.from_id, line.to_id) for line in before
    ]
    assert [line.to_name for line in after if line.to_custody == "employee"] == [former]
    for ref in (person.id, person.number):
        assert [line.reason for line in await custody_of(stock, ref)] == ["assigned", "shipped"]
    assert [line.holder for line in await history(stock, asset.serial_number) if line.holder] == [former]
    assert "Ada" not in repr((after, await history(stock, asset.serial_number)))


async def test_a_device_is_meant_by_serial_number_asset_number_or_tag(stock):
    asset = await stock.add(tag="Desk 7", serial_number="SN-1")
    for text in ("sn-1", number(asset), " desk  7"):
        assert [line.action for line in await history(stock, text)] == ["added"]
        assert [line.reason for line in await custody(stock, text)] == ["added"]
    await stock.add(tag="desk 7")
    for look in (history, custody):
        with pytest.raises(AssetAmbiguous):
            await look(stock, "Desk 7")


async def test_a_text_that_fits_several_devices_in_different_ways_means_none_of_them(stock):
    one = await stock.add(serial_number="SN-1", tag="Desk 7")
    other = await stock.add(serial_number=number(one), tag="SN-1")
    third = await stock.add(serial_number="SN-3", tag="sn 3")
    for text in (number(one), "sn-1"):
        for look in (history, custody):
            with pytest.raises(AssetAmbiguous):
                await look(stock, text)
    for text, means in (("Desk 7", one), (number(other), other), ("SN-3", third)):
        assert {line.asset_id for line in await custody(stock, text)} == {means.id}


@pytest.mark.parametrize("text", ["nobody", "", "\x00", "\ud800", "9" * 32])
async def test_an_unknown_device_is_refused(stock, text):
    await stock.add()
    for look in (history, custody):
        with pytest.raises(AssetUnknown):
            await look(stock, text)
    for get in (queries.get_asset, queries.get_asset_with_history):
        with pytest.raises(AssetUnknown):
            await get(stock.db, actor=stock.actor, serial_number=text)


@pytest.mark.parametrize("ref", [0, -1, 2**63, 2**62, new_id()])
async def test_an_unknown_person_is_refused(stock, ref):
    with pytest.raises(EmployeeUnknown):
        await custody_of(stock, ref)
