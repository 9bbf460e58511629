"""Changing: only what is given, everything that is wrong at once, and no status that is impossible where it is."""

from datetime import date

import msgspec
import pytest
from tests.domain.inventory.stock import number
from tests.domain.inventory.test_adding import FULL

from backhaul.domain.inventory.errors import (
    AlreadyAssigned,
    AssetAmbiguous,
    AssetUnknown,
    NotDeployable,
    SerialTaken,
    StatusRefused,
)
from backhaul.domain.inventory.model import Condition, Custody, PurchaseType, Reason
from backhaul.kernel.ids import new_id

OTHER = {
    "product_type": "Tablet", "product_name": "Tab A8", "manufacturer": "Samsung", "serial_number": "SN-OTHER",
    "status_name": "Pending", "model_number": "Y", "sku": "S", "tag": "T", "condition": Condition.POOR,
    "purchased_on": date(2024, 2, 1), "purchase_cost_minor": 5, "purchase_currency": "EUR",
    "purchase_type": PurchaseType.PURCHASED, "warranty_starts_on": date(2024, 2, 1),
    "warranty_ends_on": date(2024, 2, 2), "warranty_type": "None", "department": "Sales", "location_name": "Away",
    "imei": "1", "imei2": "2", "specs": {"processor": "M2"},
}  # fmt: skip


async def test_every_value_can_be_changed_at_once_and_the_answer_is_what_is_read(stock):
    asset = await stock.add(**FULL)
    stock.pass_time()
    after = await stock.change(asset, **OTHER)
    assert await stock.detail(after.asset) == after
    assert (after.product_type.name, after.model.name, after.manufacturer.name) == (
        "Tablet",
        "Tab A8",
        "Samsung",
    )
    assert (after.department.name, after.location.name, after.status.name) == ("Sales", "Away", "Pending")
    assert after.asset.specs == {"processor": "M2", "memory": "16 GB"}
    assert (after.asset.version, after.asset.updated_at, after.asset.created_at) == (
        2,
        stock.now,
        asset.created_at,
    )
    assert (after.asset.number, after.asset.custody_count) == (asset.number, 1)
    assert await stock.told(asset) == ["inventory.asset_added", "inventory.asset_changed"]


@pytest.mark.parametrize("name", sorted(OTHER))
async def test_one_value_changes_nothing_else(stock, name):
    before = await stock.make.asset(stock.actor, **FULL)
    after = await stock.change(before.asset, **{name: OTHER[name]})
    assert await stock.detail(after.asset) == after
    column = {
        "product_type": "model_id", "product_name": "model_id", "manufacturer": "model_id", "status_name": "status_id",
        "department": "department_id", "location_name": "location_id",
    }.get(name, name)  # fmt: skip
    old, new = msgspec.structs.asdict(before.asset), msgspec.structs.asdict(after.asset)
    assert {key for key in old if old[key] != new[key]} == {column, "version"}
    names = {"product_type": "product_type", "manufacturer": "manufacturer", "product_name": "model"}
    kept = set(names.values()) - {names.get(name)} - {"model"}
    assert all(getattr(after, one) == getattr(before, one) for one in kept)
    if name in ("product_type", "manufacturer"):
        assert after.model.name == before.model.name  # a model of the same name, of another kind


@pytest.mark.parametrize(
    "name", ["tag", "model_number", "sku", "condition", "purchased_on", "purchase_cost_minor", "department",
             "location_name", "imei", "warranty_starts_on", "purchase_type"],
)  # fmt: skip
async def test_an_optional_value_can_be_taken_away(stock, name):
    asset = await stock.add(**FULL)
    after = (await stock.change(asset, **{name: None})).asset
    column = {"department": "department_id", "location_name": "location_id"}.get(name, name)
    assert getattr(after, column) is None
    assert await stock.reload(asset) == after
    if name == "purchase_cost_minor":
        assert after.purchase_currency is None


async def test_a_spec_can_be_taken_away(stock):
    asset = await stock.add(specs={"a": "1", "b": "2"})
    assert (await stock.change(asset, specs={"a": None, "c": "3"})).asset.specs == {"b": "2", "c": "3"}


async def test_values_that_are_there_already_change_nothing(stock):
    asset = await stock.add(**FULL)
    before = await stock.traces()
    again = await stock.change(asset, department="it", product_name="MACBOOK PRO 16", status_name="available", **{
        name: FULL[name] for name in ("tag", "condition", "specs", "warranty_ends_on")})  # fmt: skip
    assert again.asset == asset
    assert await stock.change(asset) == again
    assert await stock.traces() == before


async def test_everything_that_is_wrong_is_refused_at_once(stock):
    asset = await stock.add(warranty_starts_on=date(2025, 1, 1))
    async with stock.invalid(
        ("product_type", "missing"),
        ("tag", "inventory.text_too_long"),
        ("status_name", "inventory.status_unknown"),
        ("warranty_ends_on", "inventory.warranty_order"),
    ):
        await stock.change(
            asset,
            product_type="",
            tag="t" * 201,
            status_name="x",
            warranty_ends_on=date(2024, 1, 1),
            department="New",
        )


async def test_an_asset_is_meant_by_serial_number_number_or_tag(stock):
    first = await stock.add(serial_number="SN-1", tag="Desk 7")
    second = await stock.add(serial_number="SN-2", tag="sn-2")
    assert (await stock.change("sn-1", sku="A")).asset.id == first.id
    assert (await stock.change(number(second), sku="C")).asset.id == second.id
    assert (await stock.change("SN-2", sku="B")).asset.id == second.id  # fits it in two ways
    assert (await stock.change(" desk   7 ", sku="D")).asset.id == first.id


async def test_an_unknown_asset_or_an_ambiguous_tag_is_refused(stock):
    for text in ("nobody", "", "\x00", "\ud800", "9" * 32):
        async with stock.refused(AssetUnknown):
            await stock.change(text, sku="X", department="Never")
    await stock.add(tag="twin")
    await stock.add(tag="Twin")
    async with stock.refused(AssetAmbiguous):
        await stock.change("TWIN", sku="X")


async def test_a_serial_number_does_not_hide_another_devices_number_or_tag(stock):
    one = await stock.add(serial_number="SN-1", tag="SN-2")
    other = await stock.add(serial_number=number(one))
    await stock.add(serial_number="SN-2")
    for text in (number(one), "sn-2"):
        async with stock.refused(AssetAmbiguous):
            await stock.change(text, sku="X")
        async with stock.refused(AssetAmbiguous):
            await stock.take_in(text)
    assert (await stock.change("SN-1", sku="A")).asset.id == one.id
    assert (await stock.change(number(other), sku="B")).asset.id == other.id


async def test_a_serial_number_can_be_respelt_but_not_taken_from_another(stock):
    one, _ = await stock.add(serial_number="SN-1"), await stock.add(serial_number="SN-2")
    assert (await stock.change(one, serial_number="sn - 1")).asset.serial_number == "sn - 1"
    async with stock.refused(SerialTaken):
        await stock.change("SN-1", serial_number="sn 2 ".replace(" 2", "-2"), department="Never")


async def test_a_deployed_status_assigns_as_adding_does(stock):
    person, asset = await stock.employee(), await stock.add()
    async with stock.invalid(("assign_to_email", "missing")):
        await stock.change(asset, status_name="In Use")
    async with stock.invalid(("assign_to_email", "inventory.assignee_unknown")):
        await stock.change(asset, status_name="In Use", assign_to_email="stranger@example.com")
    after = await stock.change(
        asset, status_name="In Use", assign_to_email=person.email, sku="NEW", department="HR"
    )
    assert await stock.detail(asset) == after
    assert (after.asset.custody, after.asset.employee_id, after.asset.sku) == (
        Custody.EMPLOYEE,
        person.id,
        "NEW",
    )
    assert [event.reason for event in await stock.ledger(asset)] == [Reason.ADDED, Reason.ASSIGNED]
    assert [line["action"] for line in await stock.changes(asset)] == ["added", "assigned"]


async def test_an_assignee_without_a_deployed_status_is_ignored(stock):
    person, asset = await stock.employee(), await stock.add()
    assert (await stock.change(asset, assign_to_email=person.email)).asset == asset
    after = await stock.change(asset, status_name="Pending", assign_to_email="stranger@example.com")
    assert after.asset.custody is Custody.ORGANIZATION


async def test_what_is_not_deployable_is_not_deployed_by_a_change(stock):
    person, asset = await stock.employee(), await stock.add(status_name="Legal Hold")
    async with stock.refused(NotDeployable):
        await stock.change(asset, status_name="In Use", assign_to_email=person.email, department="Never")


async def test_somebody_elses_asset_is_not_passed_on_by_a_change(stock):
    person, other = await stock.employee(), await stock.employee()
    asset = await stock.add(status_name="In Use", assign_to_email=person.email)
    for changes in (
        {"status_name": "In Use", "assign_to_email": other.email},
        {"assign_to_email": other.email},
    ):
        async with stock.refused(AlreadyAssigned):
            await stock.change(asset, **changes)
    async with stock.invalid(("assign_to_email", "inventory.assignee_unknown")):
        await stock.change(asset, assign_to_email="stranger@example.com")
    after = await stock.change(asset, assign_to_email=person.email.upper(), sku="Y")
    assert (after.asset.sku, after.asset.employee_id, after.holder.email) == ("Y", person.id, person.email)


async def test_statuses_that_are_possible_where_the_asset_is(stock):
    person = await stock.employee()
    parcelled = await stock.add()
    await stock.ship(parcelled, new_id())
    places = {
        "organization": (await stock.add(), {"Available", "Ready to Deploy", "Pending", "Retired", "Legal Hold"}),
        "employee": (
            await stock.add(status_name="In Use", assign_to_email=person.email), {"In Use", "Pending", "Legal Hold"},
        ),
        "parcel": (parcelled, {"Pending", "Retired", "Legal Hold"}),
        "outside": (await stock.outside(), {"Pending", "Retired", "Legal Hold"}),
    }  # fmt: skip
    for place, (asset, possible) in places.items():
        for label in (await stock.labels()).values():
            if label.name in possible:
                assert (await stock.change(asset, status_name=label.name)).status == label
            elif place == "organization":
                async with stock.invalid(("assign_to_email", "missing")):
                    await stock.change(asset, status_name=label.name)
            else:
                async with stock.refused(StatusRefused):
                    await stock.change(asset, status_name=label.name, assign_to_email=person.email)
        assert (await stock.reload(asset)).custody.value == place
