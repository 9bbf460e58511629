"""The radar in the browser: what needs somebody, whose it is, and taking care of it."""

from datetime import timedelta

import pytest

from backhaul.domain.radar import ClosedBecause, ExceptionKind
from backhaul.domain.radar.model import SuggestedAction
from backhaul.web.console.transfers import words

TRACED = ("parcel_exceptions", "outbox")


async def listed(browse, query=""):
    page = await browse.page(f"/exceptions{query}")
    return [link for link in page.links if link.startswith("/exceptions/") and link != "/exceptions/many"]


async def test_what_needs_somebody_is_listed_with_what_to_do(console, browse):
    number = console.ids["ours"]["exception"]
    page = await browse.page("/exceptions")
    assert {
        "Box undeliverable",
        "Find out what went wrong with the receiver, and order the transfer again.",
        console.emails["owner"],
    } <= set(page.texts)
    assert f"/exceptions/{number}" in await listed(browse)
    assert f"/transfers/{console.ids['ours']['lost']}" in page.links


@pytest.mark.parametrize(
    ("query", "is_shown"),
    [
        ("?kind=box_undeliverable", True),
        ("?kind=no_movement", False),
        ("?owner=OWNER@console.example", True),
        ("?owner=member@console.example", False),
        ("?state=quiet", False),
        ("?state=closed", False),
        ("?state=all", True),
        ("?state=x&kind=y&before=z", True),
        ("?before=1", False),
    ],
)
async def test_filters_stand_in_the_address(console, browse, query, is_shown):
    path = f"/exceptions/{console.ids['ours']['exception']}"
    assert (path in await listed(browse, query)) is is_shown


async def test_every_kind_and_every_end_has_its_words():
    assert set(words.EXCEPTIONS) == {kind.value for kind in ExceptionKind}
    assert set(words.CLOSED) == {because.value for because in ClosedBecause}
    assert all(action.sentence.endswith(".") for action in SuggestedAction)


async def test_a_second_box_that_nobody_needs_is_listed_as_one(own_console, visitors):
    browse = await visitors(own_console, "owner")
    number = own_console.ids["ours"]["exception"]
    turned = """
        UPDATE parcel_exceptions SET kind = 'box_not_needed', suggested_action = 'tell_receiver' WHERE number::text = $1
    """
    assert await own_console.owner.execute(turned, number) == "UPDATE 1"
    sentence = (
        "Tell the receiver that the second box is not needed. If it stays with them, "
        "mark its transfer as not returned."
    )
    for path in ("/exceptions?kind=box_not_needed", f"/exceptions/{number}"):
        assert sentence in (await browse.page(path)).texts
    page = await browse.page("/exceptions?kind=box_not_needed")
    assert "Second box not needed" in page.texts
    assert f"/exceptions/{number}" in page.links
    assert f"/exceptions/{number}" not in await listed(browse, "?kind=box_undeliverable")


async def test_an_exception_is_taken_up_with_a_note_and_goes_to_the_quiet_ones(own_console, visitors):
    browse = await visitors(own_console, "member")
    number = own_console.ids["ours"]["exception"]
    path = f"/exceptions/{number}"
    await browse.get(path)
    refused = await browse.post(f"{path}/acknowledge", {"note": "x" * 2001})
    assert (refused.status_code, 'id="note-problem"' in refused.text) == (422, True)
    where = await browse.does(f"{path}/acknowledge", {"note": "I called them."})
    assert where == f"{path}?notice=exceptions.closed"  # its transfer has failed: nothing follows by itself
    page = await browse.page(where)
    assert {"“I called them.” Closed: somebody took care of it.", "Closed"} <= set(page.texts)
    assert path not in await listed(browse)
    assert path in await listed(browse, "?state=closed")
    again = await browse.post(f"{path}/acknowledge", {"note": "More"})
    assert again.status_code == 409
    assert "It needs nobody any more." in again.text


async def test_an_exception_is_given_to_a_member_and_to_nobody_else(own_console, visitors):
    browse = await visitors(own_console, "owner")
    path = f"/exceptions/{own_console.ids['ours']['exception']}"
    page = await browse.page(path)
    assert "Make it mine" not in page.texts
    for stranger in ("nobody@example.com", own_console.emails["stranger"], ""):
        answer = await browse.post(f"{path}/assign", {"owner": stranger})
        assert (answer.status_code, 'id="owner-problem"' in answer.text) == (422, True), stranger
    await browse.does(f"{path}/assign", {"owner": own_console.emails["member"]})
    page = await browse.page(path)
    assert f"{own_console.emails['owner']} → {own_console.emails['member']}" in page.texts
    assert "Make it mine" in page.texts


async def test_many_are_taken_and_those_refused_are_listed(own_console, visitors):
    browse = await visitors(own_console, "member")
    ours, theirs = own_console.ids["ours"]["exception"], own_console.ids["theirs"]["exception"]
    await browse.get("/exceptions")
    done = await browse.post(
        "/exceptions/many", {"do": "take", "ids": [ours, theirs, "x"], "back": "/exceptions"}
    )
    assert "1 exception is yours now." in done.text
    assert f"There is no parcel exception {theirs}." in done.text
    owners = "SELECT owner_email FROM parcel_exceptions WHERE number::text = ANY ($1) ORDER BY number"
    assert [row["owner_email"] for row in await own_console.owner.fetch(owners, [ours, theirs])] == [
        own_console.emails["member"], own_console.emails["stranger"],
    ]  # fmt: skip
    done = await browse.post(
        "/exceptions/many", {"do": "acknowledge", "ids": [ours], "back": "//evil.example"}
    )
    assert "1 exception is taken care of now." in done.text
    assert "evil.example" not in done.text
    nothing = await browse.post("/exceptions/many", {"do": "acknowledge", "back": "/exceptions?kind=x"})
    assert nothing.headers["location"] == "/exceptions?kind=x&notice=exceptions.none_chosen"


async def test_when_nothing_needs_anybody_the_page_says_so(console, visitors):
    free = await visitors(console, "free")
    assert "Nothing needs you" in (await free.page("/exceptions")).texts


@pytest.mark.parametrize("number", ["0", "x", "-1", "9" * 30, "1.5", "９"])
async def test_what_is_no_number_is_not_there(browse, number):
    assert (await browse.get(f"/exceptions/{number}")).status_code == 404


async def test_viewers_and_strangers_change_nothing(console, visitors):
    path = f"/exceptions/{console.ids['ours']['exception']}"
    before = await console.traces(TRACED)
    for name, status in (("viewer", 403), ("stranger", 404)):
        browse = await visitors(console, name)
        await browse.get("/exceptions")
        for below, fields in (
            ("acknowledge", {}),
            ("assign", {"owner": console.emails[name]}),
            ("snooze", {"until": day_of(console, 1)}),
            ("wake", {}),
        ):
            assert (await browse.post(f"{path}/{below}", fields)).status_code == status, (name, below)
    viewer = await visitors(console, "viewer")
    assert (await viewer.post("/exceptions/many", {"do": "take", "ids": ["1"]})).status_code == 403
    page = await viewer.page(path)
    assert not [post for post in page.posts if post.startswith("/exceptions")]
    assert await console.traces(TRACED) == before


async def test_a_note_is_shown_as_it_was_written(own_console, visitors):
    browse = await visitors(own_console, "owner")
    path = f"/exceptions/{own_console.ids['ours']['exception']}"
    await browse.get(path)
    await browse.does(f"{path}/acknowledge", {"note": "<script>alert(1)</script>"})
    answer = await browse.get(path)
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


async def test_an_exception_is_put_off_comes_back_by_itself_and_can_be_woken(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/exceptions/{own_console.ids['ours']['exception']}"
    assert path in await listed(browse)
    before = await own_console.traces(TRACED)
    await browse.get(path)
    for wrong, said in (
        ("", "Must be a day, such as 2030-01-31."),
        ("soon", "Must be a day, such as 2030-01-31."),
        (day_of(own_console, 0), "Must be a day to come, at most 90 days ahead."),
        (day_of(own_console, -1), "Must be a day to come, at most 90 days ahead."),
        (day_of(own_console, 91), "Must be a day to come, at most 90 days ahead."),
    ):
        refused = await browse.post(f"{path}/snooze", {"until": wrong})
        assert (refused.status_code, f'id="until-problem">{said}' in refused.text) == (422, True), wrong
    assert await own_console.traces(TRACED) == before
    for _ in range(2):
        where = await browse.does(f"{path}/snooze", {"until": day_of(own_console, 2)})
    page = await browse.page(where)
    assert {"It is put off: it comes back by itself on that day.", "Undo", "Wake it now"} <= set(page.texts)
    assert f"{path}/wake" in page.posts
    assert page.texts.count("by member@console.example") == 1  # the second form changed nothing
    assert path not in await listed(browse)
    assert path in await listed(browse, "?state=snoozed")
    assert "parcel needs somebody" not in (await browse.page("/")).texts
    assert "It needs somebody now." in (await browse.page(await browse.does(f"{path}/wake"))).texts
    assert path in await listed(browse)
    await browse.does(f"{path}/snooze", {"until": day_of(own_console, 1)})
    own_console.clock.advance(timedelta(days=1))
    await browse.sign_in(own_console.emails["member"])
    assert path in await listed(browse)
    assert path not in await listed(browse, "?state=snoozed")


def day_of(console, days):
    """A day from today on, in UTC."""
    return (console.clock.now() + timedelta(days=days)).date().isoformat()


async def test_ticked_exceptions_are_put_off_together(own_console, visitors):
    browse = await visitors(own_console, "member")
    ours, theirs = own_console.ids["ours"]["exception"], own_console.ids["theirs"]["exception"]
    await browse.get("/exceptions")
    fields = {"do": "snooze", "ids": [ours, theirs], "back": "/exceptions"}
    nothing = await browse.post("/exceptions/many", {**fields, "days": "4000"})
    assert nothing.headers["location"] == "/exceptions?notice=exceptions.none_chosen"
    done = await browse.post("/exceptions/many", {**fields, "days": "7"})
    assert "1 exception is put off now." in done.text
    assert f"There is no parcel exception {theirs}." in done.text
    until = "SELECT snoozed_until FROM parcel_exceptions WHERE number::text = $1"
    midnight = own_console.clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    assert await own_console.owner.fetchval(until, ours) == midnight + timedelta(days=7)
    assert await own_console.owner.fetchval(until, theirs) is None
