"""Many callers at once, over HTTP: one wins, the others get the documented refusal."""

import asyncio
from collections import Counter

from tests.dialects.unduit.furnishing import WRITTEN
from tests.dialects.unduit.replay import reference

WRITERS = 50


async def all_at_once(office, *requests):
    await office.token("owner")
    answers = await asyncio.gather(*(office.call_as("owner", *line, json=body) for line, body in requests))
    return Counter((answer.status_code, answer.json().get("message")) for answer in answers)


async def test_of_fifty_who_add_the_same_serial_number_one_wins(own_office):
    before = await own_office.traces(WRITTEN)
    body = {
        **reference("asset"),
        "product_name": "Demo Laptop",
        "manufacturer": "Lenovo",
        "location_name": "",
    }
    spellings = ["RACE 1", "race1", "Race1", " rAcE 1 "]
    seen = await all_at_once(
        own_office,
        *(
            (("POST", "/api/v1/assets/add-asset"), {**body, "serial_number": spellings[n % len(spellings)]})
            for n in range(WRITERS)
        ),
    )
    assert seen.pop((200, None)) == 1
    assert {status for status, _ in seen} == {409}
    assert sum(seen.values()) == WRITERS - 1
    assert all("exists already" in message for _, message in seen)
    after = await own_office.traces(WRITTEN)
    left = {name: after[name] - before[name] for name in WRITTEN if after[name] != before[name]}
    assert left == {"assets": 1, "custody_events": 1, "history": 1, "outbox": 1}


async def test_of_two_who_assign_the_same_asset_one_wins(own_office):
    before = await own_office.traces(WRITTEN)
    line = ("POST", "/api/v1/assets/assign/user")
    seen = await all_at_once(
        own_office,
        *(
            (line, {"asset_number": own_office.ids["stock"], "assign_to_email": email})
            for email in ("john.doe@unduit.com", "jane.smith@example.com")
        ),
    )
    assert seen == {
        (200, "Asset assigned successfully."): 1,
        (409, "Asset is already assigned to a user"): 1,
    }
    after = await own_office.traces(WRITTEN)
    left = {name: after[name] - before[name] for name in WRITTEN if after[name] != before[name]}
    assert left == {"custody_events": 1, "history": 1, "outbox": 1}


async def test_of_many_who_add_the_same_address_one_wins(own_office):
    body = {**reference("employee"), "email": "race@example.com", "location_name": "A new place"}
    spellings = ["race@example.com", "RACE@example.com", "Race@Example.com"]
    seen = await all_at_once(
        own_office,
        *(
            (("POST", "/api/v1/employee/add"), {**body, "email": spellings[n % len(spellings)]})
            for n in range(12)
        ),
    )
    assert seen.pop((200, "Address added successfully")) == 1
    assert {status for status, _ in seen} == {409}
    assert sum(seen.values()) == 11
