"""A repeated request with the same Idempotency-Key gets the first answer again, and nothing happens twice."""

import asyncio

import pytest

from tests.dialects.replaying import changed
from tests.dialects.reready.replay import reference

PATH = "/api/v1/device_transfers"
ONE_MORE = {"transfers": 1, "history": 1, "outbox": 1, "idempotency_keys": 1, "jobs": 0}


async def create(installation, key, body=None, *, path=PATH, caller="owner", **options):
    body = reference("request") if body is None else body
    return await installation.call(
        "POST", path, key=caller, headers={"idempotency-key": key}, json=body, **options
    )


async def added(installation, before):
    return {name: count - before[name] for name, count in (await installation.traces()).items()}


async def test_a_repeated_request_gets_the_same_bytes_and_leaves_nothing(installation):
    before = await installation.traces()
    first = await create(installation, "repeated")
    second = await create(installation, "repeated")
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert second.headers["content-type"] == "application/json"
    assert await added(installation, before) == ONE_MORE


async def test_the_first_answer_is_given_again_by_another_key_of_the_organization(installation):
    first = await create(installation, "shared")
    assert (await create(installation, "shared", caller="second")).content == first.content
    assert (await create(installation, "shared", caller="colleague")).content == first.content


@pytest.mark.parametrize(
    "body",
    [changed(reference("request"), {"device_type": "phone"}), {**reference("request"), "more": 1}, {}],
    ids=["another value", "another unknown key", "a body that would be refused"],
)
async def test_another_body_under_the_same_key_is_refused(installation, body):
    await create(installation, "reused")
    before = await installation.traces()
    answer = await create(installation, "reused", body)
    assert answer.status_code == 409
    assert answer.json() == {
        "error": "This Idempotency-Key belongs to a different request. Use a new key for a new request.",
        "code": "idempotency.key_reused",
        "errors": {},
    }
    assert await installation.traces() == before


async def test_another_route_under_the_same_key_is_refused(installation):
    await create(installation, "two routes")
    answer = await create(installation, "two routes", path="/api/v1/device_returns")
    assert answer.status_code == 409


async def test_two_organizations_may_choose_the_same_key(installation):
    ours = await create(installation, "popular")
    theirs = await create(installation, "popular", caller="stranger")
    assert (ours.status_code, theirs.status_code) == (201, 201)
    assert ours.json()["id"] != theirs.json()["id"]
    assert theirs.json()["user_email"] == "stranger@example.net"


async def test_a_refused_request_does_not_use_its_key_up(installation):
    before = await installation.traces()
    wrong = changed(reference("request"), {"device_type": " "})
    assert (await create(installation, "second try", wrong)).status_code == 422
    assert await installation.traces() == before
    assert (await create(installation, "second try")).status_code == 201
    assert await added(installation, before) == ONE_MORE


async def test_a_stranger_as_user_is_refused_and_does_not_use_the_key_up(installation):
    """Refused inside the transaction: nothing of it stays."""
    before = await installation.traces()
    wrong = changed(reference("request"), {"user_email": "stranger@example.net"})
    assert (await create(installation, "third try", wrong)).status_code == 422
    assert await installation.traces() == before


async def test_without_a_key_the_same_request_is_two_orders(installation):
    before = await installation.traces()
    answers = [await installation.call("POST", PATH, json=reference("request")) for _ in range(2)]
    assert answers[0].json()["id"] != answers[1].json()["id"]
    assert await added(installation, before) == {
        "transfers": 2,
        "history": 2,
        "outbox": 2,
        "idempotency_keys": 0,
        "jobs": 0,
    }


async def test_of_twenty_at_once_one_is_placed_and_all_get_its_answer(installation):
    before = await installation.traces()
    answers = await asyncio.gather(*(create(installation, "all at once") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    replayed = [answer for answer in answers if "idempotent-replayed" in answer.headers]
    assert len(replayed) == 19
    assert await added(installation, before) == ONE_MORE


async def test_of_twenty_different_ones_at_once_one_is_placed_and_the_others_refused(installation):
    before = await installation.traces()
    bodies = [changed(reference("request"), {"ticket_reference": f"T-{n}"}) for n in range(20)]
    answers = await asyncio.gather(*(create(installation, "contested", body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 19]
    assert await added(installation, before) == ONE_MORE


async def test_fifty_orders_at_once_are_fifty_transfers(installation):
    before = await installation.traces()
    bodies = [changed(reference("request"), {"ticket_reference": f"T-{n}"}) for n in range(50)]
    answers = await asyncio.gather(*(installation.call("POST", PATH, json=body) for body in bodies))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 50
    assert [answer.json()["ticket_reference"] for answer in answers] == [f"T-{n}" for n in range(50)]
    assert await added(installation, before) == {
        "transfers": 50,
        "history": 50,
        "outbox": 50,
        "idempotency_keys": 0,
        "jobs": 0,
    }
