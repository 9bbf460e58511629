"""Returns in the console: listed, looked into, verified, discarded, many at once."""

import pytest

from backhaul.domain.returns import Status
from backhaul.web.console.returns import listing
from tests.web.console.browse import Parsed
from tests.web.console.warehouse.furnish import bench_of, identified, lying

TABLES = ("returns", "return_messages", "history", "outbox", "wallet_fees")


@pytest.fixture
async def bench(busy_console):
    return await bench_of(busy_console, "owner")


@pytest.fixture
async def member(busy_console):
    return await busy_console.kept("member")


async def status_of(bench, number):
    return (await bench.any_detail(number)).one.status


async def test_the_list_shows_what_is_in_each_and_is_cut_down_by_its_filters(bench, member):
    number = await lying(bench, "LISTED-1", rma_number="RMA-LISTED")
    other = await lying(bench, "LISTED-2")
    page = await member.page("/returns")
    assert {str(number), str(other), "RMA RMA-LISTED", "LISTED-1", "Processed"} <= set(page.texts)
    for query in ("q=1zlisted1", "q=RMA-LISTED", "q=listed-1", f"q={number}", "q=LISTED-1&status=processed"):
        found = await member.page(f"/returns?{query}&warehouse=WH0CVG01")
        assert "LISTED-1" in found.texts, query
        assert "LISTED-2" not in found.texts, query
    for query in ("q=LISTED-1&status=verified", "q=LISTED-1&warehouse=WH0XXX01", "q=nothing-like-it"):
        assert "No return fits" in (await member.page(f"/returns?{query}")).texts


async def test_the_list_goes_on_behind_its_last_line(bench, member, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 1)
    first, second = await lying(bench, "PAGED-1"), await lying(bench, "PAGED-2")
    page = await member.page("/returns?status=processed")
    assert "PAGED-2" in page.texts
    assert "PAGED-1" not in page.texts
    assert f"/returns?status=processed&before={second}" in page.links
    page = await member.page(f"/returns?status=processed&before={second}")
    assert "PAGED-1" in page.texts
    assert "/returns?status=processed" in page.links
    assert first < second


async def test_a_return_shows_what_was_found_written_and_paid(busy_console, member):
    number = busy_console.ids["ours"]["return"]
    page = await member.page(f"/returns/{number}")
    shown = set(page.texts)
    assert {
        "ours-STRAY",
        "Unexpected",
        "Matched",
        "Scanned twice",
        "No charger",
        "Powers on",
        "Grade C",
    } <= shown
    assert {
        "Is the charger with it?",
        "It is not.",
        "RMA-ours",
        "in Cincinnati since",
        "Christopher Mitchell",
    } <= shown
    assert f"Processing of return {number}" in shown
    assert {"Received", "Device scanned", "Photographed", "Device sanitised"} <= shown
    assert f"/returns/{number}/certificate?serial=ours-SENTBACK" in page.links
    assert f"/reshipments/new?returns={number}" in page.links
    assert page.posts >= {f"/returns/{number}/{verb}" for verb in ("verify", "discard", "messages")}


async def test_verification_is_asked_for_and_the_button_is_gone(bench, member):
    number = await lying(bench, "ASKED-1")
    await member.page(f"/returns/{number}")
    page = await member.page(await member.does(f"/returns/{number}/verify"))
    assert "Verification is asked for. The warehouse takes a closer look." in page.texts
    assert await status_of(bench, number) is Status.VERIFYING
    assert not {f"/returns/{number}/verify", f"/returns/{number}/discard"} & page.posts
    again = await member.post(f"/returns/{number}/verify")
    assert again.status_code == 409
    assert "It must be processed before it is verified" in again.text


async def test_a_message_reaches_the_warehouse_and_a_long_one_is_kept_in_its_field(
    busy_console, bench, member
):
    number = await lying(bench, "WRITTEN-1")
    await member.page(f"/returns/{number}")
    where = await member.does(f"/returns/{number}/messages", {"body": "Please look <b>closely</b>"})
    assert "Please look <b>closely</b>" in (await member.page(where)).texts
    operator = await busy_console.kept("operator")
    assert "Please look <b>closely</b>" in (await operator.page(f"/warehouse/parcels/{number}")).texts
    before = await busy_console.traces(TABLES)
    for body in ("", "x" * 201):
        answer = await member.post(f"/returns/{number}/messages", {"body": body})
        assert answer.status_code == 422
        assert "Must have 1 to 200 characters." in answer.text
        assert body in answer.text
    assert await busy_console.traces(TABLES) == before


async def test_a_discarded_return_is_gone_and_cannot_be_discarded_twice(bench, member):
    number = await lying(bench, "THROWN-1")
    await member.page(f"/returns/{number}")
    assert (await member.does(f"/returns/{number}/discard")).startswith("/returns?notice=")
    assert await status_of(bench, number) is Status.DISCARDED
    assert (await member.get(f"/returns/{number}")).status_code == 404
    assert (await member.post(f"/returns/{number}/discard")).status_code == 404


async def test_many_are_verified_and_who_was_refused_is_said(busy_console, bench, member):
    one, two = await lying(bench, "MANY-1"), await lying(bench, "MANY-2")
    await bench.ask(two)
    await member.page("/returns")
    answer = await member.post(
        "/returns/many",
        {"do": "verify", "ids": [str(one), str(two), "nonsense"], "back": "/returns?status=processed"},
    )
    assert answer.status_code == 200
    assert "Verification was asked for 1 return" in answer.text
    assert "1 was refused" in answer.text
    assert f"Return {two} is verifying" in answer.text
    assert 'href="/returns?status=processed"' in answer.text
    assert await status_of(bench, one) is Status.VERIFYING


async def test_ticked_returns_are_taken_to_a_new_reshipment(bench, member):
    one, two = await lying(bench, "TICKED-1"), await lying(bench, "TICKED-2")
    await member.page("/returns")
    where = await member.does("/returns/many", {"do": "reship", "ids": [str(one), str(two)]})
    assert where == f"/reshipments/new?returns={one}&returns={two}"
    assert {"TICKED-1", "TICKED-2"} <= set((await member.page(where)).texts)


async def test_nothing_ticked_or_too_much_changes_nothing(busy_console, member):
    await member.page("/returns")
    before = await busy_console.traces(TABLES)
    where = await member.does("/returns/many", {"do": "verify", "back": "//evil.example/"})
    assert where == "/returns?notice=returns.none_chosen"
    answer = await member.post(
        "/returns/many", {"do": "verify", "ids": [str(number) for number in range(1, 202)]}
    )
    assert answer.status_code == 422
    assert "at most 200 are worked on at once" in answer.text
    assert await busy_console.traces(TABLES) == before


async def test_a_refused_bulk_action_keeps_the_filter_it_was_sent_from(bench, member):
    number, other = await lying(bench, "KEPT-1"), await lying(bench, "KEPT-2")
    await member.page("/returns")
    back = "/returns?q=KEPT-1&status=processed"
    many = [str(number) for number in range(1, 202)]
    answer = await member.post("/returns/many", {"do": "verify", "ids": many, "back": back})
    assert answer.status_code == 422
    page = Parsed(answer.text)
    assert f"/returns/{number}" in page.links
    assert f"/returns/{other}" not in page.links
    (search,) = [
        given for given in page.tags("input") if given.get("name") == "q" and given["id"] != "search"
    ]
    assert search["value"] == "KEPT-1"
    assert {given["value"] for given in page.tags("input") if given.get("name") == "back"} == {back}


async def test_who_may_only_read_is_refused_and_strangers_find_nothing(busy_console, bench):
    number = await lying(bench, "GUARDED-1")
    viewer, stranger = await busy_console.kept("viewer"), await busy_console.kept("stranger")
    await viewer.page(f"/returns/{number}")
    await stranger.page("/returns")
    before = await busy_console.traces(TABLES)
    for verb in ("verify", "discard", "messages"):
        assert (await viewer.post(f"/returns/{number}/{verb}", {"body": "x"})).status_code == 403
        assert (await stranger.post(f"/returns/{number}/{verb}", {"body": "x"})).status_code == 404
    refused = await stranger.post("/returns/many", {"do": "verify", "ids": [str(number)]})
    assert f"There is no return {number}." in refused.text
    assert await busy_console.traces(TABLES) == before
    assert await status_of(bench, number) is Status.PROCESSED


async def test_what_is_not_opened_yet_is_not_shown(busy_console, bench, member):
    got = await bench.receive("1ZUNOPENED1")
    await identified(bench, got.intake.number)
    assert (await member.get(f"/returns/{got.intake.number}")).status_code == 404
    assert "No return fits" in (await member.page("/returns?q=1ZUNOPENED1")).texts


async def test_an_organization_without_returns_is_told_what_comes_here(busy_console):
    free = await busy_console.kept("free")
    assert "No returns yet" in (await free.page("/returns")).texts
    assert "No reshipments yet" in (await free.page("/reshipments")).texts
    assert "Nothing to send on" in (await free.page("/reshipments/new")).texts
