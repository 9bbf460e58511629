"""Every week is billed once, with everything in it, under numbers without gaps."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import asyncpg
import msgspec
import pytest

from backhaul.domain.billing import invoices
from backhaul.domain.billing.invoices import InvoiceUnknown
from backhaul.domain.billing.invoices.jobs import make_invoices
from backhaul.domain.billing.invoices.model import billed_minor, monday_of
from backhaul.domain.billing.model import ChargeId, Quote, QuoteLine
from backhaul.domain.billing.operations import open_charge
from backhaul.domain.billing.wallet import FeeKind
from backhaul.domain.identity.errors import RightMissing
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money

# The clock stands at Monday 2026-05-04, noon.
MONDAY = date(2026, 5, 4)
NEXT_MONDAY = timedelta(days=6, hours=13)  # from noon to 01:00 of the next Monday, when weeks have settled


async def bill(purse):
    await make_invoices(purse.run)
    return await invoices.list_invoices(purse.db, actor=purse.actor)


async def lines_of(purse, invoice):
    detail = await invoices.get_invoice(purse.db, actor=purse.actor, number=invoice.number)
    assert detail.invoice == invoice
    return [(line.kind, line.text, line.amount_minor) for line in detail.lines]


async def test_a_week_is_billed_when_it_is_over(purse):
    await purse.fill(10_000)
    await purse.charge(100)
    hold = await purse.hold(1420)
    await purse.capture(hold, 1420, 17)
    purse.clock.advance(NEXT_MONDAY - timedelta(seconds=1))
    assert await bill(purse) == []
    purse.clock.advance(timedelta(seconds=1))
    (invoice,) = await bill(purse)
    assert (invoice.starts_on, invoice.ends_on) == (MONDAY, date(2026, 5, 10))
    assert (invoice.total_minor, invoice.total_paid_minor, invoice.total_billed_minor) == (1537, 1537, 0)
    assert (invoice.sequence, invoice.currency, invoice.created_at) == (1, "USD", purse.now)
    assert invoice.name == f"{(await purse.operator()).org_number}-0001"
    assert await lines_of(purse, invoice) == [
        ("process", "Processing of a return", 100),
        ("reship", "Label", 1420),
        ("reship", "Label", 17),
    ]
    assert await purse.history("invoice", invoice.id) == ["made"]
    assert await purse.events(invoice.id) == ["billing.invoice_made"]


async def test_a_week_is_billed_once_whoever_asks_how_often(purse):
    await purse.fill(10_000)
    await purse.charge(100)
    purse.clock.advance(NEXT_MONDAY)
    await asyncio.gather(*(make_invoices(purse.run) for _ in range(4)))
    found = await bill(purse)
    assert [invoice.sequence for invoice in found] == [1]


async def test_weeks_without_charges_have_no_invoice_and_leave_no_gap(purse):
    await purse.fill(10_000)
    for _ in range(2):
        await purse.charge(100)
        purse.clock.advance(timedelta(weeks=2))
        await bill(purse)
    found = await bill(purse)
    assert [(invoice.sequence, invoice.starts_on) for invoice in found] == [
        (2, date(2026, 5, 18)),
        (1, MONDAY),
    ]


async def test_an_outage_of_weeks_is_made_up_for(purse):
    await purse.fill(10_000)
    for _ in range(12):
        await purse.charge(100)
        purse.clock.advance(timedelta(weeks=1))
    found = await bill(purse)
    assert [invoice.sequence for invoice in found] == list(range(12, 0, -1))
    assert {invoice.total_minor for invoice in found} == {100}


async def test_what_was_committed_late_stands_on_the_next_invoice(purse):
    await purse.fill(10_000)
    await purse.charge(100)
    purse.clock.advance(NEXT_MONDAY)
    await bill(purse)
    late = purse.now
    purse.clock._at -= timedelta(hours=2)  # Sunday's transaction, committed after the invoice was made
    await purse.charge(30)
    purse.clock._at = late
    assert len(await bill(purse)) == 1
    purse.clock.advance(timedelta(weeks=1))
    second, first = await bill(purse)
    assert (first.total_minor, second.total_minor, second.starts_on) == (100, 30, date(2026, 5, 11))


async def test_what_is_owed_at_the_weeks_end_is_billed_and_the_rest_is_paid(purse):
    await purse.limit(1000)
    await purse.fill(150)
    await purse.charge(400)
    purse.clock.advance(timedelta(weeks=1))
    await purse.fill(5000)  # too late for that week
    (invoice,) = await bill(purse)
    assert (invoice.total_minor, invoice.total_paid_minor, invoice.total_billed_minor) == (400, 150, 250)


async def test_refunds_lower_the_total_and_more_than_the_week_cost_is_not_billed(purse):
    await purse.fill(1000)
    fee = await purse.charge(400)
    purse.clock.advance(timedelta(weeks=1))
    await bill(purse)
    await purse.refund(fee)
    await purse.charge(100, kind=FeeKind.VERIFY)
    purse.clock.advance(timedelta(weeks=1))
    invoice = (await bill(purse))[0]
    assert (invoice.total_minor, invoice.total_paid_minor, invoice.total_billed_minor) == (-300, -300, 0)
    assert await lines_of(purse, invoice) == [
        ("refund", "Processing of a return", -400),
        ("verify", "Verification of a return", 100),
    ]


async def test_charges_that_the_gateway_collects_are_billed_too(purse):
    async with purse.db.transaction(purse.scope) as tx:
        await open_charge(
            tx,
            charge_id=ChargeId(new_id()),
            subject_kind="transfer",
            subject_id=new_id(),
            purpose="transfer",
            quote=Quote((QuoteLine("transfer.flat", "Flat", 8500),), Money(8500)),
            reference="TICKET-1",
            at=purse.now,
        )
    purse.clock.advance(timedelta(weeks=1))
    (invoice,) = await bill(purse)
    assert await lines_of(purse, invoice) == [("transfer", "TICKET-1", 8500)]
    assert (invoice.total_paid_minor, invoice.total_billed_minor) == (0, 8500)


async def test_topping_up_and_holding_cost_nothing(purse):
    await purse.fill(1000)
    await purse.hold(400)
    purse.clock.advance(timedelta(weeks=1))
    assert await bill(purse) == []


async def test_organizations_have_their_own_numbers_and_invoices(purse):
    other = await purse.elsewhere()
    for one in (purse, other):
        await one.fill(1000)
        await one.charge(100)
    purse.clock.advance(timedelta(weeks=1))
    (ours,), (theirs,) = await bill(purse), await bill(other)
    assert (ours.sequence, theirs.sequence) == (1, 1)
    assert ours.number != theirs.number
    with pytest.raises(InvoiceUnknown):
        await invoices.get_invoice(purse.db, actor=purse.actor, number=theirs.number)


async def test_pages_follow_each_other_in_either_order(purse):
    await purse.fill(10_000)
    for _ in range(5):
        await purse.charge(100)
        purse.clock.advance(timedelta(weeks=1))
    numbers = [invoice.number for invoice in await bill(purse)]
    for order, expected in (("desc", numbers), ("asc", numbers[::-1])):
        seen, after = [], None
        while page := await invoices.list_invoices(
            purse.db, actor=purse.actor, order=order, after=after, limit=2
        ):
            seen += [invoice.number for invoice in page]
            after = page[-1].number
        assert seen == expected


async def test_who_may_not_read_the_money_sees_no_invoice(purse, make):
    nobody = msgspec.structs.replace(purse.actor, rights=frozenset())
    with pytest.raises(RightMissing):
        await invoices.list_invoices(purse.db, actor=nobody)


@pytest.mark.parametrize("change", ["UPDATE {} SET org_id = org_id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["invoices", "invoice_lines"])
async def test_an_invoice_cannot_be_changed_even_by_the_owner_of_its_table(purse, table, change):
    await purse.fill(1000)
    await purse.charge(100)
    purse.clock.advance(timedelta(weeks=1))
    await bill(purse)
    async with purse.db.system() as owner:
        await owner.execute("SET ROLE NONE")
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="append-only"):
            await owner.execute(change.format(table))
        await owner.execute("SET ROLE backhaul_worker")


async def test_an_organization_whose_invoice_fails_does_not_keep_others_waiting(purse):
    other = await purse.elsewhere()
    for one in (purse, other):
        await one.fill(1000)
        await one.charge(100)
    async with purse.db.system_transaction() as tx:
        await tx.execute("SET LOCAL ROLE NONE")
        await tx.execute(f"ALTER TABLE invoices ADD CHECK (org_id <> '{purse.actor.org_id}')")
    purse.clock.advance(timedelta(weeks=1))
    assert (await bill(purse), len(await bill(other))) == ([], 1)


@pytest.mark.parametrize(
    ("at", "monday"),
    [
        (datetime(2026, 5, 4, tzinfo=UTC), MONDAY),
        (datetime(2026, 5, 10, 23, 59, 59, 999_999, tzinfo=UTC), MONDAY),
        (datetime(2026, 1, 1, tzinfo=UTC), date(2025, 12, 29)),
    ],
)
def test_a_week_begins_on_monday(at, monday):
    assert monday_of(at) == monday


@pytest.mark.parametrize(
    ("total", "owed", "billed"), [(100, 0, 0), (100, 40, 40), (100, 400, 100), (-100, 400, 0), (0, 5, 0)]
)
def test_payments_cover_what_is_oldest(total, owed, billed):
    assert billed_minor(total, owed) == billed
