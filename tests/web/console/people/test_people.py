"""The directory: found, added, changed, offboarded, erased; departments and the export."""

import csv
import io

import pytest

from backhaul.domain.directory import EmployeeUnknown, find_employee, get_employee

FORM = {
    "first_name": "Cyd",
    "last_name": "Young",
    "email": "cyd@ours.example",
    "line_1": "1 Main Street",
    "city": "Reno",
    "country_code": "US",
    "status": "active",
    "department_name": "Science",
}


async def somebody(console, email, name="owner"):
    return await find_employee(console.db, actor=console.actors[name], email=email)


async def names(browse, path):
    page = await browse.page(path)
    return [text for text in page.texts if text in {"Ada Lovelace", "Bob Adams"}]


async def test_people_are_found_by_name_place_and_what_they_hold(console, browse):
    ids = console.ids["ours"]
    assert await names(browse, "/people") == ["Bob Adams", "Ada Lovelace"]
    assert await names(browse, "/people?q=LOVEL") == ["Ada Lovelace"]
    assert await names(browse, "/people?holding=some") == ["Ada Lovelace"]
    assert await names(browse, "/people?holding=none&status=active") == ["Bob Adams"]
    assert await names(browse, "/people?status=inactive") == []
    assert await names(browse, f"/people?after={ids['other_person']}") == ["Ada Lovelace"]
    assert await names(browse, f"/people?location={console.ids['theirs']['location']}") == []
    assert "Nobody fits" in (await browse.page("/people?q=nobody-like-this")).texts


async def test_a_persons_page_says_what_they_hold_and_held(console, browse):
    page = await browse.page(f"/people/{console.ids['ours']['person']}")
    for text in ("ada@ours.example", "ours-LAPTOP", "Science", "No recovery expects anything of them."):
        assert text in page.texts, text
    assert f"/assets/{console.ids['ours']['asset']}" in page.links
    assert "/transfers/new?person=ada%40ours.example&device=ours-LAPTOP" in page.links


async def test_a_person_is_added_and_changed(own_console, visitors):
    browse = await visitors(own_console, "member")
    await browse.page("/people/new")
    where = (await browse.does("/people/new", FORM)).partition("?")[0]
    assert (await somebody(own_console, FORM["email"])).department_name == "Science"
    await browse.page(f"{where}/edit")
    await browse.does(f"{where}/edit", {**FORM, "city": "Sparks", "manager_email": "ada@ours.example"})
    found = await somebody(own_console, FORM["email"])
    assert (found.employee.city, found.manager_name) == ("Sparks", "Ada Lovelace")
    page = await browse.page(where)
    assert "City, Manager id, Updated at, Version" in " ".join(page.texts) or "City" in " ".join(page.texts)


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"email": "no"}, "email", "Must be an e-mail address like ada@example.com."),
        ({"city": ""}, "city", "Can&#39;t be blank."),
        ({"starts_on": "soon"}, "starts_on", "Must be a day such as 2026-05-04."),
        (
            {"manager_email": "ada@theirs.example"},
            "manager_email",
            "Must be the e-mail address of another employee",
        ),
    ],
)
async def test_bad_values_are_shown_beside_their_field_and_nobody_is_added(
    console, browse, change, field, said
):
    await browse.page("/people/new")
    answer = await browse.post("/people/new", {**FORM, "first_name": "<i>Cyd</i>", **change})
    assert answer.status_code == 422
    assert f'id="{field}-problem">{said}' in answer.text
    assert 'value="&lt;i&gt;Cyd&lt;/i&gt;"' in answer.text
    assert await somebody(console, FORM["email"]) is None


async def test_a_taken_address_is_refused(console, browse):
    await browse.page("/people/new")
    answer = await browse.post("/people/new", {**FORM, "email": "ADA@ours.example"})
    assert (answer.status_code, "There is already an employee" in answer.text) == (409, True)


async def test_offboarding_is_undone_from_the_notice(own_console, visitors):
    browse = await visitors(own_console, "owner")
    path = f"/people/{own_console.ids['ours']['person']}"
    await browse.page(path)
    page = await browse.page(await browse.does(f"{path}/offboard"))
    assert "Offboarded" in page.texts
    assert f"{path}/return-to-work" in page.posts
    assert (await somebody(own_console, "ada@ours.example")).employee.status.value == "inactive"
    await browse.does(f"{path}/return-to-work")
    assert (await somebody(own_console, "ada@ours.example")).employee.status.value == "active"


async def test_erasing_is_refused_while_they_hold_a_device_and_done_when_not(own_console, visitors):
    browse = await visitors(own_console, "owner")
    ada, bob = (f"/people/{own_console.ids['ours'][one]}" for one in ("person", "other_person"))
    await browse.page(ada)
    answer = await browse.post(f"{ada}/erase")
    assert (answer.status_code, "still holds devices" in answer.text) == (409, True)
    assert await somebody(own_console, "ada@ours.example") is not None
    assert await browse.does(f"{bob}/erase") == "/people?notice=people.erased"
    assert await somebody(own_console, "bob@ours.example") is None
    assert (await browse.post(f"{bob}/erase")).status_code == 404


@pytest.mark.parametrize("action", ["offboard", "return-to-work", "erase", "edit"])
async def test_no_action_reaches_another_organizations_person_or_is_open_to_a_viewer(
    console, visitors, action
):
    owner, viewer = await visitors(console, "owner"), await visitors(console, "viewer")
    theirs = f"/people/{console.ids['theirs']['other_person']}/{action}"
    before = await somebody(console, "bob@theirs.example", "stranger")
    assert (await owner.post(theirs, FORM)).status_code == 404
    assert await somebody(console, "bob@theirs.example", "stranger") == before
    ours = f"/people/{console.ids['ours']['other_person']}/{action}"
    assert (await viewer.post(ours, FORM)).status_code == 403
    assert (await owner.post(f"/people/x/{action}", FORM)).status_code == 404
    number = int(console.ids["theirs"]["person"])
    with pytest.raises(EmployeeUnknown):
        await get_employee(console.db, actor=console.actors["owner"], employee=number)


async def test_departments_are_added_and_renamed(own_console, visitors):
    browse = await visitors(own_console, "owner")
    page = await browse.page("/people/departments")
    rename = next(path for path in page.posts if path.endswith("/rename"))
    page = await browse.page(await browse.does("/people/departments", {"name": "Sales"}))
    assert {"Sales", "Science", "The department is added."} <= set(page.texts)
    answer = await browse.post("/people/departments", {"name": "SALES"})
    assert (answer.status_code, "There is already a department named" in answer.text) == (409, True)
    page = await browse.page(await browse.does(rename, {"new_name": "Research"}))
    assert {"Research", "Sales"} <= set(page.texts)
    assert "Science" not in page.texts
    stranger = await visitors(own_console, "stranger")
    assert (await stranger.post(rename, {"new_name": "X"})).status_code == 404


async def test_the_export_has_everybody_of_this_organization(console, browse):
    answer = await browse.get("/people/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="people.csv"'
    lines = csv.DictReader(io.StringIO(answer.text))
    addresses = {line["email"] for line in lines}
    assert {"ada@ours.example", "bob@ours.example"} <= addresses
    assert not {"ada@theirs.example", "bob@theirs.example"} & addresses


async def test_a_persons_page_has_the_whole_address_in_words(console, browse):
    await browse.get("/people/new")
    given = {"email": "whole@ours.example", "line_2": "Floor 3", "state": "NV", "phone": "7755550100"}
    made = await browse.post("/people/new", FORM | given)
    assert made.status_code == 303, made.text
    page = await browse.page(made.headers["location"])
    assert {"1 Main Street, Floor 3", "Reno", "NV", "United States"} <= set(page.texts)
    assert "tel:7755550100" in page.links
