"""Legal holds: placed, and released by two people."""

from backhaul.domain.holds import get_hold

TRACED = ("holds", "hold_subjects", "hold_releases", "assets", "history", "outbox")
NEW = {"summary": "Case 12", "description": "Keep everything.", "assets": "", "people": "", "cases": ""}


async def test_holds_are_listed_with_the_release_that_waits(console, browse):
    page = await browse.page("/holds")
    assert {"Smith v. Maas", "On hold", "Release asked for"} <= set(page.texts)
    assert "Smith v. Maas" in (await browse.page("/holds?state=active&q=SMITH")).texts
    assert "No hold fits" in (await browse.page("/holds?state=over")).texts


async def test_a_hold_is_placed_on_a_device_a_person_and_a_case(own_console, visitors):
    browse, ids = await visitors(own_console, "admin"), own_console.ids["ours"]
    page = await browse.page(f"/holds/new?case={ids['case']}&person=cara@ours.example")
    assert {ids["case"], "cara@ours.example"} <= set(page.texts)
    fields = {**NEW, "assets": "ours-PHONE", "people": "cara@ours.example", "cases": ids["case"]}
    page = await browse.page(await browse.does("/holds", fields))
    assert {"Case 12", "ours-PHONE", "ours-CARA", "Cara Stone", ids["case"], "What it blocks"} <= set(
        page.texts
    )


async def test_what_cannot_be_held_is_said_beside_its_field(own_console, visitors):
    browse = await visitors(own_console, "admin")
    await browse.page("/holds/new")
    before = await own_console.traces(TRACED)
    for fields, field in (
        ({}, "assets"),
        ({"assets": "ours-PHONE\ntheirs-PHONE"}, "assets"),
        ({"people": "stranger@nowhere.example"}, "people"),
        ({"cases": "C-1", "summary": " "}, "summary"),
        ({"cases": "C-1\nC-1"}, "cases"),
    ):
        answer = await browse.post("/holds", {**NEW, **fields})
        assert (answer.status_code, f'id="{field}-problem"' in answer.text) == (422, True), field
    assert (
        "“theirs-PHONE” must be the serial number"
        in (await browse.post("/holds", {**NEW, "assets": "ours-PHONE\ntheirs-PHONE"})).text
    )
    assert await own_console.traces(TRACED) == before


async def test_a_release_takes_two_people(own_console, visitors):
    owner, admin = await visitors(own_console, "owner"), await visitors(own_console, "admin")
    path = f"/holds/{own_console.ids['ours']['hold']}"
    hold = await get_hold(
        own_console.db, actor=own_console.actors["owner"], hold=int(own_console.ids["ours"]["hold"])
    )
    release = f"{path}/releases/{hold.releases[0].number}"
    page = await owner.page(path)
    assert (f"{release}/withdraw" in page.posts, f"{release}/approve" in page.posts) == (True, False)
    before = await own_console.traces(TRACED)
    answer = await owner.post(f"{release}/approve")
    assert (answer.status_code, "Another person has to decide on it" in answer.text) == (409, True)
    page = await admin.page(path)
    assert {f"{release}/approve", f"{release}/refuse"} <= page.posts
    assert (await admin.post(f"{release}/withdraw", {"reason": "No."})).status_code == 409
    assert (await admin.post(f"{release}/refuse")).status_code == 422
    assert (await admin.post(f"{path}/releases/999999/approve")).status_code == 404
    assert await own_console.traces(TRACED) == before
    page = await admin.page(await admin.does(f"{release}/refuse", {"reason": "Not yet."}))
    assert {"The release is refused. The hold goes on.", "“Not yet.”"} <= set(page.texts)
    await owner.page(path)
    fields = {"summary": "Settled", "description": "Really."}
    assert (await owner.post(f"{path}/releases", {"summary": "", "description": ""})).status_code == 422
    page = await owner.page(await owner.does(f"{path}/releases", fields))
    assert "Waits for a second person" in page.texts
    again = await get_hold(own_console.db, actor=own_console.actors["owner"], hold=hold.hold.number)
    where = await admin.does(f"{path}/releases/{again.releases[-1].number}/approve")
    assert {"The release is approved. What no other hold covers is free again.", "Released"} <= set(
        (await admin.page(where)).texts
    )
    over = await admin.post(f"{path}/releases/{again.releases[-1].number}/approve")
    assert over.status_code == 409


async def test_members_and_strangers_release_nothing(own_console, visitors):
    viewer, stranger = await visitors(own_console, "viewer"), await visitors(own_console, "stranger")
    path = f"/holds/{own_console.ids['ours']['hold']}"
    await viewer.get("/holds")
    await stranger.page("/holds")
    before = await own_console.traces(TRACED)
    for target in ("/holds", f"{path}/releases", f"{path}/releases/1/approve", f"{path}/releases/1/refuse"):
        assert (await viewer.post(target, NEW)).status_code == 403, target
    for target in (f"{path}/releases", f"{path}/releases/1/approve", f"{path}/releases/1/withdraw"):
        assert (await stranger.post(target, {**NEW, "reason": "x"})).status_code == 404, target
    assert await own_console.traces(TRACED) == before
