"""The list of transfers in the browser: what it shows, what cuts it down, and what is done with many."""

import pytest

from backhaul.domain.transfers.model import Status
from tests.web.console.browse import Parsed
from tests.web.console.transfers.furnish import world_of

KINDS = ["lost", "deployment", "waived", "transfer"]  # what this area furnishes, newest first


async def links(browse, path):
    """The transfers a list leads to, newest first."""
    page = await browse.page(path)
    found = [link for link in page.links if link.startswith("/transfers/0")]
    return [link.removeprefix("/transfers/") for link in found]


async def furnished(console, browse, path):
    """Which of this area's transfers a list leads to; other areas have furnished their own."""
    names = {console.ids["ours"][name]: name for name in KINDS}
    return [names[one] for one in await links(browse, path) if one in names]


async def test_every_transfer_of_the_organization_is_listed_newest_first(console, browse):
    assert await furnished(console, browse, "/transfers") == KINDS
    assert not set(console.ids["theirs"].values()) & set(await links(browse, "/transfers"))


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("status=open", ["deployment", "waived", "transfer"]),
        ("status=trouble", ["lost"]),
        ("status=pending_device", ["waived"]),
        ("status=done", []),
        ("direction=deployment", ["deployment"]),
        ("leg=device", ["waived"]),
        ("carrier=FedEx&leg=device&status=open", ["waived"]),
        ("country=US&status=trouble", ["lost"]),
        ("country=DE", []),
        ("person=CHRISTOPHER@home.example", ["lost", "deployment", "waived", "transfer"]),
        ("from=2026-05-04&until=2026-05-04", ["lost", "deployment", "waived", "transfer"]),
        ("from=2026-05-05", []),
        ("until=2026-05-03", []),
        ("attention=1", ["lost"]),
        ("q=c02ours", ["transfer"]),
        ("q=help-ours", ["transfer"]),
        ("q=nobody", []),
        ("status=nonsense&direction=up&leg=onward&carrier=Snail&country=XX&from=soon&until=9999-12-31", None),
    ],
)
async def test_filters_stand_in_the_address(console, browse, query, kinds):
    assert await furnished(console, browse, f"/transfers?{query}") == (KINDS if kinds is None else kinds)


async def test_the_form_keeps_what_was_chosen_and_the_page_says_when_nothing_fits(console, browse):
    page = await browse.page("/transfers?q=%22%3E%3Cscript%3E&status=open&carrier=UPS&until=2026-05-04")
    assert "No transfer fits" in page.texts
    fields = {given["name"]: given for given in page.tags("input") if "name" in given}
    assert fields["q"]["value"] == '"><script>'
    assert fields["until"]["value"] == "2026-05-04"
    assert [one["value"] for one in page.tags("option") if "selected" in one] == ["open", "UPS"]


async def test_an_organization_without_transfers_is_told_how_to_begin(console, visitors):
    free = await visitors(console, "free")
    page = await free.page("/transfers")
    assert "Order the first transfer" in page.texts
    assert "/transfers/new" in page.links


async def test_pages_follow_each_other_without_gap_or_repeat(own_console, visitors):
    world = world_of(own_console, "owner")
    for _ in range(50):
        await world.place()
    browse = await visitors(own_console, "owner")
    first = await browse.page("/transfers?direction=return")
    (older,) = [given["href"] for given in first.tags("a") if given.get("rel") == "next"]
    assert older.startswith("/transfers?direction=return&before=")
    seen = await links(browse, "/transfers?direction=return")
    rest = await links(browse, older)
    total = await own_console.owner.fetchval(
        "SELECT count(*) FROM transfers WHERE org_id = $1 AND direction = 'return'", world.scope.org_id
    )
    assert (len(seen), len(rest), len(set(seen + rest))) == (50, total - 50, total)
    second = await browse.page(older)
    assert [given["href"] for given in second.tags("a") if given.get("rel") == "prev"] == [
        "/transfers?direction=return"
    ]


@pytest.mark.parametrize("before", ["x", "1.", "1.zz", "99999999999999999999.0", "-1"])
async def test_a_cursor_that_is_none_shows_the_first_page(console, browse, before):
    assert await furnished(console, browse, f"/transfers?before={before}") == KINDS


async def test_many_are_cancelled_after_asking_and_those_refused_are_listed_with_the_reason(
    own_console, visitors
):
    world = world_of(own_console, "owner")
    ids, theirs = own_console.ids["ours"], own_console.ids["theirs"]
    browse = await visitors(own_console, "owner")
    await browse.get("/transfers")
    chosen = [ids["transfer"], ids["deployment"], ids["lost"], theirs["transfer"], "x"]
    asked = await browse.post(
        "/transfers/many", {"do": "cancel", "ids": chosen, "back": "/transfers?status=open"}
    )
    assert asked.status_code == 200
    assert "Cancel 3 transfers" in asked.text
    assert theirs["transfer"] not in asked.text
    gone = "SELECT id::text FROM transfers WHERE status = 'cancelled' AND id::text = ANY ($1)"
    assert await own_console.owner.fetch(gone, chosen) == []
    done = await browse.post(
        "/transfers/many",
        {
            "do": "cancel",
            "sure": "1",
            "ids": chosen,
            "reason": "Never mind",
            "back": "/transfers?status=open",
        },
    )
    assert "2 transfers were cancelled." in done.text
    assert "The transfer is failed; it cannot cancel now." in done.text
    assert "1 transfer could not be found." in done.text
    assert 'href="/transfers?status=open"' in done.text
    rows = await own_console.owner.fetch(gone, chosen)
    assert {row["id"] for row in rows} == {ids["transfer"], ids["deployment"]}
    await world.settle()
    again = await browse.post(
        "/transfers/many", {"do": "cancel", "sure": "1", "ids": chosen, "back": "/transfers"}
    )
    assert "0 transfers were cancelled." in again.text


async def test_reminders_of_many_are_switched_off_and_on_again(own_console, visitors):
    ids = own_console.ids["ours"]
    browse = await visitors(own_console, "member")
    await browse.get("/transfers")
    done = await browse.post(
        "/transfers/many", {"do": "mute", "ids": [ids["transfer"], ids["waived"]], "back": "//evil.example"}
    )
    assert "2 transfers were muted." in done.text
    assert "evil.example" not in done.text
    muted = "SELECT count(*) FROM transfers WHERE is_muted AND id::text = ANY ($1)"
    chosen = [ids["transfer"], ids["waived"]]
    assert await own_console.owner.fetchval(muted, chosen) == 2
    await browse.post("/transfers/many", {"do": "unmute", "ids": [ids["transfer"], ids["waived"]]})
    assert await own_console.owner.fetchval(muted, chosen) == 0


async def test_nothing_ticked_says_so(console, browse):
    await browse.get("/transfers")
    for fields in ({"do": "cancel"}, {"do": "explode", "ids": [console.ids["ours"]["transfer"]]}):
        answer = await browse.post("/transfers/many", {**fields, "back": "/transfers?q=a"})
        assert answer.headers["location"] == "/transfers?q=a&notice=transfers.none_chosen"


async def test_more_than_200_are_refused_and_nothing_is_done(console, browse):
    await browse.get("/transfers")
    many = [f"019a0000-0000-7000-8000-{n:012x}" for n in range(200)] + [console.ids["ours"]["transfer"]]
    answer = await browse.post("/transfers/many", {"do": "mute", "ids": many})
    assert answer.status_code == 422
    assert "At most 200 transfers are worked on at once." in answer.text
    muted = "SELECT is_muted FROM transfers WHERE id::text = $1"
    assert await console.owner.fetchval(muted, console.ids["ours"]["transfer"]) is False


async def test_a_refused_bulk_action_keeps_the_filter_it_was_sent_from(console, browse):
    await browse.get("/transfers")
    many = [f"019a0000-0000-7000-8000-{n:012x}" for n in range(201)]
    back = "/transfers?q=christopher&status=trouble"
    answer = await browse.post("/transfers/many", {"do": "mute", "ids": many, "back": back})
    assert answer.status_code == 422
    page = Parsed(answer.text)
    ids = console.ids["ours"]
    assert {f"/transfers/{ids['lost']}"} == {f"/transfers/{ids[name]}" for name in KINDS} & set(page.links)
    (search,) = [
        given for given in page.tags("input") if given.get("name") == "q" and given["id"] != "search"
    ]
    assert search["value"] == "christopher"
    kept = [given["value"] for given in page.tags("input") if given.get("name") == "back"]
    assert set(kept) == {back}


async def test_a_viewer_looks_and_changes_nothing(console, visitors):
    viewer = await visitors(console, "viewer")
    page = await viewer.page("/transfers")
    assert "/transfers/many" not in page.posts
    assert "/transfers/new" not in page.links
    ids = [console.ids["ours"]["transfer"]]
    assert (await viewer.post("/transfers/many", {"do": "mute", "ids": ids})).status_code == 403
    muted = "SELECT is_muted FROM transfers WHERE id::text = $1"
    assert await console.owner.fetchval(muted, console.ids["ours"]["transfer"]) is False


def test_every_status_has_words_and_a_tone_of_the_style_sheet():
    from backhaul.domain.radar import ExceptionKind
    from backhaul.domain.shipping.model import PickupStatus, Tracking
    from backhaul.web.console.transfers import words

    assert set(words.STATUSES) == set(words.STATUS_TONES) == set(Status)
    assert set(words.TRACKING) == set(words.TRACKING_TONES) == set(Tracking)
    assert set(words.PICKUPS) == set(PickupStatus)
    assert set(words.EXCEPTIONS) == {kind.value for kind in ExceptionKind}
    grouped = [status for _, statuses in words.GROUPS.values() for status in statuses]
    assert sorted(grouped) == sorted(Status)
