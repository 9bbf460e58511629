"""Every request of the reference text, as printed, in the order in which it makes sense, with the printed answers.

Replaced are what the reader has to replace: ids, and moments of our clock. Carrier and tracking number are ours.
Where the text contradicts the schema the contract's rows decide: `to` is in every answer (B9), with `email` (B8).
"""

import json
import re

import pytest

from backhaul.domain import reshipping
from backhaul.domain.returns import Status
from tests.dialects.boxc.desk import Desk
from tests.dialects.replaying import differences

TO = """{
            "company_name": "Big Company, LLC",
            "name": "John Doe",
            "phone": null,
            "street1": "5200 Harry Hines Blvd",
            "street2": null,
            "city": "Dallas",
            "province": "TX",
            "postal_code": "75235",
            "country": "US"
        }"""
POST = f"""{{
    "reshipment": {{
        "contents": "Leggings",
        "returns": [
            12001,
            12002,
            12003
        ],
        "to": {TO},
        "value": 29.95
    }}
}}"""
POSTED = """{
    "reshipment": {
        "contents": "Leggings",
        "created": "2016-06-30 12:34:55",
        "estimated_reship_fee": 0,
        "id": 1001,
        "reship_fee": 0,
        "returns": [
            12001,
            12002,
            12003
        ],
        "service": null,
        "status": "Pending",
        "tracking_number": null,
        "value": 29.95,
        "weight": 0
    }
}"""
PUT = """{
    "reshipment": {
        "status": "Approved"
    }
}"""
PUTTED = f"""{{
    "reshipment": {{
        "contents": "Leggings",
        "created": "2016-06-30 12:34:55",
        "estimated_reship_fee": 14.2,
        "id": 1001,
        "reship_fee": 0,
        "returns": [
            12001,
            12002,
            12003
        ],
        "service": null,
        "status": "Approved",
        "to": {TO},
        "tracking_number": null,
        "value": 29.95,
        "weight": 0.895
    }}
}}"""
GOT = (
    PUTTED.replace('"reship_fee": 0', '"reship_fee": 14.37')
    .replace('"service": null', '"service": "USPS"')
    .replace('"tracking_number": null', '"tracking_number": "9261299997140101431920"')
)
TO_OF_THE_PROPERTIES = """{
    "to": {
        "company_name": null,
        "name": "John Smith",
        "phone": "555-123-4562",
        "street1": "108 N WESTGATE WAY",
        "street2": null,
        "city": "WYLIE",
        "province": "TX",
        "postal_code": "75098",
        "country": "US"
    }
}"""


@pytest.fixture
async def desk(made):
    desk = await Desk(made).open()
    await desk.fund()
    return desk


@pytest.fixture
async def ask(made):
    """One request of the reference text, with our ids for the printed ones; the answer's body as JSON."""

    async def ask(line, ids, content=None, *, status=200):
        method, path = put_in(line, ids).split(" ")
        answer = await made.call_by_client(
            "owner", method, f"/v1{path}", content=None if content is None else put_in(content, ids).encode()
        )
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    return ask


def put_in(text, ids):
    """A printed text with our ids."""
    return re.sub(r"\b(1001|1200[123])\b", lambda printed: str(ids.get(printed[0], printed[0])), text)


def unlike(printed, answer, ids):
    """What differs from a printed answer."""
    expected = json.loads(put_in(printed, ids))["reshipment"]
    to = expected.get("to") or json.loads(TO)
    names = [*[*to][:3], "email", *[*to][3:]]
    expected["to"] = {name: to.get(name) for name in names}
    expected["created"] = "2026-05-04 12:00:00"
    if expected["service"] is not None:
        expected |= {"service": "Sendle", "tracking_number": "{{code}}"}
    expected = {name: expected[name] for name in sorted(expected)}  # as all printed answers are
    return list(differences({"reshipment": expected}, answer, {}))


async def test_the_printed_requests_one_after_the_other_get_the_printed_answers(made, desk, ask):
    ids = {f"1200{n}": await desk.parcel() for n in (1, 2, 3)}
    posted = await ask("POST /reshipments", ids, POST, status=201)
    ids["1001"] = posted["reshipment"]["id"]
    assert unlike(POSTED, posted, ids) == []
    await desk.quote(ids["1001"], grams=895, minor=1420)
    assert unlike(PUTTED, await ask("PUT /reshipments/1001", ids, PUT), ids) == []
    await desk.dispatch(ids["1001"], grams=895)
    assert unlike(GOT, await ask("GET /reshipments/1001", ids), ids) == []


async def test_the_printed_delete_answers_200_and_nothing(made, desk, ask):
    number = await desk.parcel()
    ids = {"1001": await desk.reship(number)}
    assert await ask("DELETE /reshipments/1001", ids) is None
    gone = await ask("GET /reshipments/1001", ids, status=404)
    assert gone["code"] == 1140
    shown = await ask(f"GET /returns/{number}", {})
    assert (shown["return"]["status"], shown["return"]["reshipment_id"]) == ("Processed", None)


async def test_a_list_has_the_total_number_of_returns_instead(made, desk, ask):
    number = await desk.reship(await desk.parcel(), await desk.parcel())
    (listed,) = (await ask("GET /reshipments?limit=1", {}))["reshipments"]
    assert (listed["id"], listed["returns"]) == (number, 2)


async def test_the_printed_address_of_the_properties_is_taken_and_shown(made, desk, ask):
    to = json.loads(TO_OF_THE_PROPERTIES)["to"]
    body = json.loads(POST)["reshipment"] | {"returns": [await desk.parcel()], "to": to}
    created = await ask("POST /reshipments", {}, json.dumps({"reshipment": body}), status=201)
    assert created["reshipment"]["to"] == {**to, "email": None}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.RECEIVED, 1143),
        (Status.PROCESSED, 201),
        (Status.VERIFYING, 201),
        (Status.VERIFIED, 201),
        (Status.RESHIPPING, 1144),
        (Status.RESHIPPED, 1144),
        (Status.DISCARDED, 1143),
    ],
)
async def test_only_processed_verifying_and_verified_returns_can_be_reshipped(made, desk, status, expected):
    number = await _in_status(desk, status)
    before = await made.traces(("reshipments", "history", "outbox"))
    body = json.loads(POST)["reshipment"] | {"returns": [number]}
    answer = await made.call_by_client("owner", "POST", "/v1/reshipments", json={"reshipment": body})
    if expected == 201:
        assert answer.status_code == 201, answer.text
        shown = await made.call_by_client("owner", "GET", f"/v1/returns/{number}")
        assert shown.json()["return"]["status"] == "Reshipping"
    else:
        assert (answer.status_code, answer.json()["code"]) == (400, expected)
        assert await made.traces(("reshipments", "history", "outbox")) == before


async def _in_status(desk, status):
    if status not in (Status.RESHIPPING, Status.RESHIPPED):
        return await desk.parcel(status)
    number = await desk.parcel()
    reshipment = await desk.reship(number)
    if status is Status.RESHIPPED:
        await desk.answer(reshipment)
        await desk.dispatch(reshipment, grams=791)
    return number


async def test_an_estimate_is_instantaneous_for_one_return_and_awaited_for_several(made, desk, ask):
    one = await desk.reship(await desk.parcel())
    several = await desk.reship(await desk.parcel(), await desk.parcel())
    assert (await ask(f"GET /reshipments/{one}", {}))["reshipment"]["estimated_reship_fee"] == 14.2
    assert (await ask(f"GET /reshipments/{several}", {}))["reshipment"]["estimated_reship_fee"] == 0
    assert (await ask(f"PUT /reshipments/{several}", {}, PUT, status=400))["code"] == 1141


@pytest.mark.parametrize("decision", [None, reshipping.Decision.DECLINE])
async def test_pending_and_declined_longer_than_15_days_are_deleted_by_the_system(own_installation, decision):
    """After fifteen days, not before; the return is what it was."""
    made = own_installation
    desk = await Desk(made).open()
    await desk.fund()
    number = await desk.parcel()
    reshipment = await desk.reship(number)
    approved = await desk.reship(await desk.parcel())
    await desk.answer(approved)
    if decision is not None:
        await desk.answer(reshipment, decision)
    await desk.pass_days(14.99)
    assert await _listed(made) == [approved, reshipment]
    await desk.pass_days(0.02)
    assert await _listed(made) == [approved]
    answer = await made.call_by_client("owner", "GET", f"/v1/reshipments/{reshipment}")
    assert (answer.status_code, answer.json()["code"]) == (404, 1140)
    answer = await made.call_by_client("owner", "PUT", f"/v1/reshipments/{reshipment}", content=PUT)
    assert (answer.status_code, answer.json()["code"]) == (404, 1140)
    shown = (await made.call_by_client("owner", "GET", f"/v1/returns/{number}")).json()["return"]
    assert (shown["status"], shown["reshipment_id"]) == ("Processed", None)


async def _listed(made):
    answer = await made.call_by_client("owner", "GET", "/v1/reshipments")
    return [one["id"] for one in answer.json()["reshipments"]]
