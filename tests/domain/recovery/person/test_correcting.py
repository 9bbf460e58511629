"""The organization corrects an address, unless a label that cannot be made anew goes to the old one."""

import asyncio

import msgspec
import pytest
from tests.domain.recovery.person.conftest import HOME

from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import Right
from backhaul.domain.recovery import Outcome, Shipping, person
from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.errors import CaseUnknown
from backhaul.domain.recovery.person.errors import (
    AddressFixed,
    AddressInUse,
    AddressNotWanted,
    AddressUnconfirmed,
)
from backhaul.domain.shipping.model import Fault, Tracking
from backhaul.domain.transfers import tables as transfer_tables
from backhaul.domain.transfers.model import Status
from backhaul.domain.transfers.operations import cancel_transfer
from backhaul.kernel.errors import InvalidInput

NEW = msgspec.structs.replace(HOME, line_1="1 New Street")


async def correct(desk, case, address=NEW, *, actor=None, is_certain=False):
    return await person.correct_address_for(
        desk.db,
        actor=actor or desk.actor,
        case=case.public_number,
        address=address,
        is_certain=is_certain,
        now=desk.now,
    )


async def resend(desk, case, transfer):
    await person.send_again(
        desk.db,
        actor=desk.actor,
        case=case.public_number,
        transfer_id=transfer.id,
        choice=person.Choice.KIT,
        now=desk.now,
    )
    await desk.world.settle()
    return (await desk.transfers(case))[0]


async def changes(desk, case):
    lines = await desk.world.changes("recovery_case", case.id)
    return [line for line in lines if line["action"] == "address_corrected"]


async def test_the_case_and_what_has_not_left_go_to_the_new_address(desk):
    case = await desk.add()
    await desk.world.settle()
    (before,) = await desk.transfers(case)
    old = await desk.world.box(before)
    after = await correct(desk, case, msgspec.structs.replace(NEW, state="pennsylvania"))
    await desk.world.settle()
    assert (after.line_1, after.state, after.version) == ("1 New Street", "PA", case.version + 1)
    assert (await desk.look(case)).case == after
    (transfer,) = await desk.transfers(case)
    assert (transfer.employee_address, transfer.status) == (after.address, Status.PENDING_BOX)
    box, device = await desk.world.box(transfer), await desk.world.device(transfer)
    assert (box.parcel.destination.line_1, device.parcel.origin.line_1) == ("1 New Street", "1 New Street")
    assert box.tracking_number not in (None, old.tracking_number)
    (line,) = await changes(desk, case)
    assert (line["actor_kind"], line["change"]["line_1"]) == ("user", [HOME.line_1, "1 New Street"])


async def test_the_same_form_sent_twice_or_at_once_changes_it_once(desk):
    case = await desk.add()
    await desk.world.settle()
    await asyncio.gather(*(correct(desk, case) for _ in range(3)))
    await desk.world.settle()
    before = await desk.traces()
    await correct(desk, case)
    assert await desk.traces() == before
    assert len(await changes(desk, case)) == 1


@pytest.mark.parametrize(
    ("wrong", "paths"),
    [
        ({"line_1": " ", "city": ""}, ["address.line_1", "address.city"]),
        ({"state": "Bavaria"}, ["address.state"]),
        ({"postal_code": "1"}, ["address.postal_code"]),
        ({"country_code": "XX"}, ["address.country_code"]),
    ],
)
async def test_what_is_wrong_is_said_field_by_field(desk, wrong, paths):
    case = await desk.add(shipping=Shipping.ASK)
    async with desk.refuses(InvalidInput) as refused:
        await correct(desk, case, msgspec.structs.replace(NEW, **wrong))
    assert [problem.path for problem in refused.value.problems] == paths


async def test_who_is_certain_knows_better_than_the_rules(desk):
    case = await desk.add(shipping=Shipping.ASK)
    after = await correct(desk, case, msgspec.structs.replace(NEW, postal_code="1"), is_certain=True)
    assert after.postal_code == "1"


async def test_who_may_not_and_what_belongs_to_others_is_refused(desk, world):
    case = await desk.add(shipping=Shipping.ASK)
    viewer = msgspec.structs.replace(desk.actor, rights=frozenset({Right.RECOVERY_READ}))
    async with desk.refuses(RightMissing):
        await correct(desk, case, actor=viewer)
    async with desk.refuses(CaseUnknown):
        await correct(desk, case, actor=await world.make.organization())
    await desk.end(case, Outcome.LOST)
    async with desk.refuses(AddressNotWanted):
        await correct(desk, case)


async def test_a_box_that_has_left_keeps_the_address_until_it_came_to_nothing(desk, somebody):
    one = await somebody(shipping=Shipping.KIT)
    case, world = one.case, desk.world
    (first,) = await desk.transfers(case)
    for status, text in ((Tracking.IN_TRANSIT, "box in transit"), (Tracking.DELIVERED, "pending device")):
        await world.report(await world.box(first), status)
        await world.settle()
        async with desk.refuses(AddressInUse) as refused:
            await correct(desk, case)
        assert f"parcel 1 is {text}" in refused.value.text
    await world.report(await world.device(first), Tracking.FAILURE, fault=Fault.LOST)
    await world.settle()
    await correct(desk, case)
    (first,) = await desk.transfers(case)
    assert (first.status, first.employee_address.line_1) == (Status.FAILED, HOME.line_1)  # it went there
    second = await resend(desk, case, first)
    assert second.employee_address.line_1 == "1 New Street"
    assert (await world.box(second)).parcel.destination.line_1 == "1 New Street"


async def test_a_printed_label_keeps_the_address_and_one_parcel_of_two_refuses_both(desk):
    case = await desk.add(
        "Laptop", "Monitor", shipping=Shipping.LABEL, callback_url="https://maas.example/label"
    )
    await desk.world.settle()
    laptop, _ = await desk.transfers(case)
    await cancel_transfer(desk.db, actor=desk.actor, transfer_id=laptop.id, reason=None, now=desk.now)
    await desk.world.settle()
    async with desk.refuses(AddressInUse) as refused:
        await correct(desk, case)
    assert "parcel 2 is pending device" in refused.value.text


async def test_what_is_on_its_way_back_hinders_nobody(desk):
    case = await desk.add("Laptop", "Monitor")
    await desk.world.settle()
    laptop, monitor = await desk.transfers(case)
    await desk.world.report(await desk.world.device(monitor), Tracking.IN_TRANSIT)
    await desk.world.report(await desk.world.box(laptop), Tracking.FAILURE, fault=Fault.LOST)
    await desk.world.settle()
    assert (await correct(desk, case)).line_1 == "1 New Street"
    assert (await desk.transfers(case))[1].employee_address.line_1 == HOME.line_1


async def test_the_person_corrects_it_too_once_the_parcel_came_to_nothing(desk, somebody):
    one = await somebody(shipping=Shipping.KIT)
    (first,) = await desk.transfers(one.case)
    await desk.world.report(await desk.world.box(first), Tracking.IN_TRANSIT)
    await desk.world.settle()
    async with desk.refuses(AddressFixed):
        await one.confirms(NEW)
    await desk.world.report(await desk.world.box(first), Tracking.FAILURE, fault=Fault.LOST)
    await desk.world.settle()
    assert (await one.looks()).may_correct_address
    await one.confirms(NEW)
    second = await resend(desk, one.case, first)
    assert second.employee_address.line_1 == "1 New Street"
    assert (await one.looks()).may_correct_address  # the second box has not left
    await desk.world.report(await desk.world.device(second), Tracking.IN_TRANSIT)
    await desk.world.settle()
    assert not (await one.looks()).may_correct_address
    async with desk.refuses(AddressFixed):
        await one.confirms(HOME)


async def test_the_person_has_not_called_right_what_the_organization_wrote(desk, somebody):
    one = await somebody()
    await one.confirms(HOME)
    await correct(desk, one.case)
    assert (await one.looks()).confirmed_at is None
    async with desk.refuses(AddressUnconfirmed):
        await one.does(person.choose, choice=person.Choice.KIT)
    await one.confirms(NEW)
    assert (await one.looks()).confirmed_at == desk.now
    await one.does(person.choose, choice=person.Choice.KIT)


async def test_parcels_are_locked_before_the_case_as_their_scans_do(desk):
    case = await desk.add()
    await desk.world.settle()
    (transfer,) = await desk.transfers(case)
    async with desk.db.transaction(desk.world.scope) as tx:
        await transfer_tables.lock(tx, transfer.id)
        correcting = asyncio.create_task(correct(desk, case))
        await asyncio.sleep(0.3)
        assert not correcting.done()
        await asyncio.wait_for(recovery_tables.lock_case(tx, case.id), 5)
    assert (await correcting).line_1 == "1 New Street"
