"""One step from whoever has an asset to whoever gets it: every hand-over stands in the ledger, or nothing happens."""

from functools import partial

import pytest

from backhaul.domain.holds import place_hold
from backhaul.domain.holds.errors import HeldLegally
from backhaul.domain.holds.model import NewSubject, SubjectKind
from backhaul.domain.inventory import operations
from backhaul.domain.inventory.errors import (
    AlreadyAssigned,
    AssetChangedMeanwhile,
    AssetUnknown,
    CustodyMoveRefused,
    NotDeployable,
    TooManyAtOnce,
)
from backhaul.domain.inventory.model import AssetPatch, Custody, Reason, asset_number
from backhaul.domain.inventory.operations.change_many import MOST_AT_ONCE
from backhaul.kernel.errors import InvalidInput
from backhaul.kernel.ids import new_id


def named(asset):
    return asset_number(asset.number, asset.created_at)


async def hand_over(stock, asset, email, **options):
    return await operations.hand_over_asset(
        stock.db, actor=stock.actor, asset_number=named(asset), email=email, now=stock.now, **options
    )


async def into_stock(stock, asset, **options):
    return await operations.return_to_stock(
        stock.db, actor=stock.actor, asset_number=named(asset), now=stock.now, **options
    )


async def test_an_asset_goes_from_one_person_to_another_by_way_of_the_organization(stock):
    ada, bob = await stock.employee(), await stock.employee()
    asset = await stock.add(status_name="In Use", assign_to_email=ada.email)
    after = await hand_over(stock, asset, bob.email.upper(), note="Ada has a new one")
    assert (after.employee_id, after.custody, after.custody_count, after.version) == (
        bob.id, Custody.EMPLOYEE, asset.custody_count + 2, asset.version + 2,
    )  # fmt: skip
    ledger = (await stock.ledger(after))[1:]
    assert [(e.reason, e.from_id, e.to_id) for e in ledger] == [
        (Reason.UNASSIGNED, ada.id, None),
        (Reason.ASSIGNED, None, bob.id),
    ]
    assert [e.evidence for e in ledger] == [{"note": "Ada has a new one"}] * 2


async def test_what_is_in_stock_in_a_parcel_or_outside_is_handed_over_too(stock):
    ada = await stock.employee()
    at_rest = await stock.add()
    assert (await hand_over(stock, at_rest, ada.email)).employee_id == ada.id
    travelling = await stock.add()
    await stock.ship(travelling, new_id())
    after = await hand_over(stock, travelling, ada.email)
    assert [e.reason for e in await stock.ledger(after)] == [
        Reason.ADDED, Reason.SHIPPED, Reason.RECEIVED, Reason.ASSIGNED,
    ]  # fmt: skip


async def test_into_stock_gives_the_status_named_or_that_of_what_arrives(stock):
    ada = await stock.employee()
    asset = await stock.add(status_name="In Use", assign_to_email=ada.email)
    back = await into_stock(stock, asset)
    assert (back.custody, await stock.status_of(back)) == (Custody.ORGANIZATION, "Available")
    again = await hand_over(stock, back, ada.email)
    back = await into_stock(stock, again, status_name="retired")
    assert await stock.status_of(back) == "Retired"


@pytest.mark.parametrize("kind", ["same", "nobody", "stale", "elsewhere", "retired"])
async def test_a_refused_hand_over_leaves_no_trace(stock, kind):
    ada, bob = await stock.employee(), await stock.employee()
    asset = await stock.add(status_name="In Use", assign_to_email=ada.email)
    retired = await stock.add(status_name="Retired")
    theirs = await (await stock.elsewhere()).add()
    act, error = {
        "same": (partial(hand_over, stock, asset, ada.email), AlreadyAssigned),
        "nobody": (partial(hand_over, stock, asset, "nobody@example.com"), InvalidInput),
        "stale": (partial(hand_over, stock, asset, bob.email, version=7), AssetChangedMeanwhile),
        "elsewhere": (partial(hand_over, stock, theirs, bob.email), AssetUnknown),
        "retired": (partial(hand_over, stock, retired, bob.email), NotDeployable),
    }[kind]
    before = await stock.traces()
    with pytest.raises(error):
        await act()
    assert await stock.traces() == before


async def test_into_stock_is_refused_for_what_is_there_and_for_a_status_in_use(stock):
    ada = await stock.employee()
    asset = await stock.add(status_name="In Use", assign_to_email=ada.email)
    at_rest = await stock.add()
    before = await stock.traces()
    with pytest.raises(CustodyMoveRefused):
        await into_stock(stock, at_rest)
    for name in ("In Use", "No such"):
        with pytest.raises(InvalidInput):
            await into_stock(stock, asset, status_name=name)
    assert await stock.traces() == before


async def test_what_is_on_legal_hold_comes_back_undeployable_and_goes_to_nobody(stock):
    ada, bob = await stock.employee(), await stock.employee()
    asset = await stock.add(status_name="In Use", assign_to_email=ada.email)
    await place_hold(
        stock.db,
        actor=stock.actor,
        summary="Case 7",
        description="Asked for by a court.",
        subjects=[NewSubject(kind=SubjectKind.ASSET, name=asset.serial_number)],
        now=stock.now,
    )
    before = await stock.traces()
    with pytest.raises(NotDeployable):
        await hand_over(stock, asset, bob.email)
    with pytest.raises(HeldLegally):
        await into_stock(stock, asset, status_name="Retired")
    assert await stock.traces() == before
    assert await stock.status_of(await into_stock(stock, asset)) == "Legal Hold"


async def test_many_are_changed_each_by_itself_and_the_others_are_named_with_their_reason(stock):
    ada = await stock.employee()
    good = await stock.add()
    used = await stock.add(status_name="In Use", assign_to_email=ada.email)
    done = await operations.change_assets(
        stock.db,
        actor=stock.actor,
        asset_numbers=[named(good), named(used), named(good)],
        patch=AssetPatch(status_name="Retired"),
        now=stock.now,
    )
    assert done.changed == (good.serial_number,)
    assert [(one.asset_number, "assigned to a user" in one.reason) for one in done.refused] == [
        (named(used), True)
    ]
    assert await stock.status_of(good) == "Retired"


async def test_too_many_at_once_and_a_value_that_nothing_can_have_refuse_the_whole(stock):
    asset = await stock.add()
    before = await stock.traces()
    with pytest.raises(TooManyAtOnce):
        await operations.change_assets(
            stock.db,
            actor=stock.actor,
            asset_numbers=[str(n) for n in range(MOST_AT_ONCE + 1)],
            patch=AssetPatch(location_name="Depot"),
            now=stock.now,
        )
    with pytest.raises(InvalidInput):
        await operations.change_assets(
            stock.db,
            actor=stock.actor,
            asset_numbers=[named(asset)],
            patch=AssetPatch(status_name="No such"),
            now=stock.now,
        )
    assert await stock.traces() == before
