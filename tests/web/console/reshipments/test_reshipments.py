"""Reshipments in the console: listed by what is to be done, answered, deleted, followed."""

from datetime import timedelta

import pytest

from backhaul.domain.reshipping import Status
from backhaul.domain.shipping.model import Tracking
from tests.web.console.warehouse.furnish import bench_of, lying

TABLES = ("reshipments", "returns", "history", "outbox", "wallet_holds")


@pytest.fixture
async def bench(busy_console):
    return await bench_of(busy_console, "owner")


@pytest.fixture
async def member(busy_console):
    return await busy_console.kept("member")


async def asked(bench, serial_number):
    return (await bench.create(await lying(bench, serial_number))).number


async def test_each_state_lists_its_own(busy_console, bench, member):
    ids = busy_console.ids["ours"]
    declined = await asked(bench, "LIST-DECLINED")
    await bench.decline(declined)
    listed = {
        "quote": ids["quoting"], "answer": ids["reshipment"], "approved": ids["approved"], "sent": ids["sent"],
        "declined": str(declined),
    }  # fmt: skip
    every = (await member.page("/reshipments")).links
    for stage, number in listed.items():
        assert f"/reshipments/{number}" in every
        links = (await member.page(f"/reshipments?status={stage}")).links
        assert [one for one in listed.values() if f"/reshipments/{one}" in links] == [number], stage


async def test_an_estimate_shows_its_lines_and_what_is_left_and_is_approved_once(bench, member):
    number = await asked(bench, "APPROVE-1")
    page = await member.page(f"/reshipments/{number}")
    available, _ = await bench.funds()
    assert {"Label domestic, 1500 g", "$15.80", "Packaging", "$1.50", "$17.30", "Left after approval"} <= set(
        page.texts
    )
    fields = {"estimate": "1730"}
    where = await member.does(f"/reshipments/{number}/approve", fields)
    page = await member.page(where)
    assert "Approved, being packed" in page.texts
    assert page.posts.isdisjoint(f"/reshipments/{number}/{verb}" for verb in ("approve", "decline", "delete"))
    assert (await bench.funds())[0] == available - 1730
    await member.does(f"/reshipments/{number}/approve", fields)  # sent twice it stays so
    assert (await bench.funds())[0] == available - 1730
    assert (await member.post(f"/reshipments/{number}/decline", fields)).status_code == 409
    assert (await member.post(f"/reshipments/{number}/delete")).status_code == 409


async def test_an_estimate_that_changed_meanwhile_is_not_approved(busy_console, bench, member):
    number = await asked(bench, "CHANGED-1")
    await member.page(f"/reshipments/{number}")
    await bench.quote(number, fee_minor=9900)
    before = await busy_console.traces(TABLES)
    answer = await member.post(f"/reshipments/{number}/approve", {"estimate": "1730"})
    assert answer.status_code == 409
    assert "was changed meanwhile" in answer.text
    assert "$99.00" in answer.text
    assert await busy_console.traces(TABLES) == before


async def test_what_the_wallet_does_not_cover_is_refused_on_the_page(busy_console, member, bench):
    number = await asked(bench, "DEAR-1")
    await bench.quote(number, fee_minor=9_000_000)
    page = await member.page(f"/reshipments/{number}")
    assert "Ask whoever looks after money to top it up." in " ".join(page.texts)
    answer = await member.post(f"/reshipments/{number}/approve", {"estimate": "9000000"})
    assert answer.status_code == 402
    assert (await bench.get(number)).status is Status.PENDING


async def test_a_declined_estimate_is_approved_after_all_or_deleted(bench, member):
    kept, gone = await asked(bench, "DECLINE-1"), await asked(bench, "DECLINE-2")
    for number in (kept, gone):
        await member.page(f"/reshipments/{number}")
        page = await member.page(await member.does(f"/reshipments/{number}/decline", {"estimate": "1730"}))
        assert "Declined" in page.texts
        assert any(text.startswith("Approve after all") for text in page.texts)
    await member.does(f"/reshipments/{kept}/approve", {"estimate": "1730"})
    assert (await bench.get(kept)).status is Status.APPROVED
    await member.does(f"/reshipments/{gone}/delete")
    assert (await member.get(f"/reshipments/{gone}")).status_code == 404
    assert (await member.post(f"/reshipments/{gone}/delete")).status_code == 404


async def test_a_sent_parcel_is_followed(busy_console, bench, member):
    number = int(busy_console.ids["ours"]["sent"])
    one = await bench.get(number)
    page = await member.page(f"/reshipments/{number}")
    assert {"Sent", one.tracking_number, "Charged"} <= set(page.texts)
    await bench.scan_onward(one, Tracking.IN_TRANSIT, at=bench.now + timedelta(hours=1))
    assert {"On its way", "Scanned"} <= set((await member.page(f"/reshipments/{number}")).texts)


async def test_who_may_only_read_is_refused_and_strangers_find_nothing(busy_console, bench):
    number = await asked(bench, "RIGHTS-1")
    viewer, stranger = await busy_console.kept("viewer"), await busy_console.kept("stranger")
    await viewer.page(f"/reshipments/{number}")
    await stranger.page("/reshipments")
    before = await busy_console.traces(TABLES)
    for verb in ("approve", "decline", "delete"):
        assert (await viewer.post(f"/reshipments/{number}/{verb}", {"estimate": "1730"})).status_code == 403
        assert (await stranger.post(f"/reshipments/{number}/{verb}", {"estimate": "1730"})).status_code == 404
    assert await busy_console.traces(TABLES) == before
