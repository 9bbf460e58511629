"""Several assets changed together: what Enter means, what is never meant, and the way back."""

import pytest

from backhaul.domain.inventory.model import AssetPatch
from backhaul.domain.inventory.operations import change_asset
from tests.web.console.browse import Parsed
from tests.web.console.inventory.test_listing import asset, public

CHANGE, UNDO = "/assets/change", "/assets/change/undo"
TRACED = ("assets", "history", "outbox", "locations", "custody_events")


async def ticked(console):
    return [await public(console, serial) for serial in ("ours-LAPTOP", "ours-PHONE")]


def hidden(answer, *names):
    """What the page's form sends back of these names."""
    given = [one for one in Parsed(answer.text).tags("input") if one.get("name") in names]
    return {name: [one["value"] for one in given if one["name"] == name] for name in names}


WAS = ("was_number", "was_version", "was_status", "was_location", "back")


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"do": "location"}, "location_name", "Choose a location first; “Clear location” takes it away."),
        ({"do": "location", "location_name": "  "}, "location_name", "Choose a location first"),
        ({"do": ""}, "status_name", "Or a location must be chosen first."),
        ({}, "status_name", "Or a location must be chosen first."),
        (
            {"do": "", "status_name": "Retired", "location_name": "Attic"},
            "status_name",
            "Is chosen beside a location: press the button of the one you mean.",
        ),
    ],
)
async def test_what_says_nothing_or_two_things_is_refused_and_changes_nothing(
    console, browse, fields, field, said
):
    await browse.page("/assets")
    before = await console.traces(TRACED)
    answer = await browse.post(CHANGE, {**fields, "ids": await ticked(console)})
    assert (answer.status_code, said in answer.text) == (422, True)
    assert f'href="#{field}"' in answer.text
    assert await console.traces(TRACED) == before


async def test_enter_in_a_field_does_what_the_field_says(own_console, visitors):
    browse = await visitors(own_console, "member")
    page = await browse.page("/assets")
    # Without scripts, Enter presses the first button that belongs to the form.
    first = next(one for one in page.tags("button") if one.get("name") == "do")
    assert (first["value"], first["tabindex"], first["aria-hidden"]) == ("", "-1", "true")
    ids = await ticked(own_console)
    typed = {"do": first["value"], "status_name": "", "location_name": "Attic", "ids": ids}
    answer = await browse.post(CHANGE, typed)
    assert "2 devices have “Attic” now." in answer.text
    for serial, status in (("ours-LAPTOP", "In Use"), ("ours-PHONE", "Available")):
        found = await asset(own_console, serial)
        assert (found.location.name, found.status.name) == ("Attic", status)


async def test_a_location_is_taken_away_by_its_own_button_and_undone(own_console, visitors):
    browse = await visitors(own_console, "member")
    await browse.page("/assets")
    ids = await ticked(own_console)
    await browse.post(CHANGE, {"do": "location", "location_name": "Depot", "ids": ids[:1]})
    await browse.post(CHANGE, {"do": "location", "location_name": "Attic", "ids": ids[1:]})
    answer = await browse.post(CHANGE, {"do": "no_location", "location_name": "Depot", "ids": ids})
    assert "2 devices are without a location now." in answer.text
    assert [(await asset(own_console, serial)).location for serial in ("ours-LAPTOP", "ours-PHONE")] == [
        None
    ] * 2
    undone = await browse.post(UNDO, hidden(answer, *WAS))
    assert (undone.status_code, "2 devices are as before now." in undone.text) == (200, True)
    assert hidden(undone, "was_number")["was_number"] == []
    assert (await asset(own_console, "ours-LAPTOP")).location.name == "Depot"
    assert (await asset(own_console, "ours-PHONE")).location.name == "Attic"


async def test_undo_leaves_what_was_changed_since_and_names_it(own_console, visitors):
    browse = await visitors(own_console, "member")
    await browse.page("/assets?held=organization")
    ids = await ticked(own_console)
    fields = {"do": "status", "status_name": "Legal Hold", "ids": ids, "back": "/assets?q=o"}
    answer = await browse.post(CHANGE, fields)
    assert hidden(answer, "was_status")["was_status"] == ["In Use", "Available"]
    later = await change_asset(
        own_console.db,
        actor=own_console.actors["owner"],
        asset="ours-PHONE",
        patch=AssetPatch(tag="SEEN"),
        now=own_console.clock.now(),
    )
    undone = await browse.post(UNDO, hidden(answer, *WAS))
    assert undone.status_code == 200
    assert "Asset ours-PHONE was changed meanwhile." in undone.text
    assert 'href="/assets?q=o"' in undone.text
    assert (await asset(own_console, "ours-PHONE")).asset == later.asset
    assert (await asset(own_console, "ours-LAPTOP")).status.name == "In Use"


async def test_undo_makes_no_place_that_has_another_name_by_now(own_console, visitors):
    browse = await visitors(own_console, "member")
    await browse.page("/assets")
    ids = (await ticked(own_console))[:1]
    await browse.post(CHANGE, {"do": "location", "location_name": "Headquarters", "ids": ids})
    answer = await browse.post(CHANGE, {"do": "location", "location_name": "Depot", "ids": ids})
    await own_console.owner.execute("UPDATE locations SET name = 'Main house' WHERE name = 'Headquarters'")
    undone = await browse.post(UNDO, hidden(answer, *WAS))
    assert "Headquarters is there no more" in undone.text
    assert (await asset(own_console, "ours-LAPTOP")).location.name == "Depot"
    assert not await own_console.owner.fetchval("SELECT count(*) FROM locations WHERE name = 'Headquarters'")


async def test_what_changed_nothing_offers_no_undo(own_console, visitors):
    browse = await visitors(own_console, "member")
    await browse.page("/assets")
    phone = (await ticked(own_console))[1:]
    fields = {"do": "status", "status_name": "Available", "ids": phone}
    answer = await browse.post(CHANGE, fields)
    assert (answer.status_code, UNDO in Parsed(answer.text).posts) == (200, False)


async def test_an_undo_of_another_organization_or_without_its_values_changes_nothing(console, visitors):
    browse = await visitors(console, "owner")
    await browse.page("/assets")
    before = await console.traces(TRACED)
    theirs = await public(console, "theirs-PHONE", "stranger")
    fields = {"was_number": [theirs], "was_version": ["1"], "was_status": ["Retired"], "was_location": [""]}
    answer = await browse.post(UNDO, fields)
    assert (answer.status_code, "Asset not found." in answer.text) == (200, True)
    for broken in ({**fields, "was_version": ["x"]}, {**fields, "was_status": []}):
        assert (await browse.post(UNDO, broken)).status_code == 422
    assert await console.traces(TRACED) == before
