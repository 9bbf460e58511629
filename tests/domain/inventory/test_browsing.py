"""Lists that are looked through: by cursor, by every filter, by what somebody begins to type."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backhaul.domain.directory import EmployeeStatus
from backhaul.domain.inventory.browsing import (
    AssetFilter,
    Holding,
    PeopleFilter,
    Warranty,
    browse_assets,
    browse_people,
    get_asset_sheet,
    list_choices,
    list_numbers,
)
from backhaul.domain.inventory.errors import AssetUnknown
from backhaul.domain.inventory.model import Custody, Reason, StatusType
from backhaul.kernel.ids import new_id

TODAY = date(2026, 5, 4)


async def serials(stock, **wanted):
    page = await browse_assets(stock.db, actor=stock.actor, wanted=AssetFilter(**wanted), today=TODAY)
    return [line.serial_number for line in page.items]


async def test_pages_follow_one_another_newest_first_and_only_the_whole_list_is_counted(stock):
    for n in range(5):
        await stock.add(serial_number=f"SN{n}")
    first = await browse_assets(stock.db, actor=stock.actor, wanted=AssetFilter(), today=TODAY, limit=3)
    assert ([line.serial_number for line in first.items], first.total) == (["SN4", "SN3", "SN2"], 5)
    second = await browse_assets(
        stock.db, actor=stock.actor, wanted=AssetFilter(), today=TODAY, before=first.items[-1].number
    )
    assert [line.serial_number for line in second.items] == ["SN1", "SN0"]
    narrowed = AssetFilter(custody=Custody.ORGANIZATION)
    assert (await browse_assets(stock.db, actor=stock.actor, wanted=narrowed, today=TODAY)).total is None


async def test_an_empty_inventory_is_an_empty_page(stock):
    page = await browse_assets(stock.db, actor=stock.actor, wanted=AssetFilter(), today=TODAY)
    assert (page.items, page.total) == ((), 0)


async def test_every_filter_finds_what_it_says(stock):
    ada = await stock.employee(first_name="Ada", last_name="Lovelace")
    held = await stock.add(serial_number="HELD", status_name="In Use", assign_to_email=ada.email)
    away = await stock.add(serial_number="AWAY")
    await stock.ship(away, new_id())
    await stock.add(serial_number="DESK", location_name="Office", tag="IT 7", imei="356938035643809")
    await stock.add(
        serial_number="PHONE", product_type="Phone", product_name="Pixel 9", manufacturer="Google"
    )
    await stock.add(serial_number="OLD", status_name="Retired", warranty_ends_on=date(2026, 5, 3))
    await stock.add(serial_number="SOON", warranty_ends_on=date(2026, 8, 2))
    await stock.add(serial_number="LONG", warranty_ends_on=date(2026, 8, 3))
    choices = await list_choices(stock.db, actor=stock.actor, holder=ada.number)
    model = next(one.number for one in choices.models if one.name == "Pixel 9")
    label = next(one.number for one in choices.statuses if one.name == "Retired")
    assert [(one.name, one.kind) for one in choices.locations] == [("Office", None)]
    assert choices.holder.name == "Ada Lovelace"
    assert await serials(stock, holder=ada.number) == ["HELD"]
    assert await serials(stock, custody=Custody.EMPLOYEE) == ["HELD"]
    assert await serials(stock, custody=Custody.PARCEL) == ["AWAY"]
    assert await serials(stock, location=choices.locations[0].number) == ["DESK"]
    assert await serials(stock, model=model) == ["PHONE"]
    assert await serials(stock, status=label) == ["OLD"]
    assert await serials(stock, status_type=StatusType.DEPLOYED) == ["HELD"]
    assert await serials(stock, status_type=StatusType.ARCHIVED) == ["OLD"]
    assert await serials(stock, warranty=Warranty.EXPIRED) == ["OLD"]
    assert await serials(stock, warranty=Warranty.ENDING) == ["SOON"]
    assert await serials(stock, warranty=Warranty.ACTIVE) == ["LONG", "SOON"]
    assert await serials(stock, warranty=Warranty.UNKNOWN) == ["PHONE", "DESK", "AWAY", "HELD"]
    for text in ("des", "it 7", "IT  7", "3569380"):
        assert await serials(stock, text=text) == ["DESK"]
    assert await serials(stock, text="pixel") == ["PHONE"]
    assert await serials(stock, text="pixel", status_type=StatusType.ARCHIVED) == []
    assert await serials(stock, model=model, location=choices.locations[0].number) == []
    assert await serials(stock, holder=2**70) == []
    wanted = AssetFilter(status_type=StatusType.DEPLOYED)
    numbers = await list_numbers(stock.db, actor=stock.actor, wanted=wanted, today=TODAY, limit=9)
    assert numbers == [held.number]


async def test_a_beginning_that_more_assets_have_than_are_looked_up_finds_the_newest(stock, monkeypatch):
    for n in range(4):
        await stock.add(serial_number=f"SN-{n}")
    from backhaul.domain.inventory.browsing import statements

    few = statements.LIST_BY_TEXT.replace("2000", "3")
    monkeypatch.setitem(statements.LISTS, "text", few)
    assert await serials(stock, text="sn") == ["SN-3", "SN-2", "SN-1", "SN-0"]
    assert await serials(stock, text="sn-2") == ["SN-2"]


async def test_another_organizations_assets_are_nowhere(stock):
    elsewhere = await stock.elsewhere()
    theirs = await elsewhere.add(serial_number="THEIRS", location_name="There")
    choices = await list_choices(elsewhere.db, actor=elsewhere.actor)
    assert await serials(stock) == []
    assert await serials(stock, text="THEIRS") == []
    assert await serials(stock, location=choices.locations[0].number) == []
    with pytest.raises(AssetUnknown):
        await get_asset_sheet(stock.db, actor=stock.actor, number=theirs.number)


async def test_the_sheet_tells_hand_overs_and_changes_with_names(stock):
    ada = await stock.employee(first_name="Ada", last_name="Lovelace")
    asset = await stock.add(location_name="Office")
    await stock.assign(asset, ada)
    await stock.change(asset, location_name="Depot")
    sheet = await get_asset_sheet(stock.db, actor=stock.actor, number=asset.number)
    assert [(one.reason, one.to_name, one.to_number) for one in sheet.hand_overs] == [
        (Reason.ASSIGNED, "Ada Lovelace", ada.number),
        (Reason.ADDED, None, None),
    ]
    changed, assigned, _ = sheet.changes
    before, after = changed.change["location_id"]
    assert (changed.names[before], changed.names[after]) == ("Office", "Depot")
    assert assigned.names[assigned.change["employee_id"][1]] == "Ada Lovelace"
    assert changed.author_name.startswith("User ")
    assert (sheet.is_held, sheet.detail.holder.email) == (False, ada.email)


async def test_people_are_listed_by_name_and_found_by_what_they_hold(stock):
    ada = await stock.employee(first_name="Ada", last_name="lovelace", department_name="Science")
    bob = await stock.employee(first_name="Bob", last_name="Adams", status=EmployeeStatus.INACTIVE)
    await stock.employee(first_name="Cyd", last_name="Young", location_name="Office")
    await stock.add(status_name="In Use", assign_to_email=ada.email)

    async def names(after=None, limit=50, **wanted):
        found = await browse_people(
            stock.db, actor=stock.actor, wanted=PeopleFilter(**wanted), after=after, limit=limit
        )
        return [(one.last_name, one.assets) for one in found]

    assert await names() == [("Adams", 0), ("lovelace", 1), ("Young", 0)]
    assert await names(after=bob.number, limit=1) == [("lovelace", 1)]
    assert await names(after=ada.number) == [("Young", 0)]
    assert await names(after=2**70) == []
    assert await names(holding=Holding.SOME) == [("lovelace", 1)]
    assert await names(holding=Holding.NONE) == [("Adams", 0), ("Young", 0)]
    assert await names(status=EmployeeStatus.INACTIVE) == [("Adams", 0)]
    assert await names(text="da lov") == [("lovelace", 1)]
    assert await names(text=bob.email.upper()) == [("Adams", 0)]
    choices = await list_choices(stock.db, actor=stock.actor)
    assert await names(department=choices.departments[0].number) == [("lovelace", 1)]
    assert await names(location=choices.locations[0].number) == [("Young", 0)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=8))
async def test_whatever_is_typed_finds_or_finds_nothing_and_never_fails(stock, text):
    assert await serials(stock, text=text) in ([], ["%_\\"])
    await browse_people(stock.db, actor=stock.actor, wanted=PeopleFilter(text=text))


async def test_a_percent_sign_is_a_letter_like_any_other(stock):
    await stock.add(serial_number="%_\\")
    await stock.add(serial_number="other")
    assert await serials(stock, text="%") == ["%_\\"]
    assert await serials(stock, text="_") == []
