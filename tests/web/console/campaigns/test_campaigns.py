"""Campaigns in the console: listed, made, looked at, changed, completed."""

import pytest

from backhaul.domain.directory.places import list_addresses
from backhaul.domain.recovery import Outcome, close_case, get_campaign
from tests.domain.recovery.desk import Desk
from tests.web.console.browse import Parsed
from tests.web.console.transfers.furnish import world_of

NEW = {
    "name": "Summer refresh", "starts_on": "2026-06-01", "deadline_on": "2026-07-01", "owner_email": "",
    "country_code": "US", "ladder": "", "units": "imperial", "places": "1", "boxes": "1", "do": "create",
    "box-1-1-device": "Laptop", "box-1-1-quantity": "1", "box-1-1-length": "16", "box-1-1-width": "12",
    "box-1-1-height": "4", "box-1-1-weight": "10",
}  # fmt: skip


def new(console, **more):
    return {**NEW, "place-1": console.ids["ours"]["location"], **more}


async def made(console, browse, **more):
    """The number of a campaign that was made by the form."""
    await browse.page("/campaigns/new")
    where = await browse.does("/campaigns/new", new(console, **more))
    assert where.endswith("/people?notice=campaigns.created")
    return where.split("/")[2]


async def test_campaigns_are_listed_with_what_became_of_their_people(console, browse):
    page = await browse.page("/campaigns")
    assert {"Spring refresh", "Autumn refresh", "Nobody in it yet", "0% of 4 people"} <= set(page.texts)
    assert [svg["aria-label"] for svg in page.tags("svg") if svg.get("class") == "meter"] == [
        "Of 4 people, 0 returned everything or a part"
    ]
    found = await browse.page("/campaigns?q=SPRING")
    assert ("Spring refresh" in found.texts, "Autumn refresh" in found.texts) == (True, False)
    assert "No campaign fits" in (await browse.page("/campaigns?overdue=1")).texts


async def test_a_campaign_shows_how_far_its_people_are_and_leads_to_each_stage(console, browse):
    path = f"/campaigns/{console.ids['ours']['campaign']}"
    page = await browse.page(path)
    assert "0 of 4 people returned their devices" in page.texts
    assert {f"{path}?stage=unsent", f"{path}?stage=box", f"{path}?stage=ended"} <= set(page.links)
    assert {
        "Kit Marlowe",
        "John Keeper",
        "Kept by the person",
        "Laptop, 1 in a box, 16 × 12 × 4 in, 10 lb",
    } <= set(page.texts)
    boxes = await browse.page(f"{path}?stage=box")
    assert ("Kit Marlowe" in boxes.texts, "John Keeper" in boxes.texts) == (True, False)
    assert "No case fits" in (await browse.page(f"{path}?country=DE")).texts


async def test_an_empty_campaign_says_what_to_do(console, browse):
    page = await browse.page(f"/campaigns/{console.ids['ours']['empty_campaign']}")
    assert "Nobody is in this campaign yet" in page.texts


async def test_a_campaign_is_made_with_its_addresses_and_boxes(own_console, visitors):
    browse = await visitors(own_console, "member")
    number = await made(
        own_console, browse, units="metric", **{"box-1-1-length": "40", "box-1-1-width": "30.5",
        "box-1-1-height": "10", "box-1-1-weight": "4.5"}, owner_email="admin@console.example",
    )  # fmt: skip
    found = await get_campaign(own_console.db, actor=own_console.actors["owner"], number=number)
    (place,) = found.campaign.return_addresses
    assert place.address.line_1 == "555 Nondescript Road"
    assert place.packages[0].size.width_mm == 305
    assert place.packages[0].size.weight_grams == 4500
    assert (found.campaign.owner_email, found.campaign.case_count) == ("admin@console.example", 0)


async def test_boxes_and_addresses_are_added_and_what_was_typed_stays(own_console, visitors):
    browse = await visitors(own_console, "member")
    await browse.page("/campaigns/new")
    typed = new(own_console, name="Typed before")
    box = Parsed((await browse.post("/campaigns/new", {**typed, "do": "box"})).text)
    place = Parsed((await browse.post("/campaigns/new", {**typed, "do": "place"})).text)
    for page, name in ((box, "box-1-2-device"), (place, "place-2")):
        assert name in page.ids
        assert {given.get("value") for given in page.tags("input") if given.get("name") == "name"} == {
            "Typed before"
        }


async def test_the_calendar_is_shown_before_anything_is_made(own_console, visitors):
    browse = await visitors(own_console, "member")
    await browse.page("/campaigns/new")
    before = await own_console.traces(("recovery_campaigns", "history"))
    answer = await browse.post("/campaigns/new", new(own_console, do="preview"))
    page = Parsed(answer.text)
    assert (answer.status_code, "3 days after the box or label arrived" in page.texts) == (200, True)
    assert await own_console.traces(("recovery_campaigns", "history")) == before


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "SPRING refresh"}, None),
        ({"starts_on": "soon"}, "starts_on"),
        ({"deadline_on": "2026-05-01"}, "deadline_on"),
        ({"owner_email": "stranger@console.example"}, "owner_email"),
        ({"helpdesk_email": "nowhere"}, "helpdesk_email"),
        ({"place-1": "999999"}, "place-1"),
        ({"box-1-1-length": "-4"}, "box-1-1-device"),
        ({"box-1-1-weight": "NaN"}, "box-1-1-device"),
        ({"box-1-1-quantity": "0"}, "box-1-1-device"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_made(own_console, visitors, more, field):
    browse = await visitors(own_console, "member")
    await browse.page("/campaigns/new")
    before = await own_console.traces(("recovery_campaigns", "history"))
    answer = await browse.post("/campaigns/new", new(own_console, description="Kept here", **more))
    assert answer.status_code == (409 if field is None else 422)
    assert field is None or f'id="{field}-problem"' in answer.text
    assert "Kept here" in answer.text
    assert await own_console.traces(("recovery_campaigns", "history")) == before


async def test_a_location_of_others_is_no_return_address(own_console, visitors):
    browse = await visitors(own_console, "member")
    await browse.page("/campaigns/new")
    theirs = own_console.ids["theirs"]["location"]
    answer = await browse.post("/campaigns/new", new(own_console, **{"place-1": theirs}))
    assert (answer.status_code, 'id="place-1-problem"' in answer.text) == (422, True)


async def test_a_campaign_is_changed_and_an_older_form_is_refused(own_console, visitors):
    browse = await visitors(own_console, "member")
    path = f"/campaigns/{own_console.ids['ours']['campaign']}"
    page = await browse.page(f"{path}/edit")
    (version,) = [given["value"] for given in page.tags("input") if given.get("name") == "version"]
    fields = {
        "version": version, "name": "Spring, longer", "deadline_on": "2026-08-01", "ladder": "built-in",
        "owner_email": "owner@console.example",
    }  # fmt: skip
    where = await browse.does(f"{path}/edit", fields)
    page = await browse.page(where)
    assert {"Spring, longer", "Campaign changed"} <= set(page.texts)
    answer = await browse.post(f"{path}/edit", {**fields, "name": "Mine"})
    assert (answer.status_code, "changed by somebody else meanwhile" in answer.text) == (409, True)


async def test_a_wrong_return_address_is_changed_for_what_is_sent_from_then_on(own_console, visitors):
    browse, ids = await visitors(own_console, "member"), own_console.ids["ours"]
    number = await made(own_console, browse, name="Elsewhere")
    path = f"/campaigns/{number}"
    fields = {
        "version": "1", "name": "Elsewhere", "ladder": "built-in", "owner_email": "owner@console.example",
    }  # fmt: skip
    theirs = own_console.ids["theirs"]["location"]
    for wrong, field in (({"place-1": theirs}, "place-1"), ({"phone-1": "call me"}, "phone-1")):
        answer = await browse.post(f"{path}/edit", {**fields, **wrong})
        assert (answer.status_code, f'id="{field}-problem"' in answer.text) == (422, True)
    fields |= {"place-1": ids["location"], "phone-1": "+1 775 555 0100"}
    await browse.page(await browse.does(f"{path}/edit", fields))
    found = await get_campaign(own_console.db, actor=own_console.actors["owner"], number=number)
    (place,) = found.campaign.return_addresses
    (depot,) = await list_addresses(own_console.db, actor=own_console.actors["owner"])
    assert (place.address, place.phone, found.campaign.version) == (depot.address, "+1 775 555 0100", 2)
    page = await browse.page(f"{path}/edit")
    assert {given.get("name"): given.get("value") for given in page.tags("input")}["phone-1"] == (
        "+1 775 555 0100"
    )


async def test_the_telephone_of_a_place_does_not_go_along_to_another(own_console, visitors):
    browse, ids = await visitors(own_console, "member"), own_console.ids["ours"]
    number = await made(own_console, browse, name="Moved")
    path = f"/campaigns/{number}/edit"
    fields = {"name": "Moved", "ladder": "built-in", "owner_email": "owner@console.example"}
    old, new = {"phone-1": "+1 775 555 0100"}, {"phone-1": "+1 775 555 0101"}

    async def phone(version, **more):
        await browse.page(await browse.does(path, {"version": str(version), **fields, **more}))
        found = await get_campaign(own_console.db, actor=own_console.actors["owner"], number=number)
        return found.campaign.return_addresses[0].phone

    there = {"place-1": ids["location"]}
    assert await phone(1, **old) == "+1 775 555 0100"
    assert await phone(2, **old, description="Longer") == "+1 775 555 0100"
    assert await phone(3, **old, **there) is None
    assert await phone(4, **new, **there) == "+1 775 555 0101"


async def test_a_campaign_is_completed_once_nothing_is_open(own_console, visitors):
    browse, ids = await visitors(own_console, "member"), own_console.ids["ours"]
    path = f"/campaigns/{ids['campaign']}"
    page = await browse.page(path)
    assert f"{path}/complete" not in page.posts
    assert (await browse.post(f"{path}/complete")).status_code == 409
    world = world_of(own_console, "owner")
    for name in ("case", "asking_case", "held_case"):
        await close_case(world.db, actor=world.actor, case=ids[name], outcome=Outcome.RETURNED, now=world.now)
    assert f"{path}/complete" in (await browse.page(path)).posts
    page = await browse.page(await browse.does(f"{path}/complete"))
    assert "The campaign is completed. Nobody can be added to it any more." in page.texts
    assert (await browse.post(f"{path}/complete")).status_code == 409


async def test_a_viewer_looks_and_may_change_nothing(own_console, visitors):
    browse, ids = await visitors(own_console, "viewer"), own_console.ids["ours"]
    path = f"/campaigns/{ids['campaign']}"
    await browse.page(path)
    before = await own_console.traces(("recovery_campaigns", "recovery_cases", "history"))
    for target in ("/campaigns/new", f"{path}/edit", f"{path}/complete", f"{path}/people"):
        assert (await browse.post(target, new(own_console))).status_code == 403, target
    assert await own_console.traces(("recovery_campaigns", "recovery_cases", "history")) == before


async def test_the_calendar_follows_what_is_assumed(console, browse):
    path = f"/campaigns/{console.ids['ours']['campaign']}/calendar"
    soon, late = await browse.page(f"{path}?box=1"), await browse.page(f"{path}?box=8")
    assert "8 May 2026" in soon.texts
    assert "8 May 2026" not in late.texts
    assert "21 May 2026" in late.texts


async def test_the_export_has_the_filtered_cases_and_no_formulas(own_console, visitors):
    world = world_of(own_console, "owner")
    desk = Desk(world)
    number = own_console.ids["ours"]["campaign"]
    campaign = (await get_campaign(world.db, actor=world.actor, number=number)).campaign
    await desk.add(campaign=campaign, first_name="=HYPERLINK(1)", email="evil@home.example")
    browse = await visitors(own_console, "viewer")
    answer = await browse.get(f"/campaigns/{number}/export?stage=unsent&q=evil")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    header, row = answer.text.splitlines()
    assert header.startswith("case,code,campaign,first_name")
    assert ",'=HYPERLINK(1)," in row
    theirs = own_console.ids["theirs"]["campaign"]
    assert (await browse.get(f"/campaigns/{theirs}/export")).status_code == 404
