"""A parcel is scanned at a warehouse: whose it is, and where its devices are from then on."""

import asyncio

import pytest
from tests.domain.returns.depot import DELIVERED, IN_TRANSIT

from backhaul.domain import returns
from backhaul.domain.identity import OPERATOR_ORG_ID, operator_actor
from backhaul.domain.identity.queries import get_organization
from backhaul.domain.returns import jobs, queries
from backhaul.domain.returns.operations.receive import note_parcel
from backhaul.kernel.errors import DomainError
from backhaul.storage.database import Scope


async def test_an_expected_parcel_becomes_a_return_of_its_owner(depot):
    laptop = await depot.laptop()
    transfer, tracking = await depot.on_its_way(serial_number=laptop.serial_number)
    received = await depot.receive(tracking)
    one = received.one
    assert (one.org_id, one.status, one.transfer_id) == (
        depot.customer.org_id,
        returns.Status.RECEIVED,
        transfer.id,
    )
    assert (one.number, one.id, one.intake_id) == (
        received.intake.number,
        received.intake.return_id,
        received.intake.id,
    )
    assert (one.tracking_number, one.warehouse_code, received.is_new) == (tracking, "WH0CVG01", True)
    assert await depot.hand_overs(laptop) == [("added", "employee"), ("received", "warehouse")]
    assert await depot.status_of(laptop) == "Pending"
    assert (await depot.asset(laptop)).warehouse_id == depot.warehouse.id
    assert await depot.history_of(one) == ["received"]


async def test_scanning_twice_finds_the_same_one(depot):
    _, tracking = await depot.on_its_way()
    first = await depot.receive(tracking)
    before = await depot.everything()
    again = await depot.receive(f" {tracking.lower()} ")
    assert (again.intake, again.one, again.is_new) == (first.intake, first.one, False)
    assert await depot.everything() == before


@pytest.mark.parametrize(
    ("barcode", "printed"),
    [
        ("420750989261299997140101431920", "9261299997140101431920"),
        ("9" * 20 + "00078954177830", "078954177830"),
    ],
)
async def test_a_parcel_of_nobody_is_one_whether_its_barcode_is_scanned_or_its_number_typed(
    depot, barcode, printed
):
    first = await depot.receive(barcode)
    before = await depot.everything()
    again = await depot.receive(printed)
    assert (again.intake, again.is_new) == (first.intake, False)
    assert first.intake.tracking_number == printed
    assert await depot.everything() == before


async def test_two_scans_at_once_are_one_parcel(depot):
    laptop = await depot.laptop()
    _, tracking = await depot.on_its_way(serial_number=laptop.serial_number)
    results = await asyncio.gather(*(depot.receive(tracking) for _ in range(6)))
    assert len({result.one.id for result in results}) == 1
    assert sum(result.is_new for result in results) == 1
    assert await depot.hand_overs(laptop) == [("added", "employee"), ("received", "warehouse")]


async def test_a_parcel_of_nobody_stays_with_the_operator_until_it_is_identified(depot):
    received = await depot.receive("1Z999AA10123456784")
    assert received.one is None
    assert received.intake.owner_org_id is None
    unidentified = await queries.list_unidentified(depot.db, scope=Scope(OPERATOR_ORG_ID))
    assert [intake.id for intake in unidentified] == [received.intake.id]
    one = await returns.identify_intake(
        depot.db,
        actor=depot.operator,
        number=received.intake.number,
        owner_org_id=depot.customer.org_id,
        rma_number=" RMA-7 ",
        now=depot.now,
    )
    assert (one.org_id, one.number, one.rma_number) == (
        depot.customer.org_id,
        received.intake.number,
        "RMA-7",
    )
    assert await queries.list_unidentified(depot.db, scope=Scope(OPERATOR_ORG_ID)) == ()


async def test_identifying_again_changes_nothing_and_another_owner_is_refused(depot):
    received = await depot.receive("1Z999AA10123456784")
    other = await depot.make.organization()

    async def identify(org_id):
        return await returns.identify_intake(
            depot.db,
            actor=depot.operator,
            number=received.intake.number,
            owner_org_id=org_id,
            rma_number=None,
            now=depot.now,
        )

    first = await identify(depot.customer.org_id)
    before = await depot.everything()
    assert await identify(depot.customer.org_id) == first
    assert await depot.everything() == before
    async with depot.refused("returns.identified_already"):
        await identify(other.org_id)


async def test_identifying_again_with_another_rma_number_is_refused(depot):
    received = await depot.receive("1Z999AA10123456784")
    number = received.intake.number

    async def identify(rma_number):
        return await returns.identify_intake(
            depot.db,
            actor=depot.operator,
            number=number,
            owner_org_id=depot.customer.org_id,
            rma_number=rma_number,
            now=depot.now,
        )

    first = await identify("RMA-1")
    assert first.rma_number == "RMA-1"
    assert await identify(" RMA-1 ") == await identify(None) == first
    async with depot.refused("returns.rma_given") as refused:
        await identify("RMA-2")
    assert refused.value.text == (
        f"The parcel {number} was identified already, with RMA-1 as its RMA number. "
        "Give RMA-2 when its processing ends: `backhaul warehouse process`."
    )
    assert (await depot.process(number, rma_number="RMA-2")).rma_number == "RMA-2"


async def test_what_is_not_identified_cannot_be_opened(depot):
    received = await depot.receive("1Z999AA10123456784")
    async with depot.refused("returns.unidentified"):
        await depot.scan(received.intake.number, "X")


async def test_a_parcel_lies_in_one_warehouse(depot):
    await depot.add_warehouse("WH0LAX01")
    _, tracking = await depot.on_its_way()
    await depot.receive(tracking)
    async with depot.refused("returns.received_elsewhere"):
        await depot.receive(tracking, warehouse="WH0LAX01")


@pytest.mark.parametrize("number", ["", "  ", "12 34!", "x" * 65, "é12345"])
async def test_a_number_that_none_can_be_is_refused(depot, number):
    async with depot.refused("input.invalid"):
        await depot.receive(number)


async def test_an_unknown_warehouse_is_refused(depot):
    async with depot.refused("returns.warehouse_unknown"):
        await depot.receive("123456", warehouse="WH0XXX99")


async def test_only_the_operators_organization_receives(depot):
    async with depot.db.read(Scope(depot.customer.org_id)) as reader:
        organization = await get_organization(reader, Scope(depot.customer.org_id))
    for actor in (depot.customer, operator_actor(organization)):
        async with depot.refused("identity.right_missing"):
            await depot.receive("123456", actor=actor)


async def test_a_job_opens_what_was_left_unopened(depot):
    """We die between the two transactions."""
    laptop = await depot.laptop()
    _, tracking = await depot.on_its_way(serial_number=laptop.serial_number)
    intake, _ = await note_parcel(
        depot.db, actor=depot.operator, warehouse=depot.warehouse, tracking_number=tracking, now=depot.now
    )
    with pytest.raises(DomainError):
        await depot.any_detail(intake.number)
    assert (await depot.world.drain()).runs == 1
    opened = (await depot.any_detail(intake.number)).one
    assert (opened.id, await depot.custody_of(laptop)) == (intake.return_id, "warehouse")
    before = await depot.everything()
    await jobs.open_late.__call__(depot.world.run, org_id=OPERATOR_ORG_ID, intake_id=intake.id)
    assert (await depot.receive(tracking)).one == opened
    assert await depot.everything() == before


async def test_late_scans_do_not_take_a_device_out_of_the_warehouse(depot):
    laptop = await depot.laptop()
    transfer, tracking = await depot.on_its_way(serial_number=laptop.serial_number)
    await depot.scan_parcel(transfer, IN_TRANSIT)
    assert await depot.custody_of(laptop) == "parcel"
    await depot.receive(tracking)
    await depot.scan_parcel(transfer, DELIVERED)
    assert await depot.hand_overs(laptop) == [
        ("added", "employee"),
        ("shipped", "parcel"),
        ("received", "warehouse"),
    ]


async def test_a_delivery_that_was_reported_first_does_not_keep_a_device_out(depot):
    laptop = await depot.laptop()
    transfer, tracking = await depot.on_its_way(serial_number=laptop.serial_number)
    await depot.scan_parcel(transfer, DELIVERED)
    assert await depot.custody_of(laptop) == "organization"
    await depot.receive(tracking)
    assert (await depot.custody_of(laptop), await depot.status_of(laptop)) == ("warehouse", "Pending")


async def test_a_parcel_is_its_owners_alone(depot):
    stranger = await depot.make.organization()
    _, theirs = await depot.on_its_way(actor=stranger)
    one = (await depot.receive(theirs)).one
    assert one.org_id == stranger.org_id
    with pytest.raises(DomainError) as refused:
        await depot.any_detail(one.number)
    assert refused.value.code == "returns.return_unknown"
