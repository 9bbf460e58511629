"""Quotes that wait for an answer: approved, declined, several at once; nobody else's, and not twice."""

from backhaul.domain import reshipping
from backhaul.domain.returns import list_warehouses
from tests.domain.reshipping.bench import Bench
from tests.web.console.transfers.furnish import world_of


async def quoted(console, name="owner"):
    """The numbers of the quotes that wait for somebody's answer."""
    return [one.number for one in await reshipping.list_to_answer(console.db, actor=console.actors[name])]


async def another(console, bench):
    """One more quote."""
    one = await bench.reshipment()
    await bench.quote(one.number, weight_grams=900)
    return one.number


async def bench_of(console, name="owner"):
    bench = Bench(world_of(console, name))
    bench.warehouse = (await list_warehouses(console.db))[0]
    bench.operator = console.actors["operator"]
    return bench


async def seen(bench, number):
    """The form of a quote as its page shows it now."""
    return {"estimate": str((await bench.get(number)).estimated_fee_minor)}


async def test_quotes_are_answered_one_by_one_and_together(own_console, visitors):
    bench = await bench_of(own_console)
    while len(await quoted(own_console)) < 4:
        await another(own_console, bench)
    first, second, third, fourth = (await quoted(own_console))[:4]
    browse = await visitors(own_console, "owner")
    page = await browse.page("/money/quotes")
    assert f"Reshipment {first}" in page.texts
    assert {"Breakdown", "Packaging", "Total"} <= set(page.texts)
    before = await bench.funds()
    where = await browse.does(f"/money/quotes/{first}/approve", await seen(bench, first))
    assert where == "/money/quotes?notice=quotes.approved"
    one = await bench.get(first)
    assert one.status is reshipping.Status.APPROVED
    assert await bench.funds() == (before[0] - one.estimated_fee_minor, before[1] + one.estimated_fee_minor)
    await browse.does(f"/money/quotes/{second}/decline", await seen(bench, second))
    assert (await bench.get(second)).status is reshipping.Status.DECLINED

    await browse.page("/money/quotes")
    answer = await browse.post(
        "/money/quotes/answer",
        {
            "ids": [str(third), str(first), "999999"],
            "do": "decline",
            f"estimate_{third}": (await seen(bench, third))["estimate"],
        },
    )
    assert (answer.status_code, "1 quote" in answer.text, "2 quotes refused" in answer.text) == (
        200,
        True,
        True,
    )
    assert (await bench.get(first)).status is reshipping.Status.APPROVED
    empty = await browse.post("/money/quotes/answer", {"do": "approve"})
    assert (empty.status_code, "Tick at least one quote in the list first." in empty.text) == (422, True)
    many = await browse.post(
        "/money/quotes/answer", {"ids": [str(n) for n in range(1, 203)], "do": "approve"}
    )
    assert (many.status_code, "At most 200 quotes are answered at once." in many.text) == (422, True)

    for name, status in (("viewer", 403), ("stranger", 404)):
        other = await visitors(own_console, name)
        await other.get("/money")
        assert (await other.post(f"/money/quotes/{fourth}/approve")).status_code == status
    assert (await bench.get(fourth)).status is reshipping.Status.PENDING
    assert (await browse.post("/money/quotes/made-up/approve")).status_code == 404


async def test_a_quote_that_was_not_seen_as_it_is_now_is_not_approved(own_console, visitors):
    bench = await bench_of(own_console)
    number = await another(own_console, bench)
    browse = await visitors(own_console, "owner")
    page = await browse.page("/money/quotes")
    shown = next(tag for tag in page.tags("input") if tag.get("name") == f"estimate_{number}")
    assert (shown["form"], shown["value"]) == ("bulk", (await seen(bench, number))["estimate"])
    assert {"estimate"} <= {tag.get("name") for tag in page.tags("input")}
    before = await seen(bench, number)
    await bench.quote(number, weight_grams=9000)
    assert await seen(bench, number) != before
    for fields in (before, {}, {"estimate": "much"}):
        refused = await browse.post(f"/money/quotes/{number}/approve", fields)
        assert (refused.status_code, "was changed meanwhile" in refused.text) == (409, True)
        together = {"ids": [str(number)], "do": "approve"}
        together |= {f"{name}_{number}": value for name, value in fields.items()}
        answer = await browse.post("/money/quotes/answer", together)
        assert "was changed meanwhile" in answer.text
    assert (await bench.get(number)).status is reshipping.Status.PENDING
    await browse.does(f"/money/quotes/{number}/approve", await seen(bench, number))
    assert (await bench.get(number)).status is reshipping.Status.APPROVED
