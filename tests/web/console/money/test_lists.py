"""Holds, fees, charges, refunds and invoices: each with what it was for, and files of them."""

import csv
import io

import pytest

from backhaul.domain.billing.queries import list_charges
from backhaul.domain.billing.wallet import HoldStatus, list_holds
from tests.web.console.money.furnish import purse_of


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("/money/holds", ["Held", "$25.00"]),
        ("/money/holds?status=expired", ["No such holds"]),
        ("/money/fees", ["Processing", "$4.50", "photo missing"]),
        ("/money/fees?kind=storage", ["No such fees"]),
        ("/money/charges", ["Partly refunded", "$1.00"]),
        ("/money/charges?status=declined", ["No such charges"]),
        ("/money/refunds", ["Paid back", "asked for", "$1.00"]),
    ],
)
async def test_a_list_says_what_each_line_was_for(browse, path, texts):
    page = await browse.page(path)
    assert [text for text in texts if text not in page.texts] == []


async def test_a_charge_shows_its_bill_its_refunds_and_its_history(console, browse):
    page = await browse.page(f"/money/charges/{console.ids['ours']['charge']}")
    for text in ("Partly refunded", "Total", "asked for", "Opened", "Captured", "Gateway"):
        assert text in page.texts, text
    for path in ("/money/charges/made-up", "/money/invoices/made-up", "/money/invoices/made-up/pdf"):
        assert (await browse.get(path)).status_code == 404


async def test_a_declined_top_up_is_tried_again(own_console, visitors):
    purse = purse_of(own_console, "owner")
    charge = await purse.top_up(5_000, reference="sim-decline")
    await purse.drain()
    [found] = await list_charges(purse.db, actor=purse.actor, limit=1)
    assert (found.id, found.status.value) == (charge.id, "declined")
    browse = await visitors(own_console, "owner")
    page = await browse.page(f"/money/charges/{charge.id}")
    assert f"/money/charges/{charge.id}/retry" in page.posts
    viewer = await visitors(own_console, "viewer")
    seen = await viewer.page(f"/money/charges/{charge.id}")
    assert f"/money/charges/{charge.id}/retry" not in seen.posts
    await viewer.get("/money")
    assert (await viewer.post(f"/money/charges/{charge.id}/retry")).status_code == 403
    where = await browse.does(f"/money/charges/{charge.id}/retry")
    assert (
        "The payment is tried again now. Reload the page to see what became of it."
        in (await browse.page(where)).texts
    )
    stranger = await visitors(own_console, "stranger")
    await stranger.get("/money")
    assert (await stranger.post(f"/money/charges/{charge.id}/retry")).status_code == 404


async def test_pages_of_a_list_go_on_where_the_last_one_ended(own_console, visitors):
    purse = purse_of(own_console, "owner")
    for _ in range(52):
        await purse.hold(1)
    browse = await visitors(own_console, "owner")
    every = [
        one.id for one in await list_holds(purse.db, actor=purse.actor, status=HoldStatus.HELD, limit=500)
    ]
    first = await browse.page("/money/holds?status=held")
    assert "50 holds" in first.texts
    second = next(link for link in first.links if "before=" in link)
    assert second == f"/money/holds?status=held&before={every[49]}"
    assert f"{len(every) - 50} holds" in (await browse.page(second)).texts


async def test_an_invoice_is_printed_and_the_ledger_is_a_file(console, browse):
    number = console.ids["ours"]["invoice"]
    assert "Lines" in (await browse.page(f"/money/invoices/{number}")).texts
    printed = await browse.get(f"/money/invoices/{number}/pdf")
    assert (printed.headers["content-type"], printed.content[:5]) == ("application/pdf", b"%PDF-")
    theirs = console.ids["theirs"]["invoice"]
    assert (await browse.get(f"/money/invoices/{theirs}/pdf")).status_code == 404
    ledger = await browse.get("/money/ledger")
    assert ledger.headers["content-disposition"] == 'attachment; filename="ledger.csv"'
    rows = list(csv.DictReader(io.StringIO(ledger.text)))
    assert sum(int(row["amount_minor"]) for row in rows) == 0
    assert {row["kind"] for row in rows} >= {"wallet_topped_up", "hold_placed", "fee_charged", "refund_paid"}
