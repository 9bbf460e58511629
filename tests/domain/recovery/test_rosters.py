"""A list of people is read, completed by what is known of them, and looked at before anybody is added."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.recovery.desk import HOME

from backhaul.domain.bulk.errors import ColumnsRefused
from backhaul.domain.bulk.exporting import as_csv
from backhaul.domain.bulk.reading import open_source
from backhaul.domain.directory import add_employee
from backhaul.domain.directory.model import Details
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import Role
from backhaul.domain.identity.queries import find_organization
from backhaul.domain.inventory.model import NewAsset
from backhaul.domain.inventory.operations import add_asset
from backhaul.domain.recovery import NewItem, Reason, Shipping, add_cases
from backhaul.domain.recovery.errors import CampaignMoveRefused, CampaignUnknown
from backhaul.domain.recovery.operations import complete_campaign
from backhaul.domain.recovery.rosters import COLUMNS, Terms, entries_of, read_roster, review_roster
from backhaul.domain.recovery.rosters.errors import RosterTooLong

WHOLE = {
    "email": "ada@home.example", "first_name": "Ada", "last_name": "Lovelace", "phone": "4125550198",
    "address_line_1": "404 Hidden Spring Lane", "city": "Pittsburgh", "state": "PA", "postal_code": "15238",
    "country_code": "US", "item": "Laptop", "serial_number": "C02XK1",
}  # fmt: skip


def read(*rows):
    """The people of a file with these rows."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = as_csv([names, *([row.get(name, "") for name in names] for row in rows)])
    return read_roster(open_source(io.BytesIO(text), name="people.csv"))


async def look(desk, entries, **terms):
    return await review_roster(
        desk.db,
        actor=desk.actor,
        campaign_number=desk.campaign.public_number,
        entries=entries,
        terms=Terms(**terms),
    )


async def employ(desk, email="ada@home.example", *serials):
    who = await add_employee(
        desk.db,
        actor=desk.actor,
        details=Details(first_name="Ada", last_name="Byron", email=email, phone="4125550111", address=HOME),
        now=desk.now,
    )
    for serial in serials:
        new = NewAsset(
            serial_number=serial, product_type="Laptop", product_name="Book", manufacturer="Apple",
            status_name="In Use", assign_to_email=email,
        )  # fmt: skip
        await add_asset(desk.db, actor=desk.actor, new=new, now=desk.now)
    return who


def test_rows_with_one_address_are_one_person_with_several_things():
    first, second = read(
        WHOLE, {"email": "ADA@home.example", "item": "Monitor"}, {"email": "bob@home.example"}
    )
    assert (first.email, first.rows) == ("ada@home.example", (2, 3))
    assert [item.name for item in first.items] == ["Laptop", "Monitor"]
    assert (second.email, second.rows, second.items) == ("bob@home.example", (4,), ())


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_every_row_stands_with_one_person_in_the_order_of_the_file(people):
    entries = read(
        *({"email": f"p{who}@x.example", "item": f"Thing {row}"} for row, who in enumerate(people))
    )
    assert [entry.email for entry in entries] == [f"p{who}@x.example" for who in dict.fromkeys(people)]
    assert sorted(row for entry in entries for row in entry.rows) == list(range(2, len(people) + 2))
    assert sum(len(entry.items) for entry in entries) == len(people)


@pytest.mark.parametrize("header", ["name", "email,e-mail", "email,email", "email,seriel_number"])
def test_a_header_that_says_something_else_is_refused(header):
    with pytest.raises(ColumnsRefused):
        read_roster(open_source(io.BytesIO(f"{header}\nx,y\n".encode()), name="people.csv"))


def test_too_many_people_are_refused():
    with pytest.raises(RosterTooLong):
        read(*({"email": f"p{n}@x.example"} for n in range(2001)))


def test_every_column_of_the_template_is_read():
    (entry,) = read({column.name: column.example or "x" for column in COLUMNS})
    assert entry.given.keys() == {
        column.name for column in COLUMNS
    } - {"email", "item", "serial_number", "tag", "imei", "legal_hold"}  # fmt: skip


async def test_a_whole_row_is_added_as_it_stands(desk):
    row = {**WHOLE, "reason": "offboarding", "shipping": "ask"}
    review = await look(desk, read(row), reason=Reason.REFRESH)
    (new,) = review.good
    assert (review.refused, review.item_count, review.people[0].completed) == ((), 1, ())
    assert (new.shipping, new.reason) == (Shipping.ASK, Reason.OFFBOARDING)
    assert new.items == (NewItem(name="Laptop", serial_number="C02XK1"),)
    (case,) = await add_cases(
        desk.db, actor=desk.actor, campaign_number=desk.campaign.public_number, many=[new], now=desk.now
    )
    assert (case.email, case.line_1) == ("ada@home.example", "404 Hidden Spring Lane")


async def test_who_is_in_the_directory_needs_nothing_but_their_address(desk):
    await employ(desk, "ada@home.example", "S-1", "S-2")
    review = await look(desk, entries_of(["ADA@home.example", " "]), shipping=Shipping.ASK)
    (one,) = review.people
    assert one.completed == ("name", "address", "devices")
    assert one.new is not None
    assert (one.new.last_name, one.new.phone, one.new.address) == ("Byron", "4125550111", HOME)
    assert [item.serial_number for item in one.new.items] == ["S-1", "S-2"]
    assert one.new.items[0].name == "Laptop Apple Book"
    assert one.new.shipping is Shipping.ASK


async def test_what_a_row_says_counts_more_than_the_directory(desk):
    await employ(desk, "ada@home.example", "S-1")
    (one,) = (await look(desk, read(WHOLE))).people
    assert one.new is not None
    assert (one.new.last_name, one.new.phone) == ("Lovelace", "4125550198")
    assert [item.serial_number for item in one.new.items] == ["C02XK1"]
    assert one.completed == ()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"email": "nowhere"}, "Email must be an e-mail address"),
        ({"phone": "call me"}, "Phone must be a telephone number"),
        ({"country_code": "Atlantis"}, "Country code"),
        ({"shipping": "drone"}, "Shipping must be kit or ask."),
        ({"reason": "because"}, "Reason must be one of refresh, break_fix, offboarding, other."),
        ({"reason": "other"}, "Reason note can't be blank."),
        ({"item": "", "serial_number": "S-9"}, "Item of device 1 can't be blank."),
        (
            {"item": "", "serial_number": ""},
            "No device is named, and the inventory knows none that they have.",
        ),
    ],
)
async def test_what_is_wrong_with_a_row_is_said_in_the_words_of_the_file(desk, row, problem):
    (one,) = (await look(desk, read({**WHOLE, **row}))).refused
    assert one.new is None
    assert any(text.startswith(problem) for text in one.problems), one.problems


async def test_who_is_in_the_campaign_already_is_not_added_again(desk):
    await desk.add(email="ada@home.example")
    (one,) = (await look(desk, read(WHOLE))).refused
    assert one.problems == ("They are in the campaign already.",)


async def test_more_than_five_devices_are_refused(desk):
    rows = [{**WHOLE, "serial_number": f"S-{n}"} for n in range(6)]
    (one,) = (await look(desk, read(*rows))).refused
    assert one.problems == ("Item must have at most 5 entries, not 6.",)


async def test_a_completed_or_unknown_campaign_takes_no_list(desk):
    with pytest.raises(CampaignUnknown):
        await review_roster(
            desk.db, actor=desk.actor, campaign_number="17777777771", entries=[], terms=Terms()
        )
    await complete_campaign(
        desk.db, actor=desk.actor, campaign_number=desk.campaign.public_number, now=desk.now
    )
    with pytest.raises(CampaignMoveRefused):
        await look(desk, [])


async def test_a_viewer_may_not_look_at_lists(desk):
    organization = await find_organization(desk.db, name=str(desk.actor.org_id))
    desk.actor = await desk.world.make.member(organization, role=Role.VIEWER)
    with pytest.raises(RightMissing):
        await look(desk, [])
