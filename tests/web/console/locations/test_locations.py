"""Locations: by type, with an address, changed by who may."""

from backhaul.domain.directory.places import list_addresses

FORM = {
    "name": "Shop",
    "type": "retail_store",
    "address.line_1": "1 Main Street",
    "address.city": "Reno",
    "address.country_code": "US",
    "address.phone": "+1 775 555 0100",
    "address.notification_emails": "shop@ours.example, it@ours.example",
}


async def addresses(console, name="owner"):
    found = await list_addresses(console.db, actor=console.actors[name])
    return {one.name: one.address for one in found}


async def test_locations_are_listed_by_name_and_type(console, browse):
    page = await browse.page("/locations")
    assert {"Depot", "Head office", "No address"} <= set(page.texts)
    page = await browse.page("/locations?type=warehouse")
    assert "Depot" in page.texts
    assert "Head office" not in page.texts
    assert "No location fits" in (await browse.page("/locations?type=retail_store&q=x")).texts


async def test_a_location_is_added_and_changed_and_can_then_be_chosen_as_an_address(own_console, visitors):
    browse = await visitors(own_console, "member")
    await browse.page("/locations/new")
    assert await browse.does("/locations/new", FORM) == "/locations?notice=locations.added"
    assert (await addresses(own_console))["Shop"].notification_emails == (
        "shop@ours.example",
        "it@ours.example",
    )
    assert (await addresses(own_console))["Shop"].phone == "+1 775 555 0100"
    depot = f"/locations/{own_console.ids['ours']['location']}/edit"
    await browse.page(depot)
    # The country alone, which its list always sends, is no address.
    await browse.does(depot, {"name": "Depot", "version": "1", "address.country_code": "US"})
    assert list(await addresses(own_console)) == ["Shop"]
    answer = await browse.post(depot, {"name": "Old depot", "version": "1"})
    assert (answer.status_code, "Somebody else changed Depot meanwhile" in answer.text) == (409, True)


async def test_bad_values_are_shown_beside_their_field(console, browse):
    await browse.page("/locations/new")
    answer = await browse.post("/locations/new", {**FORM, "name": "", "address.city": ""})
    assert answer.status_code == 422
    for field in ("name", "address.city"):
        assert f'id="{field}-problem">Can&#39;t be blank.' in answer.text
    wrong = await browse.post("/locations/new", {**FORM, "address.phone": "call me"})
    assert (wrong.status_code, 'id="address.phone-problem"' in wrong.text) == (422, True)
    assert '<a href="#address.city">City</a>: Can&#39;t be blank.' in answer.text
    answer = await browse.post("/locations/new", {**FORM, "name": "depot"})
    assert (answer.status_code, "There is already a location named depot" in answer.text) == (409, True)
    assert list(await addresses(console)) == ["Depot"]


async def test_no_location_of_another_organization_changes_and_none_by_a_viewer(console, visitors):
    owner, viewer = await visitors(console, "owner"), await visitors(console, "viewer")
    before = await addresses(console, "stranger")
    for number in (console.ids["theirs"]["location"], "x", "9" * 30):
        assert (await owner.post(f"/locations/{number}/edit", FORM)).status_code == 404
    assert await addresses(console, "stranger") == before
    for path in ("/locations/new", f"/locations/{console.ids['ours']['location']}/edit"):
        assert (await viewer.post(path, FORM)).status_code == 403
    assert list(await addresses(console)) == ["Depot"]
