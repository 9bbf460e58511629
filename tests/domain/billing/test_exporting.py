"""The ledger as a file: everything, once, and nothing that a spreadsheet would run."""

import csv
import io

import msgspec
import pytest

from backhaul.domain.billing import exporting
from backhaul.domain.billing.exporting import COLUMNS, export_ledger
from backhaul.domain.billing.wallet import FeeKind, charge_fee
from backhaul.domain.identity.errors import RightMissing
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money


async def exported(purse):
    file = io.BytesIO()
    count = await export_ledger(purse.db, actor=purse.actor, write=file.write)
    rows = list(csv.DictReader(io.StringIO(file.getvalue().decode(), newline="")))
    assert len(rows) == count
    return rows


async def test_every_entry_is_written_once_over_many_pages_and_adds_up(purse, monkeypatch):
    monkeypatch.setattr(exporting, "PAGE_ROWS", 2)
    other = await purse.elsewhere()
    for one in (purse, other):
        await one.fill(10_000)
    fees = [await purse.charge(100) for _ in range(5)]
    await purse.refund(fees[0])
    hold = await purse.hold(1420)
    await purse.capture(hold, 1400, 37)
    rows = await exported(purse)
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 2 * (1 + 5 + 1 + 2 + 2)
    assert len({(row["transaction"], row["account"]) for row in rows}) == len(rows)
    assert sum(int(row["amount_minor"]) for row in rows) == 0
    books = await purse.books()
    for account in books:
        assert sum(int(row["amount_minor"]) for row in rows if row["account"] == account) == books[account]


async def test_a_reversal_names_what_it_reverses(purse):
    await purse.fill(1000)
    fee = await purse.charge(100)
    await purse.refund(fee)
    reversal = [row for row in await exported(purse) if row["kind"] == "fee_refunded"]
    assert {row["reverses"] for row in reversal} == {str(fee.id)}
    assert {row["text"] for row in reversal} == {"Processing of a return"}


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(A1)"]
)
async def test_no_cell_is_a_formula(purse, text):
    await purse.fill(1000)
    async with purse.db.transaction(purse.scope) as tx:
        await charge_fee(
            tx,
            kind=FeeKind.OTHER,
            amount=Money(7),
            subject=("return", new_id()),
            once_key="odd",
            text=text,
            at=purse.now,
        )
    rows = [row for row in await exported(purse) if row["kind"] == "fee_charged"]
    assert {row["text"] for row in rows} == {f"'{text}"}
    assert {row["amount_minor"] for row in rows} == {"7", "-7"}


async def test_an_organization_without_money_has_the_headings(purse):
    file = io.BytesIO()
    assert await export_ledger(purse.db, actor=purse.actor, write=file.write) == 0
    assert file.getvalue() == (",".join(COLUMNS) + "\r\n").encode()


async def test_who_may_not_read_the_money_gets_no_file(purse):
    file = io.BytesIO()
    nobody = msgspec.structs.replace(purse.actor, rights=frozenset())
    with pytest.raises(RightMissing):
        await export_ledger(purse.db, actor=nobody, write=file.write)
    assert file.getvalue() == b""
