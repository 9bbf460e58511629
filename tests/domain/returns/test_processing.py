"""A parcel is opened: what is in it, where its devices are, and what that costs."""

import pytest

from backhaul.domain import returns
from backhaul.domain.inventory.model import AssetPatch
from backhaul.domain.inventory.operations import change_asset
from backhaul.domain.returns import jobs
from backhaul.domain.returns.model import Verdict
from backhaul.jobqueue import PERIODICS
from backhaul.kernel.errors import DomainError


async def test_what_was_expected_is_matched_and_seen_by_its_owner(depot):
    await depot.fund()
    laptop = await depot.laptop(serial_number="C02XL0THJGH5")
    one = await depot.parcel(status="received", laptop=laptop)
    item = await depot.scan(one.number, "c02 xl0thjgh5", grade="B", has_charger=True)
    assert (item.verdict, item.asset_id, item.grade, item.has_charger) == ("matched", laptop.id, "B", True)
    after = await depot.process(one.number, rma_number=" RMA-1 ")
    assert (after.status, after.weight_grams, after.rma_number) == ("processed", 1500, "RMA-1")
    assert (after.process_fee_minor, after.currency, after.is_process_fee_due) == (100, "USD", False)
    assert await depot.spent() == 100
    detail = await depot.detail(one.number)
    assert detail.one == after
    assert detail.items == (item,)
    assert await depot.history_of(one) == ["received", "scanned", "processed"]


async def test_an_empty_parcel_says_what_is_missing_and_where_the_device_is_not(depot):
    laptop = await depot.laptop()
    one = await depot.parcel(status="received", laptop=laptop)
    assert await depot.custody_of(laptop) == "warehouse"
    await depot.process(one.number)
    (item,) = (await depot.detail(one.number)).items
    assert (item.verdict, item.serial_number, item.asset_id) == ("missing", laptop.serial_number, laptop.id)
    assert await depot.hand_overs(laptop) == [
        ("added", "employee"),
        ("received", "warehouse"),
        ("missing", "outside"),
    ]


async def test_somebody_elses_device_is_found_out_and_lies_in_the_warehouse(depot):
    mine = await depot.laptop()
    bob = await depot.person("bob@home.example")
    bobs = await depot.laptop(status_name="In Use", assign_to_email=bob.email)
    one = await depot.parcel(status="received", laptop=mine)
    item = await depot.scan(one.number, bobs.serial_number)
    assert (item.verdict, item.asset_id) == (Verdict.WRONG_PERSON, bobs.id)
    assert await depot.custody_of(bobs) == "warehouse"
    again = await depot.scan(one.number, bobs.serial_number.lower())
    assert again.verdict == "duplicate"
    await depot.process(one.number)
    assert [(i.verdict.value, i.serial_number) for i in (await depot.detail(one.number)).items] == [
        ("wrong_person", bobs.serial_number),
        ("duplicate", bobs.serial_number.lower()),
        ("missing", mine.serial_number),
    ]


async def test_a_device_that_is_awaited_in_another_parcel_is_somebody_elses(depot):
    awaited = await depot.laptop(status_name="Available")
    other = await depot.laptop()
    await depot.on_its_way(serial_number=awaited.serial_number)
    one = await depot.parcel(status="received", laptop=other)
    assert (await depot.scan(one.number, awaited.serial_number)).verdict == "wrong_person"


async def test_the_same_persons_other_device_is_unexpected(depot):
    one = await depot.parcel(status="received", laptop=await depot.laptop())
    second = await depot.laptop()
    item = await depot.scan(one.number, second.serial_number)
    assert (item.verdict, item.asset_id, await depot.custody_of(second)) == (
        "unexpected",
        second.id,
        "warehouse",
    )
    assert (await depot.scan(one.number, "NOBODY-KNOWS")).asset_id is None


async def test_the_checklist_can_be_completed_later(depot):
    one = await depot.parcel(status="received", serial_number="SN 1")
    await depot.scan(one.number, "sn1", has_charger=False)
    after = await returns.check_device(
        depot.db,
        actor=depot.operator,
        number=one.number,
        serial_number="Sn 1",
        seen=returns.Checklist(is_powering_on=True, grade=returns.Grade.C),
        now=depot.now,
    )
    assert (after.has_charger, after.is_powering_on, after.is_lock_removed, after.grade) == (
        False,
        True,
        None,
        "C",
    )
    assert (await depot.any_detail(one.number)).items == (after,)
    async with depot.refused("returns.serial_unscanned"):
        await returns.check_device(
            depot.db,
            actor=depot.operator,
            number=one.number,
            serial_number="OTHER",
            seen=returns.Checklist(),
            now=depot.now,
        )


async def test_nothing_is_scanned_or_processed_any_more_once_it_is_processed(depot):
    one = await depot.parcel()
    async with depot.refused("returns.not_received"):
        await depot.scan(one.number, "ONE MORE")
    async with depot.refused("returns.not_received"):
        await depot.process(one.number)


@pytest.mark.parametrize("grams", [0, -1, 100_001])
async def test_a_weight_that_no_parcel_has_is_refused(depot, grams):
    one = await depot.parcel(status="received")
    async with depot.refused("input.invalid"):
        await depot.process(one.number, weight_grams=grams)


async def test_a_fee_that_is_not_covered_is_collected_later(depot):
    one = await depot.parcel(is_funded=False)
    assert (one.status, one.is_process_fee_due, await depot.spent()) == ("processed", True, 0)
    await PERIODICS["returns.collect_fees"](depot.world.run)
    assert (await depot.reload(one)).is_process_fee_due
    await depot.fund()
    for _ in range(2):
        await PERIODICS["returns.collect_fees"](depot.world.run)
    assert not (await depot.reload(one)).is_process_fee_due
    assert await depot.spent() == 100
    assert await depot.history_of(one) == ["received", "scanned", "processed", "fee_collected"]


async def test_a_wallet_that_is_short_is_in_nobodys_way(depot, monkeypatch):
    monkeypatch.setattr(jobs, "FEES_PER_PAGE", 1)
    poor = [await depot.parcel(is_funded=False) for _ in range(3)]
    other = await depot.neighbour()
    rich = [await other.unplanned() for _ in range(2)]
    await other.fund()
    tried, collect = [], jobs.collect_process_fee

    async def counted(db, *, scope, **asked):
        tried.append(scope.org_id)
        return await collect(db, scope=scope, **asked)

    monkeypatch.setattr(jobs, "collect_process_fee", counted)
    await PERIODICS["returns.collect_fees"](depot.world.run)
    assert [(await depot.reload(one)).is_process_fee_due for one in poor] == [True] * 3
    assert [(await other.reload(one)).is_process_fee_due for one in rich] == [False] * 2
    assert sorted(tried) == sorted([depot.customer.org_id, *[other.customer.org_id] * 2])


async def test_a_fee_that_fails_is_in_nobodys_way(depot, monkeypatch):
    failing, following = [await depot.parcel(is_funded=False) for _ in range(2)]
    await depot.fund()
    collect = jobs.collect_process_fee

    async def broken(db, *, number, **asked):
        if number == failing.number:
            raise RuntimeError("a defect")
        return await collect(db, number=number, **asked)

    depot.world.expects_failures = True
    monkeypatch.setattr(jobs, "collect_process_fee", broken)
    await PERIODICS["returns.collect_fees"](depot.world.run)
    assert [(await depot.reload(one)).is_process_fee_due for one in (failing, following)] == [True, False]


async def test_a_device_from_a_warehouse_is_not_deployable_before_it_is_sanitised(depot):
    laptop = await depot.laptop()
    await depot.parcel(laptop=laptop)
    with pytest.raises(DomainError) as refused:
        await change_asset(
            depot.db,
            actor=depot.customer,
            asset=laptop.serial_number,
            patch=AssetPatch(status_name="Available"),
            now=depot.now,
        )
    assert refused.value.code == "inventory.not_sanitised"
    assert await depot.status_of(laptop) == "Pending"
