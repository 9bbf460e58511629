"""The address: confirmed or corrected, by its country's rules, until something has left for it."""

import asyncio

import msgspec
import pytest
from tests.domain.recovery.person.conftest import HOME

from backhaul.domain.recovery import Outcome, Shipping, person
from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.person.errors import AddressFixed, CaseEndedAlready
from backhaul.domain.shipping.model import Tracking
from backhaul.domain.transfers import tables as transfer_tables
from backhaul.kernel.errors import InvalidInput


def elsewhere(**changes):
    return msgspec.structs.replace(HOME, **changes)


async def test_a_right_address_is_confirmed_and_changes_nothing(somebody):
    one = await somebody()
    before = (await one.now()).case
    await one.confirms(HOME)
    assert (await one.now()).case == before
    assert (await one.looks()).confirmed_at == one.desk.now
    assert await one.past() == ["address_confirmed"]


async def test_a_corrected_address_is_that_of_the_parcels(somebody):
    one = await somebody()
    await one.confirms(elsewhere(line_1=" 1 New Street ", line_2="Floor 2", state="pennsylvania"))
    case = (await one.now()).case
    assert (case.line_1, case.line_2, case.state) == ("1 New Street", "Floor 2", "PA")
    await one.does(person.choose, choice=person.Choice.KIT)
    (transfer,) = await one.desk.transfers(one.case)
    assert transfer.employee_address == case.address


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"line_1": " "}, ["address.line_1"]),
        ({"city": ""}, ["address.city"]),
        ({"state": "Bavaria"}, ["address.state"]),
        ({"postal_code": "1"}, ["address.postal_code"]),
        ({"postal_code": ""}, ["address.postal_code"]),
        ({"country_code": "XX"}, ["address.country_code"]),
        ({"line_1": "a\x00b"}, ["address.line_1"]),
        ({"line_1": "x" * 201, "city": "a\nb"}, ["address.line_1", "address.city"]),
    ],
)
async def test_what_is_wrong_with_an_address_is_said_field_by_field(somebody, changes, paths):
    one = await somebody()
    async with one.desk.refuses(InvalidInput) as refused:
        await one.confirms(elsewhere(**changes))
    assert [problem.path for problem in refused.value.problems] == paths


async def test_who_is_certain_knows_better_than_the_rules(somebody):
    one = await somebody()
    await one.confirms(elsewhere(postal_code="1"), is_certain=True)
    assert (await one.now()).case.postal_code == "1"
    async with one.desk.refuses(InvalidInput):
        await one.confirms(elsewhere(country_code="XX"), is_certain=True)


async def test_an_order_whose_label_nobody_began_follows_the_address(somebody):
    one = await somebody(shipping=Shipping.KIT, settled=False)
    world = one.desk.world
    await world.relay()  # the order is placed, then its parcels opened
    two = await somebody(shipping=Shipping.ASK)
    await two.confirms()
    await two.does(person.choose, choice=person.Choice.KIT)
    await two.confirms(elsewhere(line_1="1 New Street"))
    (transfer,) = await one.desk.transfers(two.case)
    assert transfer.employee_address.line_1 == "1 New Street"
    await world.settle()
    box = await world.box(transfer)
    assert box.parcel.destination.line_1 == "1 New Street"


async def test_a_box_that_has_not_left_goes_to_the_new_address_with_another_label(somebody):
    one = await somebody(shipping=Shipping.KIT)
    world = one.desk.world
    (transfer,) = await one.desk.transfers(one.case)
    old = await world.box(transfer)
    assert (await one.looks()).may_correct_address
    await one.confirms(elsewhere(line_1="1 New Street"))
    await world.settle()
    (transfer,) = await one.desk.transfers(one.case)
    box, device = await world.box(transfer), await world.device(transfer)
    assert transfer.employee_address.line_1 == "1 New Street"
    assert (box.parcel.destination.line_1, device.parcel.origin.line_1) == ("1 New Street", "1 New Street")
    assert box.tracking_number not in (None, old.tracking_number)
    lines = await world.changes("transfer", transfer.id)
    assert [line["actor_kind"] for line in lines if line["action"] == "readdressed"] == ["link"]
    assert await one.past() == ["address_confirmed"]


@pytest.mark.parametrize("status", [Tracking.IN_TRANSIT, Tracking.DELIVERED])
async def test_once_the_box_has_left_the_address_stays(somebody, status):
    one = await somebody(shipping=Shipping.KIT)
    (transfer,) = await one.desk.transfers(one.case)
    await one.desk.world.report(await one.desk.world.box(transfer), status)
    await one.desk.world.settle()
    assert not (await one.looks()).may_correct_address
    async with one.desk.refuses(AddressFixed):
        await one.confirms(elsewhere(line_1="1 New Street"))
    await one.confirms(HOME)


async def test_once_a_label_can_be_printed_the_address_stays(somebody):
    one = await somebody(shipping=Shipping.LABEL, callback_url="https://maas.example/label")
    assert not (await one.looks()).may_correct_address
    async with one.desk.refuses(AddressFixed):
        await one.confirms(elsewhere(line_1="1 New Street"))


async def test_a_box_that_leaves_at_the_same_moment_is_refused_in_words_for_the_person(somebody):
    one = await somebody(shipping=Shipping.KIT)
    (transfer,) = await one.desk.transfers(one.case)
    await one.desk.world.report(await one.desk.world.box(transfer), Tracking.IN_TRANSIT)  # nobody reacted yet
    async with one.desk.refuses(AddressFixed):
        await one.confirms(elsewhere(line_1="1 New Street"))


async def test_an_ended_case_takes_no_address(somebody):
    one = await somebody()
    await one.desk.end(one.case, Outcome.LOST)
    async with one.desk.refuses(CaseEndedAlready):
        await one.confirms()


async def test_parcels_are_locked_before_the_case_as_their_scans_do(somebody):
    one = await somebody(shipping=Shipping.KIT)
    (transfer,) = await one.desk.transfers(one.case)
    db, scope = one.desk.db, one.desk.world.scope
    async with db.transaction(scope) as tx:
        await transfer_tables.lock(tx, transfer.id)
        confirming = asyncio.create_task(one.confirms(HOME))
        await asyncio.sleep(0.3)
        assert not confirming.done()
        await asyncio.wait_for(recovery_tables.lock_case(tx, one.case.id), 5)
    await confirming
    assert (await one.looks()).confirmed_at == one.desk.now
