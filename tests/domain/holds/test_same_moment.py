"""A hold and what it forbids at the same moment, on two connections: one waits for the other, and neither is lost."""

import asyncio

import pytest
from tests.domain.holds.court import asset, case, person

from backhaul.domain import holds
from backhaul.domain.directory.errors import EmployeeUnknown
from backhaul.domain.holds import tables
from backhaul.domain.inventory import tables as inventory
from backhaul.domain.inventory.operations import recording
from backhaul.storage.database import Tx


@pytest.fixture
def halting(monkeypatch):
    """Stop whoever comes to a function until told to go on."""

    def halt(module, name):
        arrived, go_on = asyncio.Event(), asyncio.Event()
        real = getattr(module, name)

        async def wait(*arguments, **named):
            done = await real(*arguments, **named)
            arrived.set()
            await go_on.wait()
            return done

        monkeypatch.setattr(module, name, wait)
        return arrived, go_on

    return halt


async def after_waiting(court, arrived, go_on, first, second):
    """Run `first` up to the halt, `second` until it waits, and both to their ends."""
    ahead = asyncio.create_task(first)
    await arrived.wait()
    behind = asyncio.create_task(second)
    await asyncio.wait_for(court.somebody_waits(), 20)
    go_on.set()
    return await asyncio.gather(ahead, behind, return_exceptions=True)


def retire(court, laptop, ada):
    return {
        "change": lambda: court.change(laptop, status_name="Retired"),
        "unassign": lambda: court.unassign(laptop, ada, "Retired"),
        "require_free": lambda: court.require_free(asset_ids=[laptop.id]),
    }


async def device(court, way):
    ada = await court.employee()
    if way == "unassign":
        return await court.add(status_name="In Use", assign_to_email=ada.email), ada
    return await court.add(), ada


@pytest.mark.parametrize("way", ["change", "unassign", "require_free"])
async def test_whoever_comes_after_the_hold_is_refused(court, halting, way):
    laptop, ada = await device(court, way)
    halt = halting(tables, "place")  # written, not committed
    placed, refused = await after_waiting(
        court, *halt, court.place(asset(laptop)), retire(court, laptop, ada)[way]()
    )
    assert isinstance(placed, holds.Hold)
    assert isinstance(refused, holds.HeldLegally)
    assert (await court.status_of(laptop), await court.hold_count(laptop)) == ("Legal Hold", 1)


@pytest.mark.parametrize("way", ["change", "unassign"])
async def test_whoever_came_before_the_hold_is_seen_by_it(court, halting, way):
    laptop, ada = await device(court, way)
    halt = halting(inventory, "write")
    retired, placed = await after_waiting(
        court, *halt, retire(court, laptop, ada)[way](), court.place(asset(laptop))
    )
    assert not isinstance(retired, BaseException)
    assert isinstance(placed, holds.Hold)
    assert await court.status_of(laptop) == "Legal Hold"
    await court.release(placed)
    assert await court.status_of(laptop) == "Retired"  # what it was when the hold came


async def test_a_person_is_not_erased_while_a_hold_is_placed_on_them(court, halting):
    ada = await court.employee()
    halt = halting(tables, "place")
    placed, refused = await after_waiting(court, *halt, court.place(person(ada)), court.erase(ada))
    assert isinstance(placed, holds.Hold)
    assert isinstance(refused, holds.HeldLegally)
    assert await court.hold_count(ada, "employees") == 1


async def test_a_hold_finds_nobody_who_was_erased_a_moment_before(court, halting):
    ada = await court.employee()
    halt = halting(Tx, "write_facts")
    erased, refused = await after_waiting(court, *halt, court.erase(ada), court.place(person(ada)))
    assert erased is None
    assert [problem.code for problem in refused.problems] == ["holds.subject_unknown"]
    with pytest.raises(EmployeeUnknown):
        await court.erase(ada)


async def test_a_case_is_not_closed_while_a_hold_is_placed_on_it(court, halting):
    halt = halting(tables, "place")
    placed, refused = await after_waiting(
        court, *halt, court.place(case("1777")), court.require_free(case_numbers=["1777"])
    )
    assert isinstance(placed, holds.Hold)
    assert isinstance(refused, holds.HeldLegally)


async def test_a_device_that_is_being_assigned_to_a_person_on_hold_is_held_with_them(court, halting):
    """Neither waits for the other: an assignment only needs that the person is there. Then the person tells."""
    ada = await court.employee()
    laptop = await court.add()
    arrived, go_on = halting(inventory, "write")
    assigned = asyncio.create_task(court.assign(laptop, ada))
    await arrived.wait()
    await asyncio.wait_for(court.place(person(ada)), 20)
    go_on.set()
    await assigned
    async with court.held(f"Asset {laptop.serial_number}"):
        await court.require_free(asset_ids=[laptop.id])
    await court.unassign(laptop, ada, "Legal Hold")
    assert await court.hold_count(laptop) == 1


async def test_two_approvals_at_once_release_once(court, halting):
    laptop = await court.add()
    first, second = await court.place(asset(laptop)), await court.place(asset(laptop), summary="Another")
    release = await court.ask(first)
    one, other = await court.colleague(), await court.colleague()
    halt = halting(tables, "approve")
    done, refused = await after_waiting(
        court, *halt, court.approve(release, one), court.approve(release, other)
    )
    assert isinstance(done, holds.Release)
    assert isinstance(refused, holds.ReleaseApproved)
    assert await court.hold_count(laptop) == 1
    await court.release(second)


async def test_two_requests_at_once_are_one(court, halting):
    hold = await court.place(asset(await court.add()))
    halt = halting(tables, "request")
    first, second = await after_waiting(court, *halt, court.ask(hold), court.ask(hold))
    assert first == second
    assert len((await court.hold_detail(hold)).releases) == 1


def test_inventory_writes_through_what_is_halted_here():
    assert recording.tables is inventory


async def test_four_equal_holds_at_once_on_a_case_that_has_no_row_are_one(court):
    """Nothing but the words themselves can be waited for."""
    placed = await asyncio.gather(*(court.place(case("17778880001")) for _ in range(4)))
    assert len({one.id for one in placed}) == 1
    assert len(await court.subjects()) == 1
