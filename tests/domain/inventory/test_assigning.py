"""Assigning and unassigning: in the documented order of refusals, and once."""

import asyncio

import pytest
from tests.domain.inventory.stock import number

from backhaul.domain.directory import remove_employee
from backhaul.domain.directory.errors import EmployeeHoldsDevices
from backhaul.domain.inventory.errors import AlreadyAssigned, AssetOrUserUnknown, NotAssigned, NotDeployable
from backhaul.domain.inventory.model import Custody, Reason, StatusType
from backhaul.domain.inventory.operations import add_status_label
from backhaul.kernel.ids import new_id


async def test_assigning_hands_the_asset_over_and_puts_it_in_use(stock):
    person, asset = await stock.employee(), await stock.add()
    stock.pass_time()
    after = await stock.assign(asset, person.email.upper())
    assert await stock.reload(asset) == after
    assert (after.custody, after.employee_id, after.custody_since) == (Custody.EMPLOYEE, person.id, stock.now)
    assert (after.custody_count, after.version) == (2, 2)
    assert await stock.status_of(asset) == "In Use"
    assert [line["action"] for line in await stock.changes(asset)] == ["added", "assigned"]
    assert await stock.told(asset) == ["inventory.asset_added", "inventory.asset_handed_over"]
    _, event = await stock.ledger(asset)
    assert (event.reason, event.from_custody, event.to_custody, event.to_id) == (
        Reason.ASSIGNED, Custody.ORGANIZATION, Custody.EMPLOYEE, person.id,
    )  # fmt: skip
    assert (event.at, event.author_id) == (stock.now, stock.actor.user_id)


async def test_unassigning_hands_it_back_in_the_status_named(stock):
    person = await stock.employee()
    asset = await stock.add(status_name="In Use", assign_to_email=person.email)
    after = await stock.unassign(asset, person, "ready TO  deploy")
    assert await stock.reload(asset) == after
    assert (after.custody, after.employee_id) == (Custody.ORGANIZATION, None)
    assert await stock.status_of(asset) == "Ready to Deploy"
    event = (await stock.ledger(asset))[-1]
    assert (event.reason, event.from_id, event.to_custody) == (
        Reason.UNASSIGNED,
        person.id,
        Custody.ORGANIZATION,
    )


@pytest.mark.parametrize("status", ["Available", "Ready to Deploy", "Pending", "Retired", "Legal Hold"])
async def test_an_asset_may_come_back_in_any_status_but_a_deployed_one(stock, status):
    person = await stock.employee()
    asset = await stock.add(status_name="In Use", assign_to_email=person.email)
    await stock.unassign(asset, person, status)
    assert await stock.status_of(asset) == status


@pytest.mark.parametrize("status", ["In Use", "in use", "On the Moon", "", "\x00"])
async def test_an_asset_does_not_come_back_in_use_or_in_a_status_there_is_not(stock, status):
    person = await stock.employee()
    asset = await stock.add(status_name="In Use", assign_to_email=person.email)
    async with stock.invalid(("status_name", "inventory.status_unknown")):
        await stock.unassign(asset, person, status)


@pytest.mark.parametrize("text", ["", "7", "x", "9" * 40, "999999920260504120000", "\x00"])
async def test_an_unknown_asset_or_employee_is_not_told_apart(stock, text):
    person, asset = await stock.employee(), await stock.add()
    for which, who in ((text, person.email), (number(asset), text), (number(asset), "stranger@example.com")):
        async with stock.refused(AssetOrUserUnknown):
            await stock.assign(which, who)
        async with stock.refused(AssetOrUserUnknown):
            await stock.unassign(which, who)


async def test_the_moment_of_creation_must_be_right_or_unknown(stock):
    person, asset = await stock.employee(), await stock.add()
    async with stock.refused(AssetOrUserUnknown):
        await stock.assign(f"{asset.number}20260504120001", person)
    await stock.assign(f"{asset.number}19700101000000", person)


async def test_refusals_come_in_the_documented_order(stock):
    person, other = await stock.employee(), await stock.employee()
    asset = await stock.add(status_name="In Use", assign_to_email=person.email)
    async with stock.refused(AssetOrUserUnknown):  # before "already assigned"
        await stock.assign(asset, "stranger@example.com")
    async with stock.refused(AlreadyAssigned):  # before "not deployable", which it is not either
        await stock.assign(asset, other)
    async with stock.refused(AlreadyAssigned):  # to the same person, too
        await stock.assign(asset, person)
    held = await stock.add(status_name="Legal Hold")
    async with stock.refused(NotDeployable):  # before a wrong status
        await stock.assign(held, person, status_name="On the Moon")
    async with stock.refused(NotAssigned):  # before a wrong status
        await stock.unassign(held, person, "On the Moon")
    async with stock.refused(NotAssigned):  # with somebody else
        await stock.unassign(asset, other)


@pytest.mark.parametrize("status", ["Pending", "Retired", "Legal Hold"])
async def test_only_a_deployable_asset_is_assigned(stock, status):
    person, asset = await stock.employee(), await stock.add(status_name=status)
    async with stock.refused(NotDeployable):
        await stock.assign(asset, person)


async def test_what_is_in_a_parcel_or_outside_is_not_deployable(stock):
    person, parcelled = await stock.employee(), await stock.add()
    await stock.ship(parcelled, new_id())
    for asset in (parcelled, await stock.outside()):
        async with stock.refused(NotDeployable):
            await stock.assign(asset, person)
        async with stock.refused(NotAssigned):
            await stock.unassign(asset, person)


async def test_another_deployed_status_may_be_named(stock):
    person, asset = await stock.employee(), await stock.add()
    await add_status_label(
        stock.db, actor=stock.actor, name="On Loan", kind=StatusType.DEPLOYED, now=stock.now
    )
    for wrong in ("Available", "On the Moon"):
        async with stock.invalid(("status_name", "inventory.status_unknown")):
            await stock.assign(asset, person, status_name=wrong)
    await stock.assign(asset, person, status_name="on loan")
    assert await stock.status_of(asset) == "On Loan"


async def test_of_two_who_assign_at_once_one_wins(stock):
    people = [await stock.employee() for _ in range(8)]
    for _ in range(5):
        asset = await stock.add()
        results = await asyncio.gather(*(stock.assign(asset, one) for one in people), return_exceptions=True)
        (winner,) = [result for result in results if not isinstance(result, Exception)]
        assert [type(result) for result in results if isinstance(result, Exception)] == [AlreadyAssigned] * 7
        assert await stock.reload(asset) == winner
        assert [event.reason for event in await stock.ledger(asset)] == [Reason.ADDED, Reason.ASSIGNED]
        assert len(await stock.changes(asset)) == 2


async def test_whoever_is_given_something_is_not_removed_meanwhile(stock):
    for _ in range(10):
        person, asset = await stock.employee(), await stock.add()
        assigned, removed = await asyncio.gather(
            stock.assign(asset, person),
            remove_employee(stock.db, actor=stock.actor, employee=person.id, now=stock.now),
            return_exceptions=True,
        )
        after = await stock.reload(asset)
        if isinstance(removed, EmployeeHoldsDevices):
            assert after == assigned
            assert after.employee_id == person.id
        else:
            assert (removed, type(assigned)) == (None, AssetOrUserUnknown)
            assert after == asset
