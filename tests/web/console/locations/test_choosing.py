"""Addresses are chosen by the type of their location, and what a list does not show is found by its name."""

import pytest

from backhaul.domain.directory import LocationType
from backhaul.domain.directory.places import LocationDetails, add_location, find_addresses, queries
from backhaul.domain.transfers import choosing
from tests.making import OFFICE
from tests.web.console.browse import Parsed
from tests.web.console.transfers.test_ordering import opened


@pytest.fixture
async def places(own_console, monkeypatch):
    """Three more locations than a list shows, by name; the last is a warehouse."""
    monkeypatch.setattr(queries.find_addresses, "__kwdefaults__", {
        **queries.find_addresses.__kwdefaults__, "limit": 2})  # fmt: skip
    monkeypatch.setattr(choosing, "MOST_PLACES", 2)
    await own_console.owner.execute("UPDATE locations SET address = NULL")
    actor, added = own_console.actors["owner"], {}
    kinds = {
        "Alpha": LocationType.CORPORATE_OFFICE,
        "Beta": LocationType.WAREHOUSE,
        "Gamma": None,
        "Zeta depot": LocationType.WAREHOUSE,
    }
    for name, kind in kinds.items():
        details = LocationDetails(name=name, type=kind, address=OFFICE)
        added[name] = await add_location(
            own_console.db, actor=actor, details=details, now=own_console.clock.now()
        )
    return {name: one.number for name, one in added.items()}


def groups(page):
    return [given["label"] for given in page.tags("optgroup")]


def offered(page):
    return {given.get("value", "").removeprefix("place-") for given in page.tags("option")}


async def test_addresses_are_found_by_the_beginning_of_their_name_or_their_number(own_console, places):
    actor = own_console.actors["owner"]
    found = await find_addresses(own_console.db, actor=actor)
    assert ([one.name for one in found.places], found.has_more) == (["Alpha", "Beta"], True)
    found = await find_addresses(own_console.db, actor=actor, numbers=[places["Zeta depot"], places["Alpha"]])
    assert [one.name for one in found.places] == ["Alpha", "Beta", "Gamma", "Zeta depot"]
    found = await find_addresses(own_console.db, actor=actor, text=" ZETA ")
    assert ([one.name for one in found.places], found.has_more) == (["Zeta depot"], False)
    stranger = await find_addresses(
        own_console.db, actor=own_console.actors["stranger"], numbers=[places["Zeta depot"]]
    )
    assert "Zeta depot" not in {one.name for one in stranger.places}


async def test_a_transfers_office_is_grouped_and_found_beyond_the_list(own_console, visitors, places):
    browse, fields = await opened(own_console, visitors)
    page = await browse.page("/transfers/new?step=details")
    assert groups(page) == ["Warehouse", "Corporate office"]
    assert any("You have more locations" in text for text in page.texts)
    assert str(places["Zeta depot"]) not in offered(page)
    found = await browse.post("/transfers/new", {**fields, "do": "find", "location": "zeta"})
    page = Parsed(found.text)
    assert found.status_code == 200
    assert str(places["Zeta depot"]) in offered(page)
    assert 'value="Ada Nowak"' in found.text  # what was typed stays
    where = await browse.does(
        "/transfers/new", {**fields, "do": "place", "office": f"place-{places['Zeta depot']}"}
    )
    assert "555 Nondescript Road" in (await browse.get(where)).text


async def test_a_campaigns_and_a_reshipments_forms_do_so_too(own_console, visitors, places):
    browse = await visitors(own_console, "owner")
    page = await browse.page("/campaigns/new")
    assert groups(page) == ["Warehouse", "Corporate office"]
    assert str(places["Zeta depot"]) not in offered(page)
    found = await browse.post(
        "/campaigns/new", {"do": "find", "location": "zeta", "name": "Typed", "places": "1", "boxes": "1"}
    )
    assert (found.status_code, 'value="Typed"' in found.text) == (200, True)
    assert str(places["Zeta depot"]) in offered(Parsed(found.text))
    number = own_console.ids["ours"]["return"]
    page = await browse.page(f"/reshipments/new?returns={number}")
    assert groups(page) == ["Warehouse", "Corporate office"]
    assert any("You have more locations" in text for text in page.texts)
    page = await browse.page(f"/reshipments/new?returns={number}&location=zeta")
    assert str(places["Zeta depot"]) in offered(page)
    page = await browse.page(f"/reshipments/new?returns={number}&place={places['Zeta depot']}")
    assert str(places["Zeta depot"]) in offered(page)
