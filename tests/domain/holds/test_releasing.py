"""Releasing: asked for by one, approved by another, and what a device is afterwards."""

import msgspec
import pytest
from tests.domain.holds.court import asset, person

from backhaul.domain import holds
from backhaul.domain.holds.lifecycle import MOVES, ON_ARRIVAL
from backhaul.domain.holds.model import Action, ReleaseStatus
from backhaul.domain.identity import Role, find_organization, operator_actor, remove_member, set_role
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.inventory.lifecycle import ON_ARRIVAL as INVENTORYS
from backhaul.kernel.ids import new_id
from backhaul.storage.author import Author


def test_every_move_is_decided():
    assert set(MOVES) == {(ReleaseStatus.REQUESTED, action) for action in Action}
    assert {status.value for status in MOVES.values()} == {action.value for action in Action}


def test_arrivals_are_what_inventory_says():
    assert {custody: label.value for custody, label in INVENTORYS.items()} == ON_ARRIVAL


async def test_whoever_asked_cannot_approve_by_whatever_key(court):
    hold = await court.place(asset(await court.add()))
    release = await court.ask(hold)
    key = msgspec.structs.replace(court.actor, author=Author("api_key", new_id()))
    for actor in (court.actor, key):
        async with court.refused(holds.SecondPersonNeeded):
            await court.approve(release, actor)
    await court.approve(release, await court.colleague())


async def test_the_operator_at_the_command_line_is_one_person(court):
    hold = await court.place(asset(await court.add()))
    operator = operator_actor(await find_organization(court.db, name=str(court.actor.org_id)))
    release = await court.ask(hold, actor=operator)
    async with court.refused(holds.SecondPersonNeeded):
        await court.approve(release, operator)
    done = await court.approve(release, court.actor)
    assert (done.requested_by, done.approved_by) == ("operator", f"user {court.actor.user_id}")


async def test_the_status_before_comes_back(court):
    laptop = await court.add(status_name="Ready to Deploy")
    hold = await court.place(asset(laptop))
    release = await court.ask(hold)
    assert await court.status_of(laptop) == "Legal Hold"  # asking frees nothing
    court.pass_time()
    await court.approve(release, await court.colleague())
    assert (await court.status_of(laptop), await court.hold_count(laptop)) == ("Ready to Deploy", 0)
    assert [line["action"] for line in await court.changes(laptop)] == ["added", "held", "freed"]
    assert await court.actions("hold", hold.id) == ["placed", "release_requested", "released"]
    detail = await court.hold_detail(hold)
    assert [one.released_at for one in detail.subjects] == [court.now]
    assert [one.status for one in detail.releases] == [ReleaseStatus.APPROVED]
    (listed,) = await holds.list_holds(court.db, actor=court.actor)
    assert listed.active_count == 0  # over, and still there


async def test_of_several_holds_all_have_to_go(court):
    laptop = await court.add()
    first, second = await court.place(asset(laptop)), await court.place(asset(laptop), summary="Another")
    await court.release(first)
    assert (await court.status_of(laptop), await court.hold_count(laptop)) == ("Legal Hold", 1)
    async with court.held(f"Asset {laptop.serial_number}"):
        await court.change(laptop, status_name="Retired")
    await court.release(second)
    assert await court.status_of(laptop) == "Available"
    await court.change(laptop, status_name="Retired")


async def test_a_status_somebody_chose_meanwhile_stays(court):
    laptop = await court.add()
    await court.execute(
        "INSERT INTO status_labels (org_id, id, name, type, created_at) "
        "VALUES ($1, $2, 'Evidence', 'undeployable', now())",
        new_id(),
    )
    hold = await court.place(asset(laptop))
    await court.change(laptop, status_name="Evidence")
    await court.release(hold)
    assert await court.status_of(laptop) == "Evidence"


async def test_what_was_on_hold_by_status_before_stays_so(court):
    laptop = await court.add(status_name="Legal Hold")
    await court.release(await court.place(asset(laptop)))
    assert (await court.status_of(laptop), await court.hold_count(laptop)) == ("Legal Hold", 0)
    await court.change(laptop, status_name="Retired")


async def test_with_another_holder_it_gets_what_it_would_have_got_on_arrival(court):
    ada = await court.employee()
    laptop = await court.add(status_name="In Use", assign_to_email=ada.email)
    hold = await court.place(asset(laptop))
    await court.unassign(laptop, ada, "Legal Hold")
    await court.release(hold)
    assert await court.status_of(laptop) == "Available"


async def test_one_device_of_a_hold_is_released_alone(court):
    first, second = await court.add(), await court.add()
    hold = await court.place(asset(first), asset(second))
    await court.release(hold, first.serial_number.lower())
    assert [await court.status_of(one) for one in (first, second)] == ["Available", "Legal Hold"]
    async with court.refused(holds.NothingHeld):
        await court.ask(hold, first.serial_number)
    await court.release(hold)
    assert await court.status_of(second) == "Available"
    async with court.refused(holds.NothingHeld):
        await court.ask(hold)


async def test_asking_twice_is_asking_once(court):
    laptop = await court.add()
    hold = await court.place(asset(laptop))
    release = await court.ask(hold)
    before = await court.traces()
    again, is_new = await holds.request_release(
        court.db, actor=court.actor, hold=hold.number, summary="x", description="y", now=court.now
    )
    assert (again, is_new) == (release, False)
    assert await court.traces() == before


async def test_a_subjects_number_needs_its_serial_number(court):
    laptop, other = await court.add(), await court.add()
    await court.place(asset(laptop))
    number = (await court.subjects())[0]["number"]
    async with court.refused(holds.HoldUnknown):
        await court.ask(subject=number, serial_number=other.serial_number)
    release = await court.ask(subject=number, serial_number=laptop.serial_number)
    assert release.status is ReleaseStatus.REQUESTED


async def test_a_release_is_approved_once(court):
    release = await court.ask(await court.place(person(await court.employee())))
    colleague = await court.colleague()
    await court.approve(release, colleague)
    async with court.refused(holds.ReleaseApproved):
        await court.approve(release, colleague)


async def test_an_unknown_release_and_anothers_are_refused(court):
    other = await court.elsewhere()
    theirs = await other.ask(await other.place(asset(await other.add())))
    for number in (theirs.number, 0, 2**63):
        async with court.refused(holds.ReleaseUnknown):
            await holds.approve_release(court.db, actor=court.actor, release=number, now=court.now)


@pytest.mark.parametrize("change", ["demoted", "removed"])
async def test_the_approvers_right_is_looked_at_in_the_transaction(court, change):
    release = await court.ask(await court.place(asset(await court.add())))
    colleague = await court.colleague()
    if change == "demoted":
        await set_role(
            court.db, actor=court.actor, user_id=colleague.user_id, role=Role.VIEWER, now=court.now
        )
    else:
        await remove_member(court.db, actor=court.actor, user_id=colleague.user_id, now=court.now)
    async with court.refused(RightMissing):
        await court.approve(release, colleague)
