"""Custody follows parcels: late, repeated and missing reports included."""

import asyncio
import itertools
from datetime import timedelta

import asyncpg
import msgspec
import pytest
from tests.domain.inventory.stock import PROOF

from backhaul.domain.inventory.errors import AssetUnknown, CustodyMoveRefused
from backhaul.domain.inventory.model import Custody, Reason
from backhaul.domain.inventory.operations import custody
from backhaul.kernel.ids import new_id
from backhaul.storage.history import SYSTEM

HOUR = timedelta(hours=1)


async def test_a_device_goes_out_to_an_employee_in_a_parcel(stock):
    person, asset, parcel = await stock.employee(), await stock.add(), new_id()
    stock.pass_time()
    shipped = await stock.ship(asset, parcel)
    assert (shipped.custody, shipped.shipment_id, shipped.employee_id) == (Custody.PARCEL, parcel, None)
    assert await stock.status_of(asset) == "Pending"
    stock.pass_time()
    after = await stock.deliver_to(asset, parcel, "stranger@example.com", person.email.upper())
    assert await stock.reload(asset) == after
    assert (after.custody, after.employee_id, after.custody_since) == (Custody.EMPLOYEE, person.id, stock.now)
    assert await stock.status_of(asset) == "In Use"
    _, sent, received = await stock.ledger(asset)
    assert (sent.reason, sent.from_custody, sent.to_custody, sent.to_id) == (
        Reason.SHIPPED, Custody.ORGANIZATION, Custody.PARCEL, parcel,
    )  # fmt: skip
    assert (received.reason, received.from_id, received.to_id) == (Reason.DELIVERED, parcel, person.id)
    assert received.evidence == {**PROOF, "shipment_id": str(parcel)}
    assert [line["action"] for line in await stock.changes(asset)] == ["added", "shipped", "delivered"]


async def test_a_device_comes_back_from_an_employee(stock):
    person, parcel = await stock.employee(), new_id()
    asset = await stock.add(status_name="In Use", assign_to_email=person.email)
    await stock.ship(asset, parcel)
    after = await stock.deliver(asset, parcel)
    assert (after.custody, after.employee_id, after.shipment_id) == (Custody.ORGANIZATION, None, None)
    assert await stock.status_of(asset) == "Available"


async def test_nobody_in_the_directory_means_somebody_outside(stock):
    asset = await stock.outside()
    after = await stock.reload(asset)
    assert (after.custody, after.employee_id) == (Custody.OUTSIDE, None)
    assert await stock.status_of(asset) == "Pending"


async def test_the_first_address_that_anybody_has_counts(stock):
    first, second = await stock.employee(), await stock.employee()
    asset, parcel = await stock.add(), new_id()
    after = await stock.deliver_to(asset, parcel, "x@example.com", second.email, first.email)
    assert after.employee_id == second.id


@pytest.mark.parametrize("again", ["ship", "deliver", "deliver_to"])
async def test_a_repeated_report_changes_nothing(stock, again):
    person, asset, parcel = await stock.employee(), await stock.add(), new_id()
    await stock.ship(asset, parcel)
    if again != "ship":
        await stock.deliver(asset, parcel)
        await stock.assign(asset, person)
    before = await stock.traces()
    for hours in (0, 5):
        stock.pass_time(hours)
        await getattr(stock, again)(asset, parcel)
        await stock.ship(asset, parcel)
    assert await stock.traces() == before


async def test_a_parcel_that_was_taken_in_by_hand_has_done_its_part(stock):
    person, asset, parcel = await stock.employee(), await stock.add(), new_id()
    await stock.ship(asset, parcel)
    await stock.take_in(asset)
    await stock.assign(asset, person)
    before = await stock.traces()
    stock.pass_time()
    await stock.deliver(asset, parcel)
    await stock.ship(asset, parcel)
    assert await stock.traces() == before


async def test_a_report_older_than_the_present_state_changes_nothing(stock):
    person, asset = await stock.employee(), await stock.add()
    stock.pass_time(10)
    await stock.assign(asset, person)
    before = await stock.traces()
    await stock.ship(asset, new_id(), at=stock.now - HOUR)
    await stock.deliver(asset, new_id(), at=stock.now - HOUR)
    await stock.deliver_to(asset, new_id(), "stranger@example.com", at=stock.now - HOUR)
    assert await stock.traces() == before


async def test_a_delivery_counts_though_the_shipping_was_never_reported(stock):
    person, parcel = await stock.employee(), new_id()
    asset = await stock.add(status_name="In Use", assign_to_email=person.email)
    after = await stock.deliver(asset, parcel)
    assert after.custody is Custody.ORGANIZATION
    assert [event.reason for event in await stock.ledger(asset)] == [Reason.ADDED, Reason.DELIVERED]
    await stock.assign(asset, person)
    before = await stock.traces()
    await stock.deliver(asset, parcel)  # again
    assert await stock.traces() == before


async def test_what_is_there_already_is_not_handed_over(stock):
    person = await stock.employee()
    asset = await stock.add(status_name="In Use", assign_to_email=person.email)
    await stock.change(asset, status_name="Pending")
    at_rest = await stock.add(status_name="Retired")
    before = await stock.traces()
    await stock.deliver_to(asset, new_id(), person.email)
    await stock.deliver(at_rest, new_id())
    assert await stock.traces() == before


async def test_of_two_parcels_the_later_report_wins(stock):
    asset, first, second = await stock.add(), new_id(), new_id()
    await stock.ship(asset, first)
    stock.pass_time()
    after = await stock.ship(asset, second)
    assert (after.custody, after.shipment_id) == (Custody.PARCEL, second)
    event = (await stock.ledger(asset))[-1]
    assert (event.from_custody, event.from_id, event.to_id) == (Custody.PARCEL, first, second)
    before = await stock.traces()
    stock.pass_time()
    await stock.deliver(asset, first)  # the device is not in that one any more
    assert await stock.traces() == before
    assert (await stock.deliver(asset, second)).custody is Custody.ORGANIZATION


@pytest.mark.parametrize("move", ["deliver", "deliver_to", "take_in"])
async def test_a_legal_hold_survives_parcels(stock, move):
    person, asset, parcel = await stock.employee(), await stock.add(status_name="Legal Hold"), new_id()
    await stock.ship(asset, parcel)
    assert await stock.status_of(asset) == "Legal Hold"
    await {
        "deliver": lambda: stock.deliver(asset, parcel),
        "deliver_to": lambda: stock.deliver_to(asset, parcel, person.email),
        "take_in": lambda: stock.take_in(asset),
    }[move]()
    assert await stock.status_of(asset) == "Legal Hold"


async def test_a_device_that_was_written_off_stays_so_until_somebody_uses_it(stock):
    person, asset, parcel, back = await stock.employee(), await stock.add(), new_id(), new_id()
    await stock.ship(asset, parcel)
    await stock.change(asset, status_name="Retired")
    await stock.deliver(asset, parcel)
    assert await stock.status_of(asset) == "Retired"
    await stock.ship(asset, back)
    assert await stock.status_of(asset) == "Retired"
    await stock.take_in(asset)
    assert await stock.status_of(asset) == "Retired"
    await stock.deliver_to(asset, new_id(), person.email)
    assert await stock.status_of(asset) == "In Use"


async def test_somebody_says_that_the_organization_has_it(stock):
    parcelled, outside = await stock.add(), await stock.outside()
    await stock.ship(parcelled, new_id())
    for asset in (parcelled, outside):
        after = await stock.take_in(asset, note="found on the ramp")
        assert (after.custody, await stock.reload(asset)) == (Custody.ORGANIZATION, after)
        assert await stock.status_of(asset) == "Available"
        event = (await stock.ledger(asset))[-1]
        assert (event.reason, event.evidence) == (Reason.RECEIVED, {"note": "found on the ramp"})
        assert (await stock.changes(asset))[-1]["change"]["reason"] == [None, "found on the ramp"]


async def test_what_is_in_stock_or_assigned_is_not_taken_in(stock):
    person = await stock.employee()
    for asset in (await stock.add(), await stock.add(status_name="In Use", assign_to_email=person.email)):
        async with stock.refused(CustodyMoveRefused):
            await stock.take_in(asset)
    async with stock.refused(AssetUnknown):
        await stock.take_in("nothing")


async def test_a_serial_number_nobody_has_is_no_asset(stock):
    await stock.add(serial_number="SN-1")
    async with stock.db.transaction(stock.scope) as tx:
        assert await custody.lock_by_serial(tx, "SN-2") is None
        assert await custody.lock_by_serial(tx, "\x00") is None
        assert (await custody.lock_by_serial(tx, " sn-1")).serial_number == "SN-1"


async def test_one_transaction_may_ship_and_deliver(stock):
    """A parcel whose scans come all at once."""
    asset, parcel = await stock.add(), new_id()
    async with stock.db.transaction(stock.scope) as tx:
        locked = await custody.lock_by_serial(tx, asset.serial_number)
        shipped = await custody.ship(tx, SYSTEM, locked, shipment_id=parcel, at=stock.now, evidence={})
        await custody.deliver_to_person(
            tx, SYSTEM, shipped, shipment_id=parcel, emails=["x@example.com"], at=stock.now, evidence={}
        )
    assert [event.reason.value for event in await stock.ledger(asset)] == ["added", "shipped", "delivered"]
    assert (await stock.reload(asset)).custody is Custody.OUTSIDE
    assert len(await stock.changes(asset)) == 3


async def test_reports_and_people_at_once_leave_one_chain(stock):
    person, asset, parcel = await stock.employee(), await stock.add(), new_id()
    for _ in range(5):
        await asyncio.gather(
            *(stock.ship(asset, parcel) for _ in range(3)),
            *(stock.deliver(asset, parcel) for _ in range(3)),
            stock.assign(asset, person),
            stock.take_in(asset),
            return_exceptions=True,
        )
        ledger = await stock.ledger(asset)
        for one, two in itertools.pairwise(ledger):
            assert (two.from_custody, two.from_id) == (one.to_custody, one.to_id)
        after = await stock.reload(asset)
        assert (after.custody_count, after.version) == (len(ledger), len(await stock.changes(asset)))
        assert after.custody is ledger[-1].to_custody
        parcel = new_id()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE custody_events SET reason = 'received'",
        "DELETE FROM custody_events",
        "TRUNCATE custody_events",
    ],
)
async def test_the_ledger_is_append_only(stock, ground, statement):
    asset = await stock.add()
    owner = await asyncpg.connect(ground)
    try:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await owner.execute(statement)
    finally:
        await owner.close()
    assert len(await stock.ledger(asset)) == 1


async def test_a_state_written_from_an_outdated_copy_is_refused(stock):
    """Should a lock ever be forgotten: the row's own guards hold."""
    asset = await stock.add()
    before = await stock.traces()
    for stale in (
        msgspec.structs.replace(asset, sku="X"),
        msgspec.structs.replace(asset, sku="X", version=3),
        msgspec.structs.replace(asset, sku="X", version=2, custody_count=3),
    ):
        with pytest.raises(asyncpg.NotNullViolationError):
            await stock.overwrite(stale)
    assert await stock.traces() == before
