"""What a receipt leaves behind that is undone: devices that other parcels have, holds, and both sides of a parcel."""

import asyncio
from datetime import timedelta

import pytest
from tests.domain.returns.depot import DELIVERED, IN_TRANSIT
from tests.domain.returns.test_mistakes import drop, take_back

from backhaul.domain import holds, returns
from backhaul.domain.identity import OPERATOR_ORG_ID
from backhaul.domain.inventory import queries as inventory
from backhaul.domain.inventory.operations import take_in
from backhaul.domain.returns import jobs
from backhaul.domain.returns.operations import drop as dropping
from backhaul.domain.returns.operations import open_return
from backhaul.jobqueue import Retry
from backhaul.kernel.errors import DomainError
from backhaul.storage.author import Author

AS_BEFORE = ("custody", "employee_id", "shipment_id", "warehouse_id", "status_id", "is_sanitisation_due")


async def ledger(depot, laptop):
    return await inventory.list_custody(depot.db, actor=depot.customer, asset=laptop.serial_number)


async def assert_stays_with(depot, laptop, one):
    """The laptop lies in the warehouse by this return, and has to be sanitised."""
    after = await depot.asset(laptop)
    assert (after.custody, after.warehouse_id, after.is_sanitisation_due) == (
        "warehouse",
        depot.warehouse.id,
        True,
    )
    last = (await ledger(depot, laptop))[-1]
    assert (last.reason, last.evidence["return"], last.evidence["tracking_number"]) == (
        "received",
        str(one.number),
        one.tracking_number,
    )


async def assert_as_before(depot, laptop, before):
    after = await depot.asset(laptop)
    assert [getattr(after, name) for name in AS_BEFORE] == [getattr(before, name) for name in AS_BEFORE]


async def hold(depot, laptop):
    subject = holds.NewSubject(kind=holds.SubjectKind.ASSET, name=laptop.serial_number)
    texts = {"summary": "Court", "description": "Keep", "now": depot.now}
    await holds.place_hold(depot.db, actor=depot.customer, subjects=[subject], **texts)


async def test_a_device_that_was_scanned_in_another_parcel_stays_there(depot):
    laptop = await depot.laptop()
    before = await depot.asset(laptop)
    wrong, right = await depot.parcel(status="received"), await depot.parcel(status="received")
    for one in (wrong, right):
        await depot.scan(one.number, laptop.serial_number)
    await take_back(depot, wrong.number, laptop.serial_number)
    await assert_stays_with(depot, laptop, right)
    await take_back(depot, right.number, laptop.serial_number)  # a mistake, too
    await assert_as_before(depot, laptop, before)


@pytest.mark.parametrize("is_scanned", [False, True])
async def test_a_device_that_another_parcel_brought_stays_there(depot, is_scanned):
    laptop = await depot.laptop()
    wrong = await depot.parcel(status="received")
    await depot.scan(wrong.number, laptop.serial_number)
    right = await depot.parcel(status="received", laptop=laptop)
    if is_scanned:
        await depot.scan(right.number, laptop.serial_number)
    await take_back(depot, wrong.number, laptop.serial_number)
    await assert_stays_with(depot, laptop, right)


async def test_a_dropped_parcels_device_that_was_scanned_in_another_stays_there(depot):
    laptop = await depot.laptop()
    before = await depot.asset(laptop)
    wrong, right = (
        await depot.parcel(status="received", laptop=laptop),
        await depot.parcel(status="received"),
    )
    await depot.scan(right.number, laptop.serial_number)
    await drop(depot, wrong.number)
    await assert_stays_with(depot, laptop, right)
    await take_back(depot, right.number, laptop.serial_number)
    await assert_as_before(depot, laptop, before)


@pytest.mark.parametrize("elsewhere", ["left since", "missing", "other warehouse"])
async def test_what_another_parcel_does_not_have_any_more_is_given_back(depot, elsewhere):
    laptop = await depot.laptop()
    if elsewhere == "left since":
        await depot.parcel(laptop=laptop)
    elif elsewhere == "missing":
        old = await depot.parcel(status="received", laptop=laptop)
        await depot.process(old.number)
    else:
        await depot.add_warehouse("WH0LAX01")
        number = (await depot.receive("UNPLANNED-LAX", warehouse="WH0LAX01")).intake.number
        owner = {"owner_org_id": depot.customer.org_id, "rma_number": None}
        await returns.identify_intake(depot.db, actor=depot.operator, number=number, now=depot.now, **owner)
        await depot.scan(number, laptop.serial_number)
    depot.world.clock.advance(timedelta(hours=1))
    if elsewhere == "left since":
        await take_in(depot.db, actor=depot.customer, asset=laptop.serial_number, now=depot.now)
    before = await depot.asset(laptop)
    depot.world.clock.advance(timedelta(hours=1))
    wrong = await depot.parcel(status="received")
    await depot.scan(wrong.number, laptop.serial_number)
    await take_back(depot, wrong.number, laptop.serial_number)
    await assert_as_before(depot, laptop, before)


async def test_a_legal_hold_forbids_taking_back_and_dropping(depot):
    laptop, other = await depot.laptop(), await depot.laptop()
    scanned = await depot.parcel(status="received")
    await depot.scan(scanned.number, laptop.serial_number)
    expecting = await depot.parcel(status="received", laptop=other)
    for each in (laptop, other):
        await hold(depot, each)
    async with depot.refused("holds.held"):
        await take_back(depot, scanned.number, laptop.serial_number)
    async with depot.refused("holds.held"):
        await drop(depot, expecting.number)


async def test_reports_of_the_parcel_that_a_device_is_really_in_count_again(depot):
    laptop = await depot.laptop()
    transfer, _ = await depot.on_its_way(serial_number=laptop.serial_number)
    await depot.scan_parcel(transfer, IN_TRANSIT)
    wrong = await depot.parcel(status="received")
    await depot.scan(wrong.number, laptop.serial_number)
    await take_back(depot, wrong.number, laptop.serial_number)
    assert await depot.custody_of(laptop) == "parcel"
    await depot.scan_parcel(transfer, IN_TRANSIT)  # told again, it changes nothing
    undone = (await ledger(depot, laptop))[-1]
    assert (undone.reason, undone.evidence["undoes"], "shipment_id" in undone.evidence) == (
        "corrected",
        "3",
        False,
    )
    await depot.scan_parcel(transfer, DELIVERED)
    assert (await depot.hand_overs(laptop))[-2:] == [("corrected", "parcel"), ("delivered", "organization")]


async def test_reports_of_a_parcel_that_was_dropped_count_again(depot):
    laptop = await depot.laptop()
    transfer, tracking = await depot.on_its_way(serial_number=laptop.serial_number)
    number = (await depot.receive(tracking)).intake.number
    await drop(depot, number)
    assert await depot.custody_of(laptop) == "employee"
    await depot.scan_parcel(transfer, IN_TRANSIT)
    assert await depot.custody_of(laptop) == "parcel"


async def test_no_return_is_opened_of_a_parcel_that_was_dropped(depot):
    _, tracking = await depot.on_its_way()
    intake = (await depot.receive(tracking)).intake
    await drop(depot, intake.number)
    async with depot.refused("returns.return_unknown"):
        await open_return(
            depot.db,
            intake=intake,
            warehouse=depot.warehouse,
            author=Author(kind="operator", id=None),
            now=depot.now,
        )


async def test_the_job_waits_for_a_parcel_that_is_being_dropped(depot, monkeypatch):
    _, tracking = await depot.on_its_way()
    intake = (await depot.receive(tracking)).intake
    await drop(depot, intake.number)

    async def read_before(*_, **__):
        return intake

    with monkeypatch.context() as patch:
        patch.setattr(jobs.queries, "find_intake_by_id", read_before)
        with pytest.raises(Retry):
            await jobs.open_late(depot.world.run, org_id=OPERATOR_ORG_ID, intake_id=intake.id)
    before = await depot.everything()
    await jobs.open_late(depot.world.run, org_id=OPERATOR_ORG_ID, intake_id=intake.id)
    assert await depot.everything() == before


async def test_a_return_that_is_opened_anew_while_its_parcel_is_dropped_is_dropped_too(depot, monkeypatch):
    laptop = await depot.laptop()
    _, tracking = await depot.on_its_way(serial_number=laptop.serial_number)
    intake = (await depot.receive(tracking)).intake
    real, seen = dropping.drop_return, []

    async def dropped_and_scanned_again(*args, **how):
        await real(*args, **how)
        seen.append(how["return_id"])
        if len(seen) == 1:
            assert (await depot.receive(tracking)).one is not None

    monkeypatch.setattr(dropping, "drop_return", dropped_and_scanned_again)
    await drop(depot, intake.number)
    assert seen == [intake.return_id] * 2
    with pytest.raises(DomainError) as gone:
        await depot.any_detail(intake.number)
    assert gone.value.code == "returns.return_unknown"
    assert await depot.custody_of(laptop) == "employee"


async def test_whoever_scans_and_drops_at_once_leaves_both_sides_or_none(depot):
    for _ in range(5):
        _, tracking = await depot.on_its_way()
        intake = (await depot.receive(tracking)).intake
        done = await asyncio.gather(
            *(depot.receive(tracking) for _ in range(3)),
            drop(depot, intake.number),
            return_exceptions=True,
        )
        assert {one.code for one in done if isinstance(one, Exception)} <= {"returns.return_unknown"}
        async with depot.db.system() as reader:
            kept = await reader.fetch("SELECT return_id FROM intakes")
            there = await reader.fetch("SELECT id FROM returns")
        assert {row["return_id"] for row in kept} == {row["id"] for row in there}
        assert intake.return_id not in {row["id"] for row in there}
