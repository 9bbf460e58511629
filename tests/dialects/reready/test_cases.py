"""Every recorded case, run through the mounted application: status, headers, body, and what it left behind."""

import json

import pytest

from tests.dialects.replaying import differences, filled
from tests.dialects.reready.replay import content_of, expected_body, read_cases, reference

CASES = dict(read_cases())
CREATED = 201


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_recorded_case(installation, case, described):
    before = await installation.traces()
    answer = await installation.call(
        case.method,
        filled(case.path, installation.ids),
        key=case.request.key,
        headers=case.request.headers,
        content=content_of(case),
    )
    body = answer.json()
    assert answer.status_code == case.answer.status, answer.text
    assert list(differences(expected_body(case), body, installation.ids)) == []
    for name, value in {"content-type": "application/json", **case.answer.headers}.items():
        assert answer.headers.get(name) == value
    described(case.method, case.path, answer.status_code, body)
    is_created = answer.status_code == CREATED
    left = {**before, **{name: before[name] + is_created for name in ("transfers", "history", "outbox")}}
    assert await installation.traces() == left
    if is_created:
        again = await installation.call("GET", f"{case.path.rstrip('/')}/{body['id']}", key=case.request.key)
        assert (again.status_code, list(differences(body, again.json(), {}))) == (200, [])
        assert again.content == answer.content


def test_case_names_are_unique():
    assert len(CASES) == len(list(read_cases()))


async def test_the_reference_request_is_sent_as_printed(installation):
    """What the reference text prints, byte for byte, with curl's own default content type."""
    printed = PRINTED_REQUEST.encode()
    assert json.loads(printed) == reference("request")
    answer = await installation.call(
        "POST",
        "/api/v1/device_transfers",
        content=printed,
        headers={"content-type": "application/x-www-form-urlencoded", "user-agent": "curl/8.5.0"},
    )
    assert answer.status_code == CREATED
    assert list(differences(reference("answer"), answer.json(), {})) == []


def test_the_expected_keys_are_the_printed_ones():
    printed = json.loads(PRINTED_ANSWER)
    expected = reference("answer")
    assert list(expected) == list(printed)
    for name, value in printed.items():
        if isinstance(value, dict):
            assert list(expected[name]) == list(value)
    own = {"created_at", "id", "organization_address"}  # R1: the name that was sent is returned
    assert {k: v for k, v in expected.items() if k not in own} == {
        k: v for k, v in printed.items() if k not in own
    }


PRINTED_REQUEST = """\
{
"organization_address": {
"organization_name": "Maas Biolabs",
"attention_name": "Human Resources",
"line_1": "555 Nondescript Road",
"city": "Maricopa",
"state_code": "AZ",
"postal_code": "85139",
"country_code": "US"
},
"device_type": "laptop",
"employee_address": {
"person_name": "Christopher Mitchell",
"line_1": "404 Hidden Spring Lane",
"city": "Pittsburgh",
"state_code": "PA",
"postal_code": "15238",
"country_code": "US"
}
}
"""

PRINTED_ANSWER = """\
{
"box_shipment": null,
"box_shipment_carrier_code_required": null,
"box_shipment_rush": false,
"box_shipment_waived": false,
"organization_address": {
"organization_name": null,
"attention_name": "Human Resources",
"line_1": "555 Nondescript Road",
"line_2": null,
"city": "Maricopa",
"state_code": "AZ",
"postal_code": "85139",
"country_code": "US",
"notification_emails": []
},
"created_at": "2026-04-30T09:19:36.188Z",
"device_condition": null,
"device_make": null,
"device_model": null,
"device_serial_number": null,
"device_shipment": null,
"device_shipment_carrier_code_required": null,
"device_shipment_insured_amount": 0,
"device_shipment_pickup_scheduling": null,
"device_shipment_rush": false,
"device_type": "laptop",
"employee_address": {
"person_name": "Christopher Mitchell",
"line_1": "404 Hidden Spring Lane",
"line_2": null,
"city": "Pittsburgh",
"state_code": "PA",
"postal_code": "15238",
"country_code": "US",
"notification_emails": []
},
"id": "e753bfe9-55f0-4fb5-8391-23c4187da14a",
"object": "DeviceTransfer",
"payments": [],
"plan_code": null,
"state": "pending_box_shipment",
"ticket_reference": null,
"type": "return",
"user_email": "hr@example.com"
}
"""
