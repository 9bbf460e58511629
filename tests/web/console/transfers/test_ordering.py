"""A new transfer: found or typed, checked, priced, and ordered once."""

import asyncio

import pytest

from backhaul.domain.identity import set_default_address
from tests.making import OFFICE

PERSON = {
    "employee_address.name": "Ada Nowak",
    "employee_address.line_1": "404 Hidden Spring Lane",
    "employee_address.city": "Pittsburgh",
    "employee_address.state_code": "PA",
    "employee_address.postal_code": "15238",
    "employee_address.country_code": "US",
    "employee_address.notification_emails": "ada@home.example",
}
TYPED = {
    "organization_address.name": "Maas Biolabs",
    "organization_address.line_1": "555 Nondescript Road",
    "organization_address.city": "Maricopa",
    "organization_address.state_code": "AZ",
    "organization_address.postal_code": "85139",
    "organization_address.country_code": "US",
}
ORDER = {"direction": "return", "office": "other", "device_type": "laptop", **PERSON, **TYPED}


async def opened(console, visitors, name="owner"):
    browse = await visitors(console, name)
    page = await browse.page("/transfers/new?step=details")
    (key,) = [given["value"] for given in page.tags("input") if given.get("name") == "key"]
    return browse, {**ORDER, "key": key}


async def count(console):
    return await console.owner.fetchval("SELECT count(*) FROM transfers")


def values(page):
    return {given["name"]: given.get("value") for given in page.tags("input") if "name" in given}


async def test_people_and_devices_are_found_by_the_beginning_of_what_was_typed(own_console, visitors):
    actor = own_console.actors["owner"]
    await own_console.make.employee(actor, first_name="Zoë", last_name="Berg", email="zoe@maas.example")
    await own_console.make.employee(actor, first_name="Zack", last_name="Berger", email="zack@maas.example")
    await own_console.make.asset(actor, serial_number="QX-77", tag="LAP-77")
    browse = await visitors(own_console, "owner")
    page = await browse.page("/transfers/new?person=berg&device=qx-7")
    assert {"Zoë Berg", "Zack Berger", "QX-77", "LAP-77"} <= set(page.texts)
    finds = {"zoe@": {"Zoë Berg"}, "zack b": {"Zack Berger"}, "ack b": set(), "%": set(), "nobody": set()}
    for text, found in finds.items():
        page = await browse.page(f"/transfers/new?person={text.replace('%', '%25').replace(' ', '+')}")
        assert {text for text in page.texts if "Berg" in text} == found, text
    assert "QX-77" in (await browse.page("/transfers/new?device=lap-77")).texts
    assert "QX-77" not in (await browse.page("/transfers/new?device=ap-77")).texts


async def test_who_and_what_was_chosen_fills_the_form(own_console, visitors):
    actor = own_console.actors["owner"]
    await own_console.make.employee(actor, first_name="Zoë", last_name="Berg", email="zoe@maas.example")
    await own_console.make.asset(actor, serial_number="QX-77")
    browse = await visitors(own_console, "owner")
    page = await browse.page(
        "/transfers/new?step=details&direction=deployment&person=zoe%40maas.example&device=QX-77"
    )
    shown = values(page)
    assert shown["employee_address.name"] == "Zoë Berg"
    assert shown["employee_address.line_1"] == "123 Market Street"
    assert shown["employee_address.notification_emails"] == "zoe@maas.example"
    assert (shown["device_make"], shown["device_model"], shown["device_serial_number"]) == (
        "Apple", "MacBook Pro 16", "QX-77",
    )  # fmt: skip
    ticked = [
        given["value"]
        for given in page.tags("input")
        if given.get("name") == "direction" and "checked" in given
    ]
    assert ticked == ["deployment"]


async def test_what_nobody_knows_is_typed_on(console, browse):
    page = await browse.page("/transfers/new?step=details&person=Grace+Hopper&device=ABC")
    shown = values(page)
    assert (shown["employee_address.name"], shown["device_serial_number"]) == ("Grace Hopper", "ABC")
    page = await browse.page("/transfers/new?step=details&person=grace%40navy.example")
    assert values(page)["employee_address.notification_emails"] == "grace@navy.example"


async def test_the_price_is_shown_before_anything_is_ordered(own_console, visitors):
    browse, fields = await opened(own_console, visitors)
    before = await count(own_console)
    answer = await browse.post(
        "/transfers/new",
        {
            **fields,
            "do": "review",
            "insured": "1,500.00",
            "is_box_rush": "1",
            "employee_address.state_code": "pennsylvania",
        },
    )
    assert answer.status_code == 200
    for said in (
        "Price and addresses",
        "$85.00",
        "$22.50",
        "As it is written there: ",
        "Write the addresses as suggested",
    ):
        assert said in answer.text, said
    assert await count(own_console) == before
    adopted = await browse.post(
        "/transfers/new", {**fields, "do": "adopt", "employee_address.state_code": "pennsylvania"}
    )
    assert 'name="employee_address.state_code" type="text" value="PA"' in adopted.text
    assert "Write the addresses as suggested" not in adopted.text
    assert await count(own_console) == before


async def test_an_order_is_placed_and_leads_to_its_page(own_console, visitors):
    browse, fields = await opened(own_console, visitors, "member")
    where = await browse.does(
        "/transfers/new",
        {
            **fields, "do": "place", "direction": "deployment", "insured": "1200.50", "device_carrier": "UPS",
            "wants_pickup": "1", "device_serial_number": " SN 1 ", "ticket_reference": "HELP-1",
        },
    )  # fmt: skip
    page = await browse.page(where)
    assert "The transfer is placed. Its labels are being bought." in page.texts
    row = await own_console.owner.fetchrow(
        "SELECT *, employee_address ->> 'name' AS name FROM transfers WHERE ticket_reference = 'HELP-1'"
    )
    assert where == f"/transfers/{row['id']}?notice=transfers.placed"
    kept = (
        row["direction"],
        row["name"],
        row["insured_minor"],
        row["device_carrier"],
        row["device_serial_number"],
    )
    assert kept == ("deployment", "Ada Nowak", 120_050, "UPS", "SN 1")
    assert row["user_email"] == own_console.emails["member"]


async def test_the_same_form_sent_twice_or_at_once_orders_one(own_console, visitors):
    browse, fields = await opened(own_console, visitors)
    before = await count(own_console)
    answers = await asyncio.gather(
        *(browse.post("/transfers/new", {**fields, "do": "place"}) for _ in range(4))
    )
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await count(own_console) == before + 1
    other = await browse.post("/transfers/new", {**fields, "do": "place", "device_type": "phone"})
    assert other.status_code == 409
    assert "This form has ordered a transfer already." in other.text
    assert await count(own_console) == before + 1


async def test_a_key_of_the_api_is_another_key(own_console, visitors):
    browse, fields = await opened(own_console, visitors)
    answer = await browse.post("/transfers/new", {**fields, "key": "k", "do": "place"})
    assert answer.status_code == 303
    keys = await own_console.owner.fetch("SELECT key FROM idempotency_keys")
    assert [row["key"] for row in keys] == ["console:k"]


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"employee_address.name": " ", "employee_address.city": "", "device_type": ""},
         {"employee_address.name", "employee_address.city", "device_type"}),
        ({"employee_address.postal_code": ""}, {"employee_address.postal_code"}),
        ({"employee_address.country_code": "XX"}, {"employee_address.country_code"}),
        ({"employee_address.notification_emails": "a@b.example, nobody"}, {"employee_address.notification_emails"}),
        ({"organization_address.line_1": ""}, {"organization_address.line_1"}),
        ({"office": "place-999999999"}, {"office"}),
        ({"office": "default"}, {"office"}),
        ({"direction": "sideways"}, {"direction"}),
        ({"insured": "a lot"}, {"insured"}),
        ({"insured": "-1"}, {"insured"}),
        ({"insured": "50000.01"}, {"insured"}),
        ({"insured": "NaN"}, {"insured"}),
        ({"insured": "1.005"}, {"insured"}),
        ({"box_carrier": "USPS"}, {"box_carrier"}),
        ({"device_serial_number": "A\u202eB"}, {"device_serial_number"}),
        ({"ticket_reference": "x" * 201}, {"ticket_reference"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("wish", ["review", "place"])
async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_ordered(
    console, visitors, wish, changes, problems
):
    browse, fields = await opened(console, visitors)
    before = await count(console)
    answer = await browse.post("/transfers/new", {**fields, **changes, "do": wish})
    assert answer.status_code == 422
    said = {part.partition('"')[0] for part in answer.text.split('href="#')[1:]} - {"main"}
    assert said == problems
    assert "Nowak" in answer.text or "employee_address.name" in problems
    assert await count(console) == before


async def test_the_office_is_chosen_from_the_organizations_own_addresses(own_console, visitors):
    actor = own_console.actors["owner"]
    await set_default_address(own_console.db, actor=actor, address=OFFICE, now=own_console.clock.now())
    browse, fields = await opened(own_console, visitors)
    page = await browse.page("/transfers/new?step=details")
    assert "The organization's default address" in page.texts
    fields = {name: value for name, value in fields.items() if not name.startswith("organization")}
    where = await browse.does("/transfers/new", {**fields, "office": "default", "do": "place"})
    assert "555 Nondescript Road" in (await browse.get(where)).text


async def test_viewers_order_nothing_and_strangers_find_nobody_of_ours(own_console, visitors):
    await own_console.make.employee(own_console.actors["owner"], last_name="Qwertz", email="q@maas.example")
    await own_console.make.asset(own_console.actors["owner"], serial_number="QX-77")
    viewer = await visitors(own_console, "viewer")
    assert (await viewer.get("/transfers/new")).status_code == 403
    await viewer.get("/transfers")
    before = await count(own_console)
    assert (await viewer.post("/transfers/new", {**ORDER, "key": "k", "do": "place"})).status_code == 403
    assert await count(own_console) == before
    stranger = await visitors(own_console, "stranger")
    page = await stranger.page("/transfers/new?person=qwertz&device=QX-77")
    assert "Nobody in the directory is called that. Continue, and type name and address." in page.texts
    assert "QX-77" not in page.texts


async def test_the_form_takes_two_statements(own_console, visitors):
    browse, _ = await opened(own_console, visitors)
    _, sent = await browse.statements("/transfers/new?step=details")
    assert len(sent) == 2
