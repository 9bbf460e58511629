"""Placing what is placed already: the same words about the same are one hold, also at once."""

import asyncio

import pytest

from backhaul.domain import holds

KINDS = ["asset", "person", "case"]


async def numbers(scene):
    listed = await holds.list_holds(scene.desk.db, actor=scene.desk.actor)
    return [(one.hold.number, one.active_count) for one in listed]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_repeat_is_the_hold_that_is_there_and_changes_nothing(open_scene, kind):
    scene = await open_scene()
    await scene.hand_over()
    first = await scene.place(scene.subject(kind))
    before = await scene.traces()
    assert await scene.place(scene.subject(kind), summary=" Smith v. Maas ") == first
    assert await scene.traces() == before
    await scene.release(first)
    assert (await numbers(scene)) == [(first.number, 0)]
    again = await scene.place(scene.subject(kind))
    assert again.number > first.number


@pytest.mark.parametrize("kind", KINDS)
async def test_four_at_once_are_one(open_scene, kind):
    scene = await open_scene()
    await scene.hand_over()
    placed = await asyncio.gather(*(scene.place(scene.subject(kind)) for _ in range(4)))
    assert len({one.id for one in placed}) == 1
    assert [number for number, _ in await numbers(scene)] == [placed[0].number]
    await scene.release(placed[0])
    await scene.retire()


@pytest.mark.parametrize("kind", KINDS)
async def test_another_reason_is_another_hold(open_scene, kind):
    scene = await open_scene()
    await scene.hand_over()
    first = await scene.place(scene.subject(kind))
    second = await scene.place(scene.subject(kind), summary="Jones v. Maas")
    assert first.id != second.id
    await scene.release(first)
    async with scene.held(scene.names["asset"]):
        await scene.retire()


async def test_more_than_is_held_already_is_another_hold_and_a_part_of_it_is_not(open_scene):
    scene = await open_scene()
    await scene.hand_over()
    first = await scene.place(scene.subject("asset"))
    both = await scene.place(scene.subject("asset"), scene.subject("person"))
    assert first.id != both.id
    assert await scene.place(scene.subject("person")) == both
    assert await scene.place(scene.subject("asset")) == first


async def test_another_case_or_custodian_is_another_hold(open_scene):
    scene = await open_scene()
    bob = await scene.desk.world.make.employee(scene.desk.actor)
    named = {"kind": holds.SubjectKind.ASSET, "name": scene.serial}
    wanted = [
        holds.NewSubject(**named),
        holds.NewSubject(**named, custodian_email=bob.email),
        holds.NewSubject(**named, custodian_email="gone@home.example"),
        holds.NewSubject(**named, custodian_email=bob.email, case_number="17778880001"),
    ]
    placed = [await scene.place(one) for one in wanted]
    assert len({one.id for one in placed}) == 4
    assert [await scene.place(one) for one in wanted] == placed


async def test_a_part_that_was_released_is_held_again(open_scene):
    scene = await open_scene()
    hold = await scene.place(scene.subject("asset"), scene.subject("case"))
    await scene.release(hold, scene.serial)
    again = await scene.place(scene.subject("asset"), scene.subject("case"))
    assert again.id != hold.id
