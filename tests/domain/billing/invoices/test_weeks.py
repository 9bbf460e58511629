"""Where one week ends and the next begins, and that numbers have no gaps whatever happens."""

import asyncio
import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.adapters.documents import PdfInvoices
from backhaul.domain.billing import invoices
from backhaul.domain.billing.invoices import tables
from backhaul.domain.billing.invoices.jobs import make_invoices
from backhaul.domain.billing.invoices.model import WEEK, monday_of, start_of
from backhaul.domain.billing.invoices.operations.make import make_invoice
from backhaul.domain.billing.wallet import FeeKind

MONDAY = date(2026, 5, 4)
SETTLED = time(1, tzinfo=UTC)


def set_clock(purse, at):
    purse.clock._at = at


async def bill(purse):
    await make_invoices(purse.run)
    found = await invoices.list_invoices(purse.db, actor=purse.actor, order="asc")
    return [(one.sequence, one.starts_on, one.total_minor) for one in found]


async def test_the_last_moment_of_sunday_and_the_first_of_monday_are_two_weeks(purse):
    await purse.fill(10_000)
    midnight = start_of(MONDAY + WEEK)
    for at, amount in ((midnight - timedelta(microseconds=1), 1), (midnight, 20)):
        set_clock(purse, at)
        await purse.charge(amount)
    set_clock(purse, midnight + timedelta(hours=1))
    assert await bill(purse) == [(1, MONDAY, 1)]
    set_clock(purse, midnight + WEEK + timedelta(hours=1))
    assert await bill(purse) == [(1, MONDAY, 1), (2, MONDAY + WEEK, 20)]


@pytest.mark.parametrize(
    "changed_on", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1)]
)
async def test_summer_time_moves_no_week(purse, changed_on):
    """Clocks of Europe and America change on a Sunday: the last day of a week, which has its 24 hours in UTC."""
    begin = monday_of(datetime.combine(changed_on, time(12, tzinfo=UTC)))
    assert begin == changed_on - timedelta(days=6)
    set_clock(purse, start_of(begin))
    await purse.fill(10_000)
    for hours in range(0, 169, 24):  # the eighth is the next week's
        set_clock(purse, start_of(begin) + timedelta(hours=hours))
        await purse.charge(1)
    set_clock(purse, datetime.combine(begin + WEEK, SETTLED))
    assert await bill(purse) == [(1, begin, 7)]


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"]
)
@given(seconds=st.integers(0, 4_000_000_000))
def test_every_moment_is_in_one_week_wherever_the_clock_hangs(zone, seconds):
    moment = datetime.fromtimestamp(seconds, UTC)
    begin = monday_of(moment)
    assert begin.weekday() == 0
    assert start_of(begin) <= moment < start_of(begin + WEEK)
    assert monday_of(moment.astimezone(ZoneInfo(zone))) == begin


async def test_a_job_that_is_repeated_all_week_makes_nothing_new(purse):
    await purse.fill(10_000)
    await purse.charge(100)
    set_clock(purse, datetime.combine(MONDAY + WEEK, SETTLED))
    once = await bill(purse)
    before = await purse.trace()
    for _ in range(24):
        purse.clock.advance(timedelta(hours=6))
        assert await bill(purse) == once
    assert await purse.trace() == before


async def test_a_failed_invoice_leaves_no_gap(purse, monkeypatch):
    """The number is used by the transaction that commits, not by the one that tried."""
    await purse.fill(10_000)
    await purse.charge(100)
    set_clock(purse, datetime.combine(MONDAY + WEEK, SETTLED))

    async def fail(*_, **__):
        raise RuntimeError("died after the number was taken")

    insert = tables.insert

    async def insert_and_die(*given):
        await insert(*given)
        await fail()

    monkeypatch.setattr(tables, "insert", insert_and_die)
    before = await purse.trace()
    with pytest.raises(RuntimeError, match="died"):
        await make_invoice(purse.db, scope=purse.scope, starts_on=MONDAY, currency="USD", now=purse.now)
    assert await purse.trace() == before
    monkeypatch.undo()
    assert await bill(purse) == [(1, MONDAY, 100)]


async def test_numbers_have_no_gaps_while_workers_race_over_weeks_and_organizations(purse):
    others = [purse, await purse.elsewhere(), await purse.elsewhere()]
    weeks = 5
    for one in others:
        set_clock(one, start_of(MONDAY))
        await one.fill(100_000)
    for week in range(weeks):
        for one in others:
            set_clock(one, start_of(MONDAY) + week * WEEK)
            await one.charge(10 + week)
    now = start_of(MONDAY) + weeks * WEEK + timedelta(hours=2)
    for one in others:
        set_clock(one, now)
    single = [
        make_invoice(one.db, scope=one.scope, starts_on=MONDAY + week * WEEK, currency="USD", now=now)
        for one in others
        for week in range(weeks)
    ]
    whole = [make_invoices(purse.run) for _ in range(3)]
    work = [*single, *whole]
    random.Random(5).shuffle(work)
    await asyncio.gather(*work)
    for one in others:
        made = await bill(one)
        assert [sequence for sequence, _, _ in made] == list(range(1, len(made) + 1))
        assert len({starts_on for _, starts_on, _ in made}) == len(made)
        assert sum(total for _, _, total in made) == sum(range(10, 10 + weeks))


async def test_a_fee_that_is_reversed_in_its_own_week_costs_nothing(purse):
    await purse.fill(10_000)
    fee = await purse.charge(100)
    await purse.refund(fee)
    set_clock(purse, datetime.combine(MONDAY + WEEK, SETTLED))
    assert await bill(purse) == [(1, MONDAY, 0)]


async def test_a_fee_that_is_reversed_later_stands_on_the_next_invoice_once(purse):
    await purse.fill(10_000)
    fee = await purse.charge(100)
    set_clock(purse, datetime.combine(MONDAY + WEEK, SETTLED))
    first = await bill(purse)
    for _ in range(2):
        await purse.refund(fee)
    set_clock(purse, datetime.combine(MONDAY + 2 * WEEK, SETTLED))
    assert await bill(purse) == [*first, (2, MONDAY + WEEK, -100)]
    set_clock(purse, datetime.combine(MONDAY + 3 * WEEK, SETTLED))
    assert len(await bill(purse)) == 2
    assert await purse.standing() == (10_000, 0)


async def test_paper_and_json_say_what_the_ledger_says(purse):
    await purse.fill(10_000)
    fee = await purse.charge(100)
    await purse.charge(250, kind=FeeKind.VERIFY)
    hold = await purse.hold(1420)
    await purse.capture(hold, 1420, 17)
    await purse.refund(fee)
    set_clock(purse, datetime.combine(MONDAY + WEEK, SETTLED))
    await bill(purse)
    (one,) = await invoices.list_invoices(purse.db, actor=purse.actor)
    detail = await invoices.get_invoice(purse.db, actor=purse.actor, number=one.number)
    assert sum(line.amount_minor for line in detail.lines) == one.total_minor == 1687
    assert -(await purse.books())["revenue"] == one.total_minor
    document = pypdfium2.PdfDocument(PdfInvoices().to_pdf(detail))
    text = document[0].get_textpage().get_text_range()
    document.close()
    for words in (
        f"Invoice {one.name}",
        "2026-05-04 to 2026-05-10",
        "2.50",
        "14.20",
        "0.17",
        "-1.00",
        "16.87 USD",
    ):
        assert words in text
    assert one.name == f"{(await purse.operator()).org_number}-0001"
