"""Every recorded case, run through the mounted application: status, headers, body, and what it left behind."""

import json

import msgspec
import pytest

from tests.dialects.boxc.furnishing import furnish
from tests.dialects.boxc.replay import WRITTEN, content_of, expected_body, read_cases
from tests.dialects.boxc.signing_in import CALLBACK, code_for, program
from tests.dialects.replaying import differences, filled

CASES = dict(read_cases())


@pytest.fixture(scope="module")
async def ids(made):
    """What cases name: a client with its secret, what it was given, and a warehouse."""
    await furnish(made)
    shop, other = await program(made), await program(made, name="Other")
    number = await made.owner.fetchval("SELECT number FROM users WHERE email = 'hr@example.com'")
    await keyed(made, "viewer", "openid")
    revoked = await other.token()
    assert (await other.ask("revoke", token=revoked)).status_code == 200
    used = await code_for(shop, "hr@example.com")
    fields = {"grant_type": "authorization_code", "code": used, "redirect_uri": CALLBACK}
    assert (await shop.ask("token", **fields)).status_code == 200
    made.ids |= {
        "client": shop.client.client_id,
        "secret": shop.secret,
        "basic": shop.basic["authorization"].removeprefix("Basic "),
        "callback": CALLBACK,
        "user": number,
        "revoked": revoked,
        "code_used": used,
        "code_fresh": await code_for(shop, "hr@example.com"),
        "code_of_other": await code_for(other, "hr@example.com"),
        "reader": await other.token(scope="read_webhooks"),
        "narrow": await shop.token(scope="read_webhooks"),
    }
    return made.ids


async def keyed(made, caller, scope):
    """A client of somebody who may little."""
    return await program(made, caller, name=f"Program of {caller}", scopes=(scope,))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
async def test_recorded_case(made, ids, description, case):
    method, path = case.request.line.split(" ", 1)
    headers = {name: filled(value, ids) for name, value in case.request.headers.items()}
    caller = case.request.caller
    if caller == "client":
        headers = {"authorization": f"Basic {ids['basic']}", **headers}
    elif caller is not None and "authorization" not in headers:
        headers = {"authorization": f"Bearer {await made.client_token(caller)}", **headers}
    before = await made.traces(WRITTEN)
    content = content_of(case, ids)
    answer = await made.app.request(
        method, filled(path, ids), headers=headers, content=content, address=made.address()
    )
    assert answer.status_code == case.answer.status, answer.text
    if case.answer.empty:
        assert answer.content == b""
    else:
        assert list(differences(expected_body(case), answer.json(), ids)) == []
        assert answer.headers["content-type"] == "application/json"
    for name, value in case.answer.headers.items():
        assert answer.headers.get(name) == filled(value, ids)
    sent = None if case.request.body is msgspec.UNSET else json.loads(content)
    description.check(method, path, answer, sent)
    after = await made.traces(WRITTEN)
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == case.left


def test_case_names_are_unique():
    assert len(CASES) == len(list(read_cases()))
