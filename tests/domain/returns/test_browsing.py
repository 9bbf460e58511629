"""Returns as somebody looks through them: each way to find them, pages, and everything about one."""

import pytest

from backhaul.domain.returns import Status, Verdict
from backhaul.domain.returns.browsing import (
    ReturnFilter,
    ReturnQueue,
    browse_intakes,
    browse_queue,
    browse_returns,
    get_bench_sheet,
    get_return_sheet,
    list_customers,
    list_of_numbers,
)
from backhaul.domain.returns.errors import ReturnsTooMany, ReturnUnknown
from backhaul.domain.returns.operations.each import request_verification_of_each
from backhaul.kernel.ids import new_id


async def numbers(depot, *, actor=None, before=None, limit=50, **wanted):
    found = await browse_returns(
        depot.db, actor=actor or depot.customer, wanted=ReturnFilter(**wanted), before=before, limit=limit
    )
    return [line.one.number for line in found.lines], found.next_before


async def test_each_way_of_finding_finds_its_own_and_nobody_elses(depot):
    laptop = await depot.laptop()
    one = await depot.parcel(laptop=laptop)
    two = await depot.parcel(status="verified")
    await depot.parcel(status="received")
    await depot.parcel(status="discarded")
    assert (await numbers(depot))[0] == [two.number, one.number]
    for wanted, expected in (
        ({"status": Status.PROCESSED}, [one.number]),
        ({"warehouse_code": "WH0CVG01"}, [two.number, one.number]),
        ({"warehouse_code": "WH0NONE1"}, []),
        ({"status": Status.VERIFIED, "warehouse_code": "WH0CVG01"}, [two.number]),
        ({"text": laptop.serial_number.lower()}, [one.number]),
        ({"text": one.tracking_number}, [one.number]),
        ({"text": f"#{two.number}"}, [two.number]),
        ({"text": str(two.number), "status": Status.PROCESSED}, []),
        ({"text": "\x00"}, [two.number, one.number]),
        ({"can_be_sent_on": True}, [two.number, one.number]),
    ):
        assert (await numbers(depot, **wanted))[0] == expected, wanted
    stranger = await depot.make.organization()
    for wanted in ({}, {"text": one.tracking_number}, {"text": str(one.number)}, {"can_be_sent_on": True}):
        assert await numbers(depot, actor=stranger, **wanted) == ([], None)
    assert await list_of_numbers(depot.db, actor=stranger, numbers=[one.number]) == ()


async def test_pages_follow_each_other_without_gap_or_repeat(depot):
    made = sorted([(await depot.parcel()).number for _ in range(5)], reverse=True)
    for wanted in (
        {},
        {"status": Status.PROCESSED},
        {"warehouse_code": "WH0CVG01"},
        {"can_be_sent_on": True},
    ):
        seen, before = [], None
        while True:
            page, before = await numbers(depot, before=before, limit=2, **wanted)
            seen += page
            if before is None:
                break
        assert seen == made, wanted


async def test_what_was_sent_on_is_not_offered_again(depot):
    one = await depot.parcel(status="reshipping", reshipment_id=new_id())
    assert (await numbers(depot, can_be_sent_on=True))[0] == []
    assert (await numbers(depot))[0] == [one.number]


async def test_a_sheet_has_everything_and_says_who_did_it(depot):
    laptop = await depot.laptop()
    one = await depot.parcel(laptop=laptop)
    await depot.photograph(one.number)
    await depot.write(one.number, "Hello")
    sheet = await get_return_sheet(depot.db, actor=depot.customer, number=one.number)
    (item,) = sheet.items
    assert (item.serial_number, item.verdict, item.asset_number) == (
        laptop.serial_number,
        Verdict.MATCHED,
        laptop.number,
    )
    assert [message.body for message in sheet.messages] == ["Hello"]
    assert len(sheet.photos) == 1
    assert [fee.amount_minor for fee in sheet.fees] == [100]
    assert sheet.transfer is not None
    assert sheet.transfer.id == one.transfer_id
    assert sheet.warehouse_name == "Cincinnati"
    assert [change.action for change in sheet.history] == [
        "message_added", "photographed", "processed", "scanned", "received",
    ]  # fmt: skip
    assert {change.actor_kind for change in sheet.history} == {"user", "operator"}


@pytest.mark.parametrize("status", ["received", "discarded"])
async def test_the_operator_sees_what_its_owner_does_not(depot, status):
    one = await depot.parcel(status=status)
    with pytest.raises(ReturnUnknown):
        await get_return_sheet(depot.db, actor=depot.customer, number=one.number)
    bench = await get_bench_sheet(depot.db, actor=depot.operator, number=one.number)
    assert bench.sheet is not None
    assert bench.sheet.one.status.value == status


async def test_a_parcel_says_what_is_still_expected_in_it(depot):
    one = await depot.parcel(status="received", serial_number="AWAITED-1")
    bench = await get_bench_sheet(depot.db, actor=depot.operator, number=one.number)
    assert bench.sheet is not None
    assert [expected.serial_number for expected in bench.sheet.expected] == ["AWAITED-1"]


async def test_queues_are_short_and_oldest_first(depot):
    received = [await depot.parcel(status="received") for _ in range(2)]
    verifying = await depot.parcel(status="verifying")
    await depot.parcel()
    unknown = (await depot.receive("NOBODYS1")).intake

    async def queue(kind, after=0, limit=50):
        rows = await browse_queue(depot.db, actor=depot.operator, queue=kind, after=after, limit=limit)
        return [row.number for row in rows]

    assert await queue(ReturnQueue.OPEN) == [one.number for one in received]
    assert await queue(ReturnQueue.OPEN, limit=1) == [received[0].number]
    assert await queue(ReturnQueue.OPEN, after=received[0].number) == [received[1].number]
    assert await queue(ReturnQueue.VERIFY) == [verifying.number]
    alone = await browse_intakes(depot.db, actor=depot.operator, only_unidentified=True)
    assert [row.number for row in alone] == [unknown.number]
    every = await browse_intakes(depot.db, actor=depot.operator)
    assert [row.number for row in every] == sorted((row.number for row in every), reverse=True)
    assert len(every) == 5
    assert await browse_intakes(depot.db, actor=depot.operator, before=every[-1].number) == ()


async def test_customers_are_found_by_name_short_name_or_number_and_the_operator_is_none(depot):
    everybody = await list_customers(depot.db, actor=depot.operator)
    own = next(one for one in everybody if one.id == depot.customer.org_id)
    assert {one.slug for one in everybody} == {one.slug for one in everybody} - {"operator"}
    for text in (own.name[:4].upper(), own.slug, str(own.number)):
        found = await list_customers(depot.db, actor=depot.operator, text=text)
        assert own in found, text
    assert await list_customers(depot.db, actor=depot.operator, text="no such customer") == ()


async def test_of_many_each_is_asked_for_by_itself(depot):
    one, two = await depot.parcel(), await depot.parcel(status="verifying")
    outcomes = await request_verification_of_each(
        depot.db,
        actor=depot.customer,
        numbers=[two.number, one.number, one.number],
        policy=depot.policy,
        now=depot.now,
    )
    assert [(each.number, each.refusal and each.refusal.code) for each in outcomes] == [
        (two.number, "returns.not_processed"),
        (one.number, None),
    ]
    assert (await depot.reload(one)).status is Status.VERIFYING
    with pytest.raises(ReturnsTooMany):
        await request_verification_of_each(
            depot.db, actor=depot.customer, numbers=range(1, 202), policy=depot.policy, now=depot.now
        )
