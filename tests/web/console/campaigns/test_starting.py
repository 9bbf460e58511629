"""A campaign that waits for its day says so, and is started or moved from its page."""

from backhaul.domain.recovery import get_campaign
from tests.domain.recovery.desk import Desk
from tests.web.console.campaigns.test_campaigns import made
from tests.web.console.transfers.furnish import world_of

TRACED = ("recovery_campaigns", "recovery_cases", "history", "outbox")


async def test_it_says_when_it_starts_and_is_moved_and_started(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/campaigns/{await made(own_console, browse)}"
    page = await browse.page(path)
    assert {"Starts on", "1 Jun 2026"} <= set(page.texts)
    assert page.forms.count(("post", f"{path}/start")) == 2
    desk = Desk(world_of(own_console, "owner"))
    found = await get_campaign(desk.db, actor=desk.actor, number=path.rsplit("/", 1)[-1])
    case = await desk.add(campaign=found.campaign)
    shown = await browse.page(f"/cases/{case.public_number}")
    told = {"Waits for the start", "Nothing is sent before the campaign starts on", "1 Jun 2026"}
    assert told <= set(shown.texts)
    assert not {one for one in shown.posts if one.endswith(("/remind", "/link", "/send"))}

    page = await browse.page(await browse.does(f"{path}/start", {"starts_on": "2026-06-20"}))
    assert {
        "The campaign starts on another day. Nothing is sent before.", "20 Jun 2026", "Start changed",
    } <= set(page.texts)  # fmt: skip
    page = await browse.page(await browse.does(f"{path}/start"))
    assert "The campaign has started. Whoever waited is asked now." in page.texts
    assert f"{path}/start" not in page.posts


async def test_what_cannot_be_and_who_may_not_is_refused_without_a_trace(own_console, visitors):
    browse, viewer = await visitors(own_console, "member"), await visitors(own_console, "viewer")
    path = f"/campaigns/{await made(own_console, browse)}"
    before = await own_console.traces(TRACED)
    for typed in ("soon", "2026-05-01", "2026-07-02"):
        answer = await browse.post(f"{path}/start", {"starts_on": typed})
        assert answer.status_code == 422
    assert f"{path}/start" not in (await viewer.page(path)).posts
    assert (await viewer.post(f"{path}/start")).status_code == 403
    begun = f"/campaigns/{own_console.ids['ours']['campaign']}"
    answer = await browse.post(f"{begun}/start", {"starts_on": "2026-06-20"})
    assert (answer.status_code, "so its start stays" in answer.text) == (409, True)
    assert await own_console.traces(TRACED) == before
