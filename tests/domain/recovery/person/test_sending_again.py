"""A parcel that came to nothing is sent again: once, for what is expected still, and the first one counts too."""

import asyncio

import msgspec
import pytest
from tests.domain.radar.tower import Tower

from backhaul.domain.holds import NewSubject, SubjectKind, place_hold
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import Right
from backhaul.domain.recovery import NewItem, Outcome, Shipping, person
from backhaul.domain.recovery.browsing import Stage, get_case_sheet
from backhaul.domain.recovery.errors import CaseUnknown
from backhaul.domain.recovery.operations.call_off import call_off_replacements
from backhaul.domain.recovery.person import CAME_TO_NOTHING, Choice, GoneReason
from backhaul.domain.recovery.person.errors import ParcelGoesOn, ParcelNotWanted, ParcelUnknown
from backhaul.domain.recovery.status import Shown
from backhaul.domain.shipping.model import Fault, Tracking
from backhaul.domain.transfers.model import Status
from backhaul.domain.transfers.operations import cancel_transfer
from backhaul.kernel.ids import new_id


async def resend(desk, case, transfer, choice=Choice.KIT, actor=None):
    return await person.send_again(
        desk.db,
        actor=actor or desk.actor,
        case=case.public_number,
        transfer_id=getattr(transfer, "id", transfer),
        choice=choice,
        now=desk.now,
    )


async def cancelled(desk, *items, **changes):
    case = await desk.add(*items, **changes)
    await desk.world.settle()
    first = (await desk.transfers(case))[0]
    await cancel_transfer(desk.db, actor=desk.actor, transfer_id=first.id, reason="Moved house", now=desk.now)
    await desk.world.settle()
    return case, first


async def sheet_of(desk, case):
    return await get_case_sheet(desk.db, actor=desk.actor, ref=case.public_number, now=desk.now)


async def parcels(desk, case):
    return [
        (one.position, one.attempt, one.status, one.is_box_waived)
        for one in (await sheet_of(desk, case)).parcels
    ]


@pytest.mark.parametrize("choice", Choice)
async def test_a_cancelled_parcel_is_sent_again_however_it_is_wanted(desk, choice):
    case, first = await cancelled(desk, NewItem(name="MacBook", serial_number="C02"))
    assert (await sheet_of(desk, case)).stage is Stage.STUCK
    before = (await desk.look(case)).case
    after = await resend(desk, case, first, choice)
    await desk.world.settle()
    is_waived = choice is not Choice.KIT
    status = Status.PENDING_DEVICE if is_waived else Status.PENDING_BOX
    assert await parcels(desk, case) == [(1, 1, Status.CANCELLED, False), (1, 2, status, is_waived)]
    (second,) = await desk.transfers(case)
    assert second.id != first.id
    assert (second.device_serial_number, second.employee_address) == ("C02", first.employee_address)
    assert second.pickup_wish is (True if choice is Choice.PICKUP else None)
    assert (await desk.look(case)).case == before == after  # what travels is not what became of it
    line = (await desk.world.changes("recovery_case", case.id))[0]
    assert (line["action"], line["actor_kind"]) == ("parcel_1_sent_again", "user")
    assert (await sheet_of(desk, case)).stage is (Stage.PERSON if is_waived else Stage.BOX)


async def test_what_was_sent_again_comes_back_and_ends_the_case(desk):
    await desk.world.make.asset(desk.actor, serial_number="C02")
    case, first = await cancelled(desk, NewItem(name="MacBook", serial_number="C02"))
    await resend(desk, case, first)
    await desk.world.settle()
    (second,) = await desk.transfers(case)
    assert (await desk.look(case)).status is Shown.ORDER_RECEIVED
    await desk.world.live_until(second, Status.COMPLETE)
    detail = await desk.look(case)
    assert (detail.status, detail.case.outcome) == (Shown.COMPLETED, Outcome.RETURNED)
    assert detail.items[0].ending.evidence["transfer_id"] == str(second.id)


async def test_the_same_form_sent_twice_or_at_once_sends_one_parcel(desk):
    case, first = await cancelled(desk)
    await asyncio.gather(*(resend(desk, case, first) for _ in range(3)))
    await desk.world.settle()
    before = await desk.traces()
    await resend(desk, case, first)
    assert await desk.traces() == before
    assert [attempt for _, attempt, _, _ in await parcels(desk, case)] == [1, 2]
    (second,) = await desk.transfers(case)
    async with desk.refuses(ParcelGoesOn) as refused:
        await resend(desk, case, second)
    assert "Parcel 1 is pending box." in refused.value.text


async def test_a_label_that_was_called_off_and_is_used_all_the_same_counts(desk):
    case, first = await cancelled(desk, shipping=Shipping.LABEL, callback_url="https://maas.example/label")
    await resend(desk, case, first, Choice.LABEL)
    await desk.world.settle()
    device = await desk.world.device(first)
    await desk.world.report(device, Tracking.DELIVERED)
    await desk.world.settle()
    assert (await desk.look(case)).case.outcome is Outcome.RETURNED


async def test_only_what_is_expected_still_is_sent_for(desk, somebody):
    one = await somebody("Laptop", "Monitor", shipping=Shipping.KIT)
    case = one.case
    for transfer in await desk.transfers(case):
        await cancel_transfer(desk.db, actor=desk.actor, transfer_id=transfer.id, reason=None, now=desk.now)
    laptop, monitor = await desk.transfers(case)
    await one.does(person.claim_item, position=1, reason=GoneReason.LOST, note=None)
    async with desk.refuses(ParcelNotWanted):
        await resend(desk, case, laptop)
    await desk.end_item(case, 2, Outcome.LOST)
    async with desk.refuses(ParcelNotWanted):
        await resend(desk, case, monitor)
    await one.does(person.withdraw_claim, position=1)
    await resend(desk, case, laptop)
    await desk.world.settle()
    assert [(position, attempt) for position, attempt, _, _ in await parcels(desk, case)] == [
        (1, 1),
        (1, 2),
        (2, 1),
    ]
    page = await one.looks()
    assert [parcel.position for parcel in page.parcels] == [1, 2]  # the person sees the latest alone
    assert page.parcels[0].status is Status.PENDING_BOX


async def test_what_still_travels_or_arrived_is_not_sent_again(desk):
    case = await desk.add()
    await desk.world.settle()
    (transfer,) = await desk.transfers(case)
    for status in Status:
        if status in CAME_TO_NOTHING:
            continue
        async with desk.db.transaction(desk.world.scope) as tx:
            await tx.execute(
                "UPDATE transfers SET status = $3 WHERE org_id = $1 AND id = $2",
                tx.org_id,
                transfer.id,
                status.value,
            )
        async with desk.refuses(ParcelGoesOn):
            await resend(desk, case, transfer)


async def test_who_may_not_and_what_belongs_to_others_is_refused(desk, world):
    case, first = await cancelled(desk)
    other, theirs = await cancelled(desk)
    viewer = msgspec.structs.replace(desk.actor, rights=frozenset({Right.RECOVERY_READ}))
    stranger = await world.make.organization()
    async with desk.refuses(RightMissing):
        await resend(desk, case, first, actor=viewer)
    async with desk.refuses(CaseUnknown):
        await resend(desk, case, first, actor=stranger)
    for unknown in (theirs, new_id()):
        async with desk.refuses(ParcelUnknown):
            await resend(desk, case, unknown)
    assert other.id != case.id


async def test_a_legal_hold_does_not_keep_a_parcel_from_being_sent_again(desk):
    case, first = await cancelled(desk)
    await place_hold(
        desk.db,
        actor=desk.actor,
        summary="Smith",
        description="Keep it.",
        subjects=[NewSubject(kind=SubjectKind.CASE, name=case.public_number)],
        now=desk.now,
    )
    await resend(desk, case, first)
    assert [attempt for _, attempt, _, _ in await parcels(desk, case)] == [1, 2]


async def test_the_radar_lets_go_of_a_box_that_was_sent_again(desk):
    tower = Tower(desk.world)
    case = await desk.add()
    await desk.world.settle()
    (first,) = await desk.transfers(case)
    await desk.world.report(await desk.world.box(first), Tracking.FAILURE, fault=Fault.LOST)
    await desk.world.settle()
    await tower.look()
    found = await tower.only()
    assert found.kind.value == "box_undeliverable"
    await resend(desk, case, first)
    await desk.world.settle()
    await tower.look()
    assert await tower.ending(found) == (tower.now, "ended")
    assert await tower.open() == []


async def delivered(desk, transfer):
    """The first parcel arrives all the same."""
    await desk.world.report(await desk.world.device(transfer), Tracking.DELIVERED)
    await desk.world.settle()


@pytest.mark.parametrize("choice", Choice)
async def test_what_was_sent_again_is_called_off_when_the_first_parcel_arrives(desk, choice):
    case, first = await cancelled(desk, shipping=Shipping.LABEL, callback_url="https://maas.example/label")
    await resend(desk, case, first, choice)
    await desk.world.settle()
    (second,) = await desk.transfers(case)
    await delivered(desk, first)
    (second,) = await desk.transfers(case)
    assert second.status is Status.CANCELLED
    assert (await desk.look(case)).case.outcome is Outcome.RETURNED
    line = (await desk.world.changes("transfer", second.id))[-1]
    assert (line["action"], line["actor_kind"]) == ("cancelled", "system")
    before = await desk.traces()
    await call_off_replacements(desk.db, scope=desk.world.scope, case_id=case.id, now=desk.now)
    assert await desk.traces() == before


async def test_a_second_box_that_has_left_goes_on_and_what_is_expected_still_is_not_called_off(
    desk, somebody
):
    one = await somebody(
        "Laptop", "Monitor", shipping=Shipping.LABEL, callback_url="https://maas.example/label"
    )
    for transfer in await desk.transfers(one.case):
        await cancel_transfer(desk.db, actor=desk.actor, transfer_id=transfer.id, reason=None, now=desk.now)
    laptop, monitor = await desk.transfers(one.case)
    for transfer in (laptop, monitor):
        await resend(desk, one.case, transfer)
        await desk.world.settle()
    second, other = await desk.transfers(one.case)
    await desk.world.report(await desk.world.box(second), Tracking.IN_TRANSIT)
    await desk.world.settle()
    await delivered(desk, laptop)
    assert [transfer.status for transfer in await desk.transfers(one.case)] == [
        Status.BOX_IN_TRANSIT,
        Status.PENDING_BOX,
    ]
    await delivered(desk, monitor)
    assert [transfer.status for transfer in await desk.transfers(one.case)] == [
        Status.BOX_IN_TRANSIT,
        Status.CANCELLED,
    ]
    assert other.id != second.id
