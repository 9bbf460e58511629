"""What a hold on a case or a person finds afterwards, and what it leaves alone."""

from datetime import timedelta

import pytest
from tests.making import COUNTER

from backhaul.domain import holds
from backhaul.domain.holds import SubjectKind
from backhaul.domain.inventory.model import AssetPatch, asset_number
from backhaul.domain.inventory.operations import change_asset, unassign_asset
from backhaul.domain.inventory.queries import get_asset
from backhaul.domain.recovery import NewItem, Outcome


async def retire(scene, serial):
    await change_asset(**scene.what, asset=serial, patch=AssetPatch(status_name="Retired"))


async def stock(scene, **named):
    detail = await scene.desk.world.make.asset(scene.desk.actor, **named)
    return detail.asset.serial_number


async def use(scene, serial, email):
    patch = AssetPatch(status_name="In Use", assign_to_email=email)
    await change_asset(**scene.what, asset=serial, patch=patch)


async def give_back(scene, serial, owner):
    one = (await get_asset(scene.desk.db, actor=scene.desk.actor, serial_number=serial)).asset
    number = asset_number(one.number, one.created_at)
    await unassign_asset(**scene.what, asset_number=number, email=owner.email, status_name="Available")


def names(field):
    """How an item and an asset say the same, with another value in every test."""
    value = f"4901542032375{next(COUNTER)}"
    asset = {"serial_number": value} if field == "serial_number" else {field: value}
    return {"imei" if field == "imei2" else field: value}, asset


@pytest.mark.parametrize("field", ["serial_number", "imei", "imei2", "tag"])
async def test_an_asset_is_held_from_when_it_becomes_known(open_scene, field):
    item, asset = names(field)
    scene = await open_scene(is_known=False, **item)
    hold = await scene.place(scene.subject("case"))
    serial = await stock(scene, **asset)
    async with scene.held(f"Asset {serial}"):
        await retire(scene, serial)
    await retire(scene, await stock(scene))  # another one
    await scene.release(hold)
    await retire(scene, serial)


@pytest.mark.parametrize("field", ["serial_number", "imei", "imei2", "tag"])
async def test_what_became_known_before_the_hold_is_undeployable_at_once(open_scene, field):
    item, asset = names(field)
    scene = await open_scene(is_known=False, **item)
    serial = await stock(scene, **asset)
    await scene.place(scene.subject("case"))
    (line, _) = (await holds.list_active(scene.desk.db, actor=scene.desk.actor, page=1)).items
    assert (line.serial_number, line.status_name) == (serial, "Legal Hold")


async def test_a_device_that_somebody_on_hold_is_asked_for_later_is_held_until_they_refuse(open_scene):
    scene = await open_scene(is_known=False)
    await scene.desk.end(scene.case, Outcome.CANCELLED)
    await scene.place(scene.subject("person"))
    serial = await stock(scene)
    await retire(scene, await stock(scene))
    campaign = await scene.desk.create(name="Again")
    item = NewItem(name="MacBook", serial_number=serial)
    asked = await scene.desk.add(item, campaign=campaign, email=scene.ada.email)
    async with scene.held(f"Asset {serial}"):
        await retire(scene, serial)
    await scene.desk.end(asked, Outcome.REFUSED)
    await retire(scene, serial)


@pytest.mark.parametrize("is_placed_first", [True, False], ids=["placed before", "placed after"])
@pytest.mark.parametrize("outcome", [Outcome.RETURNED, Outcome.PARTLY_RETURNED])
async def test_what_came_back_of_somebody_on_hold_stays_held_and_is_not_wiped(
    open_scene, outcome, is_placed_first
):
    """A device that the ledger never had with them, named in their recovery alone."""
    scene = await open_scene(is_known=False)
    if is_placed_first:
        hold = await scene.place(scene.subject("person"))
    await stock(scene, serial_number=scene.serial)
    await scene.hand_over()
    await scene.arrive()
    assert (await scene.desk.look(scene.case)).case.outcome is Outcome.RETURNED
    if outcome is Outcome.PARTLY_RETURNED:
        await scene.desk.end_item(scene.case, 1, outcome, reason="Not all of it.", outstanding="charger")
    if not is_placed_first:
        hold = await scene.place(scene.subject("person"))
    detail = await holds.get_hold(scene.desk.db, actor=scene.desk.actor, hold=hold.number)
    brought_along = [] if is_placed_first else [SubjectKind.ASSET]
    assert [one.kind for one in detail.subjects] == [SubjectKind.EMPLOYEE, *brought_along]
    async with scene.held(scene.names["asset"]):
        await scene.wipe()
    await scene.release(hold)
    await scene.wipe()


async def test_what_came_back_is_not_theirs_once_another_employee_got_it(open_scene):
    scene = await open_scene(is_known=False)
    serial = await stock(scene, serial_number=scene.serial)
    await scene.desk.end(scene.case, Outcome.RETURNED)
    scene.desk.world.clock.advance(timedelta(hours=1))
    bob = await scene.desk.world.make.employee(scene.desk.actor)
    await use(scene, serial, bob.email)
    await give_back(scene, serial, bob)
    hold = await scene.place(scene.subject("person"))
    detail = await holds.get_hold(scene.desk.db, actor=scene.desk.actor, hold=hold.number)
    assert [one.kind for one in detail.subjects] == [SubjectKind.EMPLOYEE]
    await retire(scene, serial)


async def test_what_a_person_had_last_is_held_until_another_employee_has_it(open_scene):
    scene = await open_scene(is_known=False)
    bob = await scene.desk.world.make.employee(scene.desk.actor)
    mine, passed_on = await stock(scene), await stock(scene)
    for serial, owners in ((mine, [bob, scene.ada]), (passed_on, [scene.ada, bob])):
        for owner in owners:
            await use(scene, serial, owner.email)
            await give_back(scene, serial, owner)
    await scene.place(scene.subject("person"))
    async with scene.held(f"Asset {mine}"):
        await retire(scene, mine)
    await retire(scene, passed_on)


async def test_a_device_that_two_people_released_is_free_though_its_case_is_not(open_scene):
    scene = await open_scene()
    await scene.hand_over()
    hold = await scene.place(scene.subject("case"))
    await scene.release(hold, scene.serial)
    await scene.arrive()
    await scene.wipe()
    await scene.retire()
    async with scene.held(scene.names["return"]):
        await scene.discard()
    async with scene.held(scene.names["person"]):
        await scene.erase()


@pytest.mark.parametrize("subject", ["person", "case"])
async def test_a_parcel_that_nobody_has_looked_into_is_not_discarded(open_scene, subject):
    scene = await open_scene(is_known=False)
    await scene.hand_over()
    tracking = (await scene.device()).tracking_number
    scene.number = (await scene.bench.receive(tracking)).one.number
    await scene.bench.process(scene.number)
    hold = await scene.place(scene.subject(subject))
    async with scene.held(scene.names["return"]):
        await scene.discard()
    await scene.release(hold)
    await scene.discard()


async def test_what_a_case_on_hold_expects_is_not_wiped_out_of_another_parcel(open_scene):
    scene = await open_scene(is_known=False)
    scene.number = (await scene.bench.parcel(serial_number=scene.serial)).number
    hold = await scene.place(scene.subject("case"))
    async with scene.held(scene.names["return"]):
        await scene.wipe()
    await scene.release(hold)
    await scene.wipe()


async def test_a_marked_item_that_nobody_knows_holds_its_case_its_person_and_its_return(open_scene):
    scene = await open_scene(is_known=False)
    campaign = await scene.desk.create(name="Marked")
    marked = NewItem(name="Phone", serial_number="MARKED-1", is_legal_hold=True)
    scene.case = await scene.desk.add(marked, campaign=campaign, email=scene.ada.email)
    await scene.desk.world.settle()
    async with scene.held(scene.names["person"]):
        await scene.erase()
    await scene.hand_over()
    await scene.arrive("MARKED-1")
    async with scene.held(scene.names["return"]):
        await scene.reship()
    (listed,) = await holds.list_holds(scene.desk.db, actor=scene.desk.actor)
    detail = await holds.get_hold(scene.desk.db, actor=scene.desk.actor, hold=listed.hold.number)
    assert [(one.kind, one.employee_id) for one in detail.subjects] == [(SubjectKind.CASE, scene.ada.id)]


async def test_another_organizations_hold_reaches_nothing_here(open_scene, world):
    scene = await open_scene(is_known=False)
    other = await world.elsewhere()
    await holds.place_hold(
        world.db,
        actor=other.actor,
        summary="x",
        description="y",
        subjects=[scene.subject("case")],
        now=world.now,
    )
    serial = await stock(scene, serial_number=scene.serial)
    await retire(scene, serial)
    await scene.settle()
    await scene.erase()
