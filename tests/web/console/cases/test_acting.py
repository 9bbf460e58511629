"""What can be done with one case and with many, and what is refused."""

import re
from urllib.parse import urlsplit

from backhaul.domain.recovery import get_case
from backhaul.domain.recovery.person import follow
from tests.web.console.browse import Parsed
from tests.web.console.transfers.furnish import world_of

TRACED = (
    "recovery_cases", "recovery_items", "recovery_contacts", "recovery_links", "recovery_reminders", "transfers",
    "history", "outbox",
)  # fmt: skip
ACTIONS = ("send", "remind", "mute", "unmute", "items/1", "close", "diagnose", "link", "links/revoke")


async def detail_of(console, name):
    found = await get_case(console.db, actor=console.actors["owner"], ref=console.ids["ours"][name])
    return found.detail


async def test_somebody_is_sent_a_label_reminded_muted_and_unmuted(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/cases/{own_console.ids['ours']['asking_case']}"
    page = await browse.page(path)
    assert {f"{path}/send", f"{path}/remind", f"{path}/mute", f"{path}/close"} <= page.posts
    assert (await browse.post(f"{path}/send", {"choice": "drone"})).status_code == 422
    page = await browse.page(await browse.does(f"{path}/send", {"choice": "label"}))
    assert "It is ordered. The parcels show up here in a moment." in page.texts
    await world_of(own_console, "owner").settle()
    detail = await detail_of(own_console, "asking_case")
    assert [parcel.is_box_waived for parcel in detail.parcels] == [True] * len(detail.parcels)
    assert detail.parcels
    assert (await browse.post(f"{path}/send", {"choice": "kit"})).status_code == 409
    page = await browse.page(await browse.does(f"{path}/remind"))
    assert "by hand" in page.texts
    again = await browse.post(f"{path}/remind")
    assert (again.status_code, "by hand today already" in again.text) == (409, True)
    page = await browse.page(await browse.does(f"{path}/mute"))
    assert {"Reminders are muted.", "Undo"} <= set(page.texts)
    assert f"{path}/unmute" in page.posts
    assert "Reminders are on." in (await browse.page(await browse.does(f"{path}/unmute"))).texts


async def test_an_item_is_settled_with_evidence_and_the_case_closed(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/cases/{own_console.ids['ours']['asking_case']}"
    await browse.page(path)
    before = await own_console.traces(TRACED)
    for fields, field in (
        ({"outcome-1": ""}, "outcome-1"),
        ({"outcome-1": "partly_returned", "outstanding-1": ""}, "outstanding-1"),
        ({"outcome-1": "lost", "reason-1": "x" * 1001}, "reason-1"),
    ):
        answer = await browse.post(f"{path}/items/1", fields)
        assert (answer.status_code, f'id="{field}-problem"' in answer.text) == (422, True), field
    assert (await browse.post(f"{path}/items/9", {"outcome-9": "lost"})).status_code == 404
    assert (await browse.post(f"{path}/items/x", {"outcome-x": "lost"})).status_code == 404
    assert await own_console.traces(TRACED) == before
    fields = {"outcome-1": "lost", "reason-1": "On a train.", "evidence-1": "Police report 7"}
    page = await browse.page(await browse.does(f"{path}/items/1", fields))
    assert {"What became of the item is written down.", "Lost", "Item: lost"} <= set(page.texts)
    page = await browse.page(await browse.does(f"{path}/close", {"outcome-all": "written_off"}))
    assert {"Written off", "How it ended", "by member@console.example"} <= set(page.texts)
    items = (await detail_of(own_console, "asking_case")).items
    assert [(item.outcome.value, item.ending.evidence) for item in items] == [
        ("lost", {"note": "Police report 7"}),
        ("written_off", {}),
    ]
    page = await browse.page(await browse.does(f"{path}/diagnose"))
    assert "The devices are noted as inspected." in page.texts


async def test_what_is_on_legal_hold_is_not_given_up(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/cases/{own_console.ids['ours']['held_case']}"
    page = await browse.page(path)
    assert "On legal hold:" in page.texts
    before = await own_console.traces(TRACED)
    answer = await browse.post(f"{path}/close", {"outcome-all": "lost"})
    assert (answer.status_code, "is on legal hold" in answer.text) == (409, True)
    assert await own_console.traces(TRACED) == before


async def test_a_link_is_shown_once_works_and_is_revoked(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/cases/{own_console.ids['ours']['case']}"
    await browse.page(path)
    answer = await browse.post(f"{path}/link")
    (url,) = re.findall(r'<code id="link">([^<]+)</code>', answer.text)
    token = urlsplit(url).path.rpartition("/")[2]
    assert await follow(own_console.db, token=token, now=own_console.clock.now())
    assert token not in (await browse.get(path)).text
    page = await browse.page(await browse.does(f"{path}/links/revoke"))
    assert "No link to the person's page works any more." in page.texts
    assert f"{path}/links/revoke" not in page.posts


async def test_many_are_muted_reminded_sent_and_closed_and_refusals_are_named(own_console, visitors):
    browse = await visitors(own_console, "member")
    await browse.page("/cases")
    codes = [(await detail_of(own_console, name)).case.code for name in ("asking_case", "ended_case")]
    theirs = own_console.ids["theirs"]["code"]

    async def do(wish, **more):
        answer = await browse.post(
            "/cases/many", {"do": wish, "ids": [*codes, theirs], "back": "/cases?q=x", **more}
        )
        assert answer.status_code == 200
        return Parsed(answer.text)

    page = await do("mute")
    assert "2 cases are muted." in page.texts
    assert {"1 was refused", f"There is no recovery {theirs}.", "Undo"} <= set(page.texts)
    assert "/cases?q=x" in page.links
    await do("unmute")
    assert "1 case was reminded." in (await do("remind")).texts
    assert "1 case is sent a box." in (await do("kit")).texts
    asked = await do("close")
    assert "Close 3 cases" in asked.texts
    assert (await detail_of(own_console, "asking_case")).case.outcome is None
    assert "1 case is closed." in (await do("close", outcome="cancelled", sure="1", reason="Over.")).texts
    assert (await detail_of(own_console, "asking_case")).case.outcome.value == "cancelled"
    none = await browse.does("/cases/many", {"do": "mute", "back": "https://evil.example"})
    assert none == "/cases?notice=cases.none_chosen"


async def test_who_may_not_and_what_is_not_theirs_is_refused_without_a_trace(own_console, visitors):
    viewer, member = await visitors(own_console, "viewer"), await visitors(own_console, "member")
    ours, theirs = own_console.ids["ours"]["asking_case"], own_console.ids["theirs"]["asking_case"]
    await viewer.page(f"/cases/{ours}")
    await member.page("/cases")
    before = await own_console.traces(TRACED)
    fields = {"choice": "kit", "outcome-1": "lost", "outcome-all": "lost"}
    for action in ACTIONS:
        assert (await viewer.post(f"/cases/{ours}/{action}", fields)).status_code == 403, action
        assert (await member.post(f"/cases/{theirs}/{action}", fields)).status_code == 404, action
    assert (await viewer.post("/cases/many", {"do": "mute", "ids": ours})).status_code == 403
    assert await own_console.traces(TRACED) == before
