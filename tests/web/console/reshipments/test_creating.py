"""A new reshipment in the console: returns chosen, an address filled in, the price seen, then asked for."""

import pytest

from backhaul.domain.returns import Status
from tests.web.console.warehouse.furnish import bench_of, lying

TABLES = ("reshipments", "returns", "history", "outbox", "wallet_holds")
FIELDS = {
    "contents": "Laptop computer",
    "value": "899.50",
    "to.name": "Ada Lovelace",
    "to.company_name": "Big Company, LLC",
    "to.line_1": "5200 Harry Hines Blvd",
    "to.city": "Dallas",
    "to.state_code": "TX",
    "to.postal_code": "75235",
    "to.country_code": "US",
}


@pytest.fixture
async def bench(busy_console):
    return await bench_of(busy_console, "owner")


@pytest.fixture
async def member(busy_console):
    return await busy_console.kept("member")


def values_of(page):
    return {given["name"]: given.get("value", "") for given in page.tags("input") if "name" in given}


async def test_only_what_can_be_sent_on_is_offered(bench, member):
    offered, taken = await lying(bench, "OFFERED-1"), await lying(bench, "TAKEN-1")
    await bench.create(taken)
    page = await member.page("/reshipments/new")
    choices = {given["value"] for given in page.tags("input") if given.get("name") == "returns"}
    assert str(offered) in choices
    assert str(taken) not in choices


async def test_an_address_is_filled_in_from_a_person_or_a_location(bench, member):
    number = await lying(bench, "FILLED-1")
    chosen = await member.page(f"/reshipments/new?returns={number}&person=ada@ours.example")
    filled = values_of(chosen)
    assert (filled["to.name"], filled["to.line_1"], filled["to.email"]) == (
        "Ada Lovelace",
        "123 Market Street",
        "ada@ours.example",
    )
    several = await member.page(f"/reshipments/new?returns={number}&person=a")
    assert f"/reshipments/new?returns={number}&person=ada%40ours.example" in several.links
    place = next(given["value"] for given in several.tags("option") if given["value"].isdigit())
    filled = values_of(await member.page(f"/reshipments/new?returns={number}&place={place}"))
    assert (filled["to.company_name"], filled["to.line_1"]) == ("Maas Biolabs", "555 Nondescript Road")


async def test_the_price_is_shown_before_anything_is_asked_for(busy_console, bench, member):
    number = await lying(bench, "PRICED-1")
    await member.page(f"/reshipments/new?returns={number}")
    before = await busy_console.traces(TABLES)
    shown = await member.post("/reshipments/new", {**FIELDS, "returns": str(number), "do": "review"})
    assert shown.status_code == 200
    assert await busy_console.traces(TABLES) == before
    for text in ("Price", "Packaging", "$1.50", "$17.30", "DALLAS, TX, 75235"):
        assert text in shown.text, text
    where = await member.does("/reshipments/new", {**FIELDS, "returns": str(number), "do": "place"})
    made = int(where.removeprefix("/reshipments/").partition("?")[0])
    one = await bench.get(made)
    assert (one.value_minor, one.to.name, one.estimated_fee_minor) == (89_950, "Ada Lovelace", 1730)
    assert (await bench.any_detail(number)).one.status is Status.RESHIPPING
    twice = await member.post("/reshipments/new", {**FIELDS, "returns": str(number), "do": "place"})
    assert twice.status_code == 409
    assert "it cannot be shipped on" in twice.text


async def test_several_returns_are_priced_as_likely_and_wait_for_a_quote(bench, member):
    numbers = [str(await lying(bench, f"TOGETHER-{n}")) for n in (1, 2)]
    await member.page(f"/reshipments/new?returns={numbers[0]}")
    shown = await member.post("/reshipments/new", {**FIELDS, "returns": numbers, "do": "review"})
    assert "Likely price" in shown.text
    where = await member.does("/reshipments/new", {**FIELDS, "returns": numbers, "do": "place"})
    assert "The warehouse has not quoted it yet." in " ".join((await member.page(where)).texts)


async def test_everything_that_is_wrong_stands_beside_its_field_and_values_are_kept(
    busy_console, bench, member
):
    number = await lying(bench, "WRONG-1")
    await member.page(f"/reshipments/new?returns={number}")
    before = await busy_console.traces(TABLES)
    bad = {
        **FIELDS,
        "value": "nothing",
        "to.city": "",
        "to.email": "no-address",
        "to.line_1": "x" * 51,
        "contents": "",
    }
    answer = await member.post("/reshipments/new", {**bad, "returns": str(number), "do": "place"})
    assert answer.status_code == 422
    for name in ("value", "to.city", "to.email", "to.line_1", "contents"):
        assert f'id="{name}-problem"' in answer.text, name
    assert "x" * 51 in answer.text
    assert "WRONG-1" in answer.text
    none = await member.post("/reshipments/new", {**FIELDS, "do": "place"})
    assert "Must name 1 to 100 returns." in none.text
    assert await busy_console.traces(TABLES) == before


async def test_a_better_spelling_is_taken_over_when_it_is_wished(bench, member):
    number = await lying(bench, "SPELLED-1")
    await member.page(f"/reshipments/new?returns={number}")
    written = {**FIELDS, "to.state_code": "texas", "to.city": "dallas", "returns": str(number)}
    shown = await member.post("/reshipments/new", {**written, "do": "review"})
    assert "As the address is written there" in shown.text
    adopted = await member.post("/reshipments/new", {**written, "do": "adopt"})
    assert 'name="to.state_code" type="text" value="TX"' in adopted.text


async def test_who_may_only_read_makes_none_and_strangers_cannot_take_ours(busy_console, bench):
    number = await lying(bench, "STRANGE-1")
    viewer, stranger = await busy_console.kept("viewer"), await busy_console.kept("stranger")
    await viewer.page("/reshipments")
    await stranger.page("/reshipments")
    before = await busy_console.traces(TABLES)
    sent = {**FIELDS, "returns": str(number), "do": "place"}
    assert (await viewer.post("/reshipments/new", sent)).status_code == 403
    refused = await stranger.post("/reshipments/new", sent)
    assert refused.status_code == 409
    assert f"There is no return {number}." in refused.text
    assert f"There is no return {number} that could be sent on." in (
        " ".join((await stranger.page(f"/reshipments/new?returns={number}")).texts)
    )
    assert await busy_console.traces(TABLES) == before
