"""A device that is held under the number of a recovery: the recovery goes on, and nothing else of it is held."""

from tests.domain.holds.court import case
from tests.domain.holds.reach.test_becoming_known import stock

from backhaul.domain import holds
from backhaul.domain.holds import SubjectKind


async def place(scene):
    """Hold a device of the inventory, named with the scene's case and somebody else's name."""
    bob = await scene.desk.world.make.employee(scene.desk.actor)
    device = await stock(scene)
    number = scene.case.public_number
    subject = holds.NewSubject(
        kind=SubjectKind.ASSET, name=device, custodian_email=bob.email, case_number=number
    )
    return device, bob, await scene.place(subject)


async def test_the_device_alone_is_covered(open_scene):
    scene = await open_scene()
    device, bob, hold = await place(scene)
    detail = await holds.get_hold(scene.desk.db, actor=scene.desk.actor, hold=hold.number)
    assert [(one.kind, one.serial_number, one.employee_id) for one in detail.subjects] == [
        (SubjectKind.ASSET, device, bob.id)
    ]


async def test_what_else_the_case_expects_its_parcel_and_its_person_are_free(open_scene):
    scene = await open_scene()
    await place(scene)
    await scene.hand_over()
    await scene.arrive()
    await scene.wipe()
    await scene.retire()
    await scene.discard()
    await scene.erase()


async def test_a_device_that_the_case_expects_and_the_inventory_learns_of_later_is_free(open_scene):
    scene = await open_scene(is_known=False)
    await place(scene)
    await scene.place(case("17778880001"))  # an organization that holds cases looks for what they reach
    await stock(scene, serial_number=scene.serial)
    await scene.retire()


async def test_a_parcel_that_nobody_has_looked_into_is_free(open_scene):
    scene = await open_scene(is_known=False)
    await place(scene)
    await scene.hand_over()
    scene.number = (await scene.bench.receive((await scene.device()).tracking_number)).one.number
    await scene.bench.process(scene.number)
    await scene.discard()


async def test_the_case_is_not_given_up_until_the_device_is_released(open_scene):
    scene = await open_scene()
    device, _, hold = await place(scene)
    async with scene.held(scene.names["case"]):
        await scene.settle()
    await scene.release(hold, device)
    await scene.settle()
