"""Legal holds from the mark to the release by this contract alone: what a client held, it finds and has released."""

import asyncio

import pytest

from tests.dialects.unduit.replay import reference

SUBMIT, ACTIVE, LINES = "/legal-hold/submit", "/legal-hold/active", "/legal-hold/active-holds?page=1"
WRITTEN = ("holds", "hold_subjects", "hold_releases", "history", "outbox")
NO_DEVICE = {
    "asset_id": "", "customer_asset_id": "", "serial_number": "", "asset_name": "", "manufacturer_name": "",
    "product_type_name": "", "status_name": "", "status_type_name": "", "asset_location": "",
}  # fmt: skip
BODY = {
    "summary": "Smith v. Maas",
    "description": "Keep everything.",
    "users": [
        {
            "serialNumber": "SN-STOCK",
            "name": "John Doe",
            "email": "john.doe@unduit.com",
            "recoveryNumber": "17778880001",
            "assetName": "Demo Laptop",
            "assetId": "1",
        }
    ],
}


async def said(made, method, path, *, status=200, **sent):
    answer = await made.call_as("owner", method, path, **sent)
    assert answer.status_code == status, answer.text
    return answer.json()


async def mark(made):
    """Somebody whose phone the inventory does not know is added, marked for a court; returns the recovery's line."""
    person = {
        **reference("recovery"),
        "campaign_number": made.ids["campaign"],
        "email": "marked@example.com",
        "items": [{"item": "Phone", "is_legal_hold": 1}],
    }
    await said(made, "POST", "/api/v1/recover/user/add", json=person)
    return (await said(made, "GET", LINES))["data"][0]


def wish(line, **more):
    return {"summary": "Settled", "description": "Over.", "user": {"id": line["id"], **more}}


async def test_a_recovery_on_hold_is_a_line_without_a_device(own_office):
    line = await mark(own_office)
    name = f"{reference('recovery')['firstname']} {reference('recovery')['lastname']}"
    placed = {"id": line["id"], "placed_on": line["placed_on"], "age_on_hold": "0 days"}
    assert line == {**placed, **NO_DEVICE, "last_assignee": name}
    page = await said(own_office, "GET", f"/api/v1{LINES}")
    assert (page["total"], [one["serial_number"] for one in page["data"]]) == (2, ["", "SN-HOLD"])


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
@pytest.mark.parametrize("empty", [{}, {"serial_number": "", "status_name": ""}, {"serial_number": None}])
async def test_its_id_alone_asks_for_its_release(own_office, described, prefix, empty):
    line = await mark(own_office)
    body = wish(line, **empty)
    first = await said(own_office, "POST", f"{prefix}{ACTIVE}", json=body)
    assert (first["ticket_exists"], first["existingSerialNumbers"]) == (False, [])
    described("POST", f"{prefix}{ACTIVE}", 200, first, sent=body)
    again = await said(own_office, "POST", f"{prefix}{ACTIVE}", json=body)
    assert (again["ticket_exists"], again["ticketId"], again["existingSerialNumbers"]) == (
        True, first["ticketId"], [],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "missing"),
    [
        ({}, {"user.serial_number"}),
        ({"serial_number": "SN-HOLD"}, {"user.status_name"}),
        ({"status_name": "Legal Hold"}, {"user.serial_number"}),
    ],
)
async def test_a_device_is_named_by_its_serial_number_as_well(own_office, more, missing):
    before = await own_office.traces(WRITTEN)
    body = wish({"id": own_office.ids["hold_line"]}, **more)
    answer = await said(own_office, "POST", ACTIVE, status=400, json=body)
    assert {one["field"] for one in answer["error"]["details"]} == missing
    assert await own_office.traces(WRITTEN) == before


async def test_a_recovery_s_line_has_no_serial_number(own_office):
    line = await mark(own_office)
    body = wish(line, serial_number="SN-HOLD", status_name="Legal Hold")
    answer = await said(own_office, "POST", ACTIVE, status=404, json=body)
    assert answer["error"]["code"] == "HOLDS_HOLD_UNKNOWN"


async def test_four_equal_submissions_at_once_are_one_ticket(own_office):
    before = await own_office.traces(WRITTEN)
    paths = [SUBMIT, f"/api/v1{SUBMIT}"] * 2
    tickets = await asyncio.gather(*(said(own_office, "POST", path, json=BODY) for path in paths))
    assert len({ticket["ticketNumber"] for ticket in tickets}) == 1
    after = await own_office.traces(WRITTEN)
    assert (after["holds"] - before["holds"], after["hold_subjects"] - before["hold_subjects"]) == (1, 1)
    again = await said(own_office, "POST", SUBMIT, json=BODY)
    assert again == tickets[0]
    assert await own_office.traces(WRITTEN) == after
    other = await said(own_office, "POST", SUBMIT, json={**BODY, "summary": "Jones v. Maas"})
    assert other["ticketId"] > again["ticketId"]


async def test_a_device_is_held_alone_whatever_else_its_recovery_expects(own_office):
    user = {**BODY["users"][0], "recoveryNumber": own_office.ids["recovery"]}
    await said(own_office, "POST", SUBMIT, json={**BODY, "users": [user]})
    page = await said(own_office, "GET", LINES)
    assert [one["serial_number"] for one in page["data"]] == ["SN-STOCK", "SN-HOLD"]
