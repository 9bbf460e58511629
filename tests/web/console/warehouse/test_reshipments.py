"""A reshipment at the warehouse's bench: quoted, weighed, labelled, dispatched, asked about again."""

import pytest

from backhaul.domain.reshipping import Status
from tests.web.console.warehouse.furnish import bench_of, lying

TABLES = ("reshipments", "returns", "shipments", "wallet_holds", "wallet_fees", "history", "outbox")
BOX = {"length_mm": "406", "width_mm": "305", "height_mm": "152"}


@pytest.fixture
async def bench(busy_console):
    return await bench_of(busy_console, "owner")


@pytest.fixture
async def operator(busy_console):
    return await busy_console.kept("operator")


async def asked(bench, name, *, returns=1, is_approved=False):
    one = await bench.create(*[await lying(bench, f"{name}-{n}") for n in range(returns)])
    if is_approved:
        await bench.approve(one.number)
    return one.number, f"/warehouse/reshipments/{one.number}"


async def test_it_is_quoted_by_weight_or_by_an_amount_and_corrected(bench, operator):
    number, base = await asked(bench, "QUOTE", returns=2)
    page = await operator.page(base)
    assert "The returns weigh 3,000 g without a box." in page.texts
    page = await operator.page(await operator.does(f"{base}/quote", {"weight_grams": "3400", "fee": ""}))
    assert "The quote is with the owner, who approves or declines it." in page.texts
    assert (await bench.get(number)).estimated_fee_minor == 2240 + 300
    await operator.does(f"{base}/quote", {"weight_grams": "", "fee": "19.99"})
    assert (await bench.get(number)).estimated_fee_minor == 1999


async def test_a_quote_that_is_none_is_refused_beside_its_field(busy_console, bench, operator):
    _, base = await asked(bench, "BADQUOTE", returns=2)
    await operator.page(base)
    before = await busy_console.traces(TABLES)
    for sent, field in (
        ({"weight_grams": "", "fee": ""}, "weight_grams"),
        ({"weight_grams": "heavy", "fee": ""}, "weight_grams"),
        ({"weight_grams": "0", "fee": ""}, "weight_grams"),
        ({"weight_grams": "", "fee": "much"}, "fee"),
        ({"weight_grams": "", "fee": "0"}, "fee"),
    ):
        answer = await operator.post(f"{base}/quote", sent)
        assert answer.status_code == 422, sent
        assert f'id="{field}-problem"' in answer.text, sent
    assert await busy_console.traces(TABLES) == before


async def test_from_the_scale_to_the_carrier(bench, operator):
    number, base = await asked(bench, "SCALE", is_approved=True)
    await operator.page(base)
    page = await operator.page(await operator.does(f"{base}/weigh", {"weight_grams": "1600", **BOX}))
    assert "The parcel is weighed, and its label is being bought." in page.texts
    assert f"{base}/dispatch" not in page.posts
    unready = await operator.post(f"{base}/dispatch")
    assert (unready.status_code, "has no label yet" in unready.text) == (409, True)
    assert (await operator.get(f"{base}/label/pdf")).status_code == 409
    await bench.world.settle()
    page = await operator.page(base)
    assert {f"{base}/label/pdf", f"{base}/label/zpl"} <= set(page.links)
    pdf, zpl = await operator.get(f"{base}/label/pdf"), await operator.get(f"{base}/label/zpl")
    assert pdf.content.startswith(b"%PDF")
    assert zpl.text.startswith("^XA")
    assert (await operator.get(f"{base}/label/exe")).status_code == 409
    assert base in (await operator.page("/warehouse/queues/dispatch")).links
    page = await operator.page(await operator.does(f"{base}/dispatch"))
    assert "The parcel is with its carrier, and its fee is charged." in page.texts
    one = await bench.get(number)
    assert one.dispatched_at is not None
    assert one.reship_fee_minor == one.final_fee_minor
    assert page.posts.isdisjoint(f"{base}/{verb}" for verb in ("quote", "weigh", "dispatch", "ask-again"))
    fees = await bench.fees_of(one)
    await operator.does(f"{base}/dispatch")  # sent twice it stays so
    assert await bench.fees_of(one) == fees


async def test_a_box_much_heavier_is_asked_about_again(bench, operator):
    number, base = await asked(bench, "HEAVY", is_approved=True)
    await operator.page(base)
    page = await operator.page(await operator.does(f"{base}/weigh", {"weight_grams": "25000", **BOX}))
    assert "It costs more than the owner accepts unasked. The new quote is with them." in page.texts
    one = await bench.get(number)
    assert (one.status, one.hold_id) == (Status.PENDING, None)


async def test_a_weight_or_side_that_is_none_is_refused_beside_its_field(busy_console, bench, operator):
    _, base = await asked(bench, "BADSCALE", is_approved=True)
    await operator.page(base)
    before = await busy_console.traces(TABLES)
    for changes, field in (
        ({"weight_grams": ""}, "weight_grams"),
        ({"weight_grams": "0"}, "weight_grams"),
        ({"length_mm": "wide"}, "length_mm"),
        ({"height_mm": "0"}, "height_mm"),
        ({"width_mm": "3001"}, "width_mm"),
    ):
        answer = await operator.post(f"{base}/weigh", {"weight_grams": "900", **BOX, **changes})
        assert answer.status_code == 422, changes
        assert f'id="{field}-problem"' in answer.text, changes
    assert await busy_console.traces(TABLES) == before


async def test_an_approval_is_taken_back_with_a_reason_the_owner_reads(busy_console, bench, operator):
    number, base = await asked(bench, "AGAIN", is_approved=True)
    await operator.page(base)
    await operator.does(f"{base}/weigh", {"weight_grams": "1600", **BOX})
    await bench.world.settle()
    await operator.page(base)
    before = await busy_console.traces(TABLES)
    for reason in ("", "x" * 201):
        answer = await operator.post(f"{base}/ask-again", {"reason": reason})
        assert (answer.status_code, "1 to 200 characters" in answer.text) == (422, True)
    assert await busy_console.traces(TABLES) == before
    await operator.does(f"{base}/ask-again", {"reason": "The box was too small."})
    one = await bench.get(number)
    assert (one.status, one.shipment_id, one.hold_id) == (Status.PENDING, None, None)
    member = await busy_console.kept("member")
    page = await member.page(f"/reshipments/{number}")
    assert {"Asked about again", "“The box was too small.”"} <= set(page.texts)
    again = await operator.post(f"{base}/ask-again", {"reason": "Once more."})
    assert again.status_code == 409


async def test_nobody_else_works_at_the_bench(busy_console, bench):
    _, base = await asked(bench, "BENCHED", is_approved=True)
    owner = await busy_console.kept("owner")
    await owner.page("/reshipments")
    before = await busy_console.traces(TABLES)
    for verb in ("quote", "weigh", "dispatch", "ask-again"):
        answer = await owner.post(f"{base}/{verb}", {"weight_grams": "900", "reason": "x", **BOX})
        assert answer.status_code == 403, verb
    for path in (base, f"{base}/label/pdf"):
        assert (await owner.get(path)).status_code == 403
    assert await busy_console.traces(TABLES) == before
