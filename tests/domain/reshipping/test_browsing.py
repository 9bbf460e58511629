"""Reshipments as somebody looks through them: by how far they are, one with all its parts, the warehouse's queues."""

import pytest

from backhaul.domain.reshipping.browsing import (
    ReshipmentQueue,
    Stage,
    browse_queue,
    browse_reshipments,
    get_bench_sheet,
    get_onward_label_on_bench,
    get_reshipment_sheet,
    stage_of,
)
from backhaul.domain.reshipping.errors import NotLabelled, ReshipmentUnknown
from backhaul.domain.reshipping.operations.ask_again import ask_again
from backhaul.domain.shipping.model import LabelFormat, Tracking


async def staged(bench):
    """A reshipment of every stage, by stage."""
    await bench.fund()
    return {
        Stage.QUOTE: await bench.create(*(await bench.lying(2))),
        Stage.ANSWER: await bench.reshipment("pending"),
        Stage.DECLINED: await bench.reshipment("declined"),
        Stage.APPROVED: await bench.reshipment("approved"),
        Stage.SENT: await bench.reshipment("dispatched"),
    }


async def test_each_stage_lists_its_own_newest_first_and_nobody_elses(bench):
    made = await staged(bench)
    await bench.reshipment("deleted")
    every = await browse_reshipments(bench.db, actor=bench.customer)
    assert [one.number for one in every.lines] == sorted((one.number for one in made.values()), reverse=True)
    stranger = await bench.make.organization()
    for stage, one in made.items():
        found = await browse_reshipments(bench.db, actor=bench.customer, stage=stage)
        assert [line.number for line in found.lines] == [one.number]
        assert stage_of(found.lines[0]) is stage
        assert (await browse_reshipments(bench.db, actor=stranger, stage=stage)).lines == ()
        with pytest.raises(ReshipmentUnknown):
            await get_reshipment_sheet(bench.db, actor=stranger, number=one.number)


async def test_pages_follow_each_other(bench):
    made = await staged(bench)
    seen, before = [], None
    while True:
        page = await browse_reshipments(bench.db, actor=bench.customer, before=before, limit=2)
        seen += [one.number for one in page.lines]
        before = page.next_before
        if before is None:
            break
    assert seen == sorted((one.number for one in made.values()), reverse=True)


async def test_the_warehouse_gets_each_where_its_work_is(bench):
    made = await staged(bench)
    weighed = await bench.reshipment("labelled")

    async def queue(kind):
        return [row.number for row in await browse_queue(bench.db, actor=bench.operator, queue=kind)]

    assert await queue(ReshipmentQueue.QUOTES) == [made[Stage.QUOTE].number]
    assert await queue(ReshipmentQueue.WEIGH) == [made[Stage.APPROVED].number]
    assert await queue(ReshipmentQueue.DISPATCH) == [weighed.number]
    (row,) = await browse_queue(bench.db, actor=bench.operator, queue=ReshipmentQueue.DISPATCH)
    assert row.tracking_number is not None
    assert not row.is_refused


async def test_a_sheet_has_parcel_returns_money_and_history(bench):
    one = await bench.reshipment("dispatched")
    await bench.scan_onward(one, Tracking.IN_TRANSIT)
    sheet = await get_reshipment_sheet(bench.db, actor=bench.customer, number=one.number)
    assert sheet == await get_bench_sheet(bench.db, actor=bench.operator, number=one.number)
    assert sheet.parcel is not None
    assert (sheet.parcel.status, [event.text for event in sheet.parcel.events]) == (
        Tracking.IN_TRANSIT,
        ["Scanned"],
    )
    assert set(sheet.parcel.labels) == {LabelFormat.PDF, LabelFormat.ZPL}
    assert [held.number for held in sheet.returns] == list(one.return_numbers)
    assert sheet.funds.amount_minor == (await bench.funds())[0] + 100_000
    assert [change.action for change in sheet.history] == ["dispatched", "weighed", "approved", "created"]
    await bench.tolerate(25)
    sheet = await get_reshipment_sheet(bench.db, actor=bench.customer, number=one.number)
    assert sheet.tolerance_percent == 25


async def test_a_label_is_there_to_print_from_when_it_is_bought_until_it_is_void(bench):
    one = await bench.reshipment("weighed")
    with pytest.raises(NotLabelled):
        await get_onward_label_on_bench(
            bench.db, actor=bench.operator, number=one.number, form=LabelFormat.PDF
        )
    await bench.world.settle()
    label = await get_onward_label_on_bench(
        bench.db, actor=bench.operator, number=one.number, form=LabelFormat.PDF
    )
    assert label.startswith(b"%PDF")
    await ask_again(
        bench.db, actor=bench.operator, number=one.number, reason="Torn", policy=bench.terms, now=bench.now
    )
    with pytest.raises(NotLabelled):
        await get_onward_label_on_bench(
            bench.db, actor=bench.operator, number=one.number, form=LabelFormat.PDF
        )
