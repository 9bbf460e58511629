"""Every recorded case, run through the mounted application: status, headers, body, and what it left behind."""

import json

import pytest

from tests.dialects.replaying import differences, filled
from tests.dialects.unduit.furnishing import WRITTEN
from tests.dialects.unduit.replay import content_of, expected_body, read_cases

CASES = dict(read_cases())
OK = 200


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_recorded_case(office, case, described):
    if case.request.caller is not None:
        await office.token(case.request.caller)  # made of a password the first time, which is noted
    before = await office.traces(WRITTEN)
    content = content_of(case, office.ids)
    answer = await office.call_as(
        case.request.caller,
        case.method,
        filled(case.path, office.ids),
        headers={name: filled(value, office.ids) for name, value in case.request.headers.items()},
        content=content,
    )
    body = answer.json()
    assert answer.status_code == case.answer.status, answer.text
    assert list(differences(expected_body(case), body, office.ids)) == []
    for name, value in {"content-type": "application/json", **case.answer.headers}.items():
        assert answer.headers.get(name) == value
    after = await office.traces(WRITTEN)
    assert {name: after[name] - before[name] for name in WRITTEN if after[name] != before[name]} == case.left
    is_all_there_is = case.method != "GET" and "?" not in case.path and (content or b"").lstrip()[:1] == b"{"
    sent = json.loads(content) if is_all_there_is and answer.status_code == OK else None
    described(case.method, case.path, answer.status_code, body, sent)


def test_case_names_are_unique():
    assert len(CASES) == len(list(read_cases()))
