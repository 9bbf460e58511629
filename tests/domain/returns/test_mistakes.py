"""What was scanned by mistake: no parcel becomes of a device's serial number, and wrong scans are taken back."""

import asyncpg
import pytest

from backhaul.domain import returns
from backhaul.domain.identity import OPERATOR_ORG_ID
from backhaul.domain.returns import statements
from backhaul.domain.returns.browsing import find_scanned_devices
from backhaul.domain.returns.model import Verdict
from backhaul.domain.returns.sanitisation import (
    LockStatus,
    Method,
    NewSanitisation,
    record_sanitisation,
)
from backhaul.kernel.errors import DomainError
from backhaul.storage.database import Scope
from backhaul.storage.history import of_subject


async def announced(depot, scan):
    return await returns.receive_parcel(
        depot.db,
        actor=depot.operator,
        warehouse="WH0CVG01",
        tracking_number=scan,
        is_announced_only=True,
        now=depot.now,
    )


async def take_back(depot, number, serial_number, actor=None):
    return await returns.take_back_scan(
        depot.db, actor=actor or depot.operator, number=number, serial_number=serial_number, now=depot.now
    )


async def drop(depot, number, actor=None):
    return await returns.drop_parcel(depot.db, actor=actor or depot.operator, number=number, now=depot.now)


async def name_of(actor, depot):
    async with depot.db.system() as reader:
        return await reader.fetchval("SELECT name FROM organizations WHERE org_id = $1", actor.org_id)


async def operator_history(depot, intake):
    scope = Scope(OPERATOR_ORG_ID)
    async with depot.db.read(scope) as reader:
        entries = await of_subject(reader, scope, kind="intake", subject_id=intake.id)
    return [entry.action for entry in entries]


async def test_an_announced_parcel_is_received_at_once_and_found_again(depot):
    _, tracking = await depot.on_its_way()
    got = await announced(depot, tracking)
    assert (got.is_new, got.one.tracking_number) == (True, tracking)
    assert not (await announced(depot, tracking)).is_new
    unknown = (await depot.receive("1Z UNKNOWN")).intake
    assert (await announced(depot, "1z-unknown")).intake.number == unknown.number


async def test_what_nobody_expects_is_not_received_until_it_is_confirmed(depot):
    async with depot.refused("returns.unannounced"):
        await announced(depot, "TOTALLYUNKNOWN1234567")
    assert (await depot.receive("TOTALLYUNKNOWN1234567")).is_new


@pytest.mark.parametrize("told", ["serial_number", "tag", "imei", "1S and the serial number"])
async def test_a_known_devices_number_is_no_parcel(depot, told):
    known = {"tag": "LAP_0815", "imei": "356938035643809"}
    laptop = await depot.laptop(serial_number="SIM5CGX06A", **known)
    _, tracking = await depot.on_its_way(serial_number=laptop.serial_number)
    scan = f"1S{laptop.serial_number}" if told.startswith("1S") else getattr(laptop, told)
    async with depot.refused("returns.device_scanned") as refused:
        await announced(depot, f" {scan.lower()} ")
    assert tracking in refused.value.text
    (device,) = await find_scanned_devices(depot.db, actor=depot.operator, scan=scan)
    assert (device.serial_number, device.owner_name) == ("SIM5CGX06A", await name_of(depot.customer, depot))
    assert [(one.tracking_number, one.number) for one in device.parcels] == [(tracking, None)]
    number = (await depot.receive(tracking)).intake.number
    (device,) = await find_scanned_devices(depot.db, actor=depot.operator, scan=scan)
    assert [(one.tracking_number, one.number) for one in device.parcels] == [(tracking, number)]


async def test_a_device_that_only_its_order_knows_is_no_parcel_either(depot):
    _, tracking = await depot.on_its_way(serial_number="ORDERED-1")
    async with depot.refused("returns.device_scanned"):
        await announced(depot, "ordered-1")
    (device,) = await find_scanned_devices(depot.db, actor=depot.operator, scan="ordered-1")
    assert [one.tracking_number for one in device.parcels] == [tracking]


async def test_devices_are_told_to_the_operator_alone(depot):
    laptop = await depot.laptop()
    with pytest.raises(DomainError):
        await find_scanned_devices(depot.db, actor=depot.customer, scan=laptop.serial_number)


async def test_a_parcel_that_nobody_identified_is_dropped_and_its_number_received_anew(depot):
    intake = (await depot.receive("1ZWRONG")).intake
    await drop(depot, intake.number)
    with pytest.raises(DomainError) as gone:
        await drop(depot, intake.number)
    assert gone.value.code == "returns.return_unknown"
    assert await operator_history(depot, intake) == ["received", "dropped"]
    again = await depot.receive("1ZWRONG")
    assert again.is_new
    assert again.intake.number != intake.number


async def test_dropping_an_expected_parcel_gives_its_devices_back_as_they_were(depot):
    laptop = await depot.laptop()
    before = await depot.asset(laptop)
    _, tracking = await depot.on_its_way(serial_number=laptop.serial_number)
    one = (await depot.receive(tracking)).one
    assert await depot.custody_of(laptop) == "warehouse"
    await drop(depot, one.number)
    after = await depot.asset(laptop)
    for name in ("custody", "employee_id", "warehouse_id", "status_id", "is_sanitisation_due"):
        assert getattr(after, name) == getattr(before, name), name
    assert (await depot.hand_overs(laptop))[-2:] == [("received", "warehouse"), ("corrected", "employee")]
    assert await depot.history_of(one) == ["received", "dropped"]
    await depot.world.settle()  # the job that opens returns late has nothing to open
    again = await depot.receive(tracking)
    assert again.is_new
    assert await depot.custody_of(laptop) == "warehouse"


@pytest.mark.parametrize("has", ["contents", "pictures", "messages"])
async def test_a_parcel_with_something_in_it_is_not_dropped(depot, has):
    one = await depot.parcel(status="received")
    if has == "contents":
        await depot.scan(one.number, "ANYTHING")
    elif has == "pictures":
        await depot.photograph(one.number)
    else:
        await returns.add_operator_message(
            depot.db, actor=depot.operator, number=one.number, body="?", now=depot.now
        )
    async with depot.refused("returns.not_droppable") as refused:
        await drop(depot, one.number)
    assert has in refused.value.text


async def test_a_processed_parcel_is_not_dropped_and_nobody_else_drops_one(depot):
    done = await depot.parcel()
    async with depot.refused("returns.not_received"):
        await drop(depot, done.number)
    waiting = await depot.parcel(status="received")
    async with depot.refused("identity.right_missing"):
        await drop(depot, waiting.number, actor=depot.customer)
    async with depot.refused("identity.right_missing"):
        await take_back(depot, waiting.number, "X", actor=depot.customer)


async def test_a_wrong_scan_is_taken_back_and_the_device_is_with_whoever_had_it(depot):
    laptop = await depot.laptop()
    before = await depot.asset(laptop)
    one = await depot.parcel(status="received")
    await depot.scan(one.number, laptop.serial_number)
    assert await depot.custody_of(laptop) == "warehouse"
    await take_back(depot, one.number, laptop.serial_number.lower())
    assert (await depot.any_detail(one.number)).items == ()
    after = await depot.asset(laptop)
    for name in ("custody", "employee_id", "warehouse_id", "status_id", "is_sanitisation_due"):
        assert getattr(after, name) == getattr(before, name), name
    assert await depot.history_of(one) == ["received", "scanned", "scan_taken_back"]
    async with depot.refused("returns.serial_unscanned"):
        await take_back(depot, one.number, laptop.serial_number)
    await drop(depot, one.number)


async def test_an_expected_device_stays_with_its_parcel_and_is_scanned_again(depot):
    laptop = await depot.laptop()
    one = await depot.parcel(status="received", laptop=laptop)
    await depot.scan(one.number, laptop.serial_number)
    await take_back(depot, one.number, laptop.serial_number)
    assert await depot.custody_of(laptop) == "warehouse"
    assert (await depot.scan(one.number, laptop.serial_number)).verdict is Verdict.MATCHED


async def test_of_two_scans_the_last_one_is_taken_back_and_later_ones_have_places_of_their_own(depot):
    one = await depot.parcel(status="received")
    for serial in ("FIRST", "SECOND", "FIRST"):
        await depot.scan(one.number, serial)
    taken = await take_back(depot, one.number, "FIRST")
    assert (taken.verdict, taken.position) == (Verdict.DUPLICATE, 3)
    await take_back(depot, one.number, "FIRST")
    await depot.scan(one.number, "THIRD")
    items = (await depot.any_detail(one.number)).items
    assert [(item.serial_number, item.position) for item in items] == [("SECOND", 2), ("THIRD", 3)]


async def test_what_was_taken_for_the_expected_device_makes_room_for_it(depot):
    _, tracking = await depot.on_its_way()  # nobody said which device
    number = (await depot.receive(tracking)).intake.number
    assert (await depot.scan(number, "WRONG")).verdict is Verdict.MATCHED
    assert (await depot.scan(number, "RIGHT")).verdict is Verdict.UNEXPECTED
    await take_back(depot, number, "WRONG")
    (item,) = (await depot.any_detail(number)).items
    assert (item.serial_number, item.verdict) == ("RIGHT", Verdict.MATCHED)


async def test_no_scan_is_taken_back_once_the_parcel_is_processed_or_the_device_sanitised(depot):
    done = await depot.parcel(serial_number="DONE-1")
    async with depot.refused("returns.not_received"):
        await take_back(depot, done.number, "DONE-1")
    one = await depot.parcel(status="received")
    await depot.scan(one.number, "WIPED-1")
    new = NewSanitisation(
        serial_number="WIPED-1",
        media_type="SSD",
        method=Method.PURGE,
        technique="Cryptographic erase",
        tool="nwipe",
        lock_status=LockStatus.NOT_APPLICABLE,
        performed_by="Ada",
        performed_at=depot.now,
        verified_by="Grace",
        verified_at=depot.now,
    )
    await record_sanitisation(depot.db, actor=depot.operator, number=one.number, new=new, now=depot.now)
    async with depot.refused("returns.scan_proven"):
        await take_back(depot, one.number, "WIPED-1")


@pytest.mark.parametrize("what", ["return", "item"])
async def test_the_database_itself_keeps_what_was_processed(depot, what):
    done = await depot.parcel()
    (item,) = (await depot.any_detail(done.number)).items
    statement, gone = (statements.DROP, done.id) if what == "return" else (statements.REMOVE_ITEM, item.id)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        async with depot.db.transaction(Scope(done.org_id)) as tx:
            await tx.execute(statement, tx.org_id, gone)
    assert (await depot.any_detail(done.number)).items == (item,)
