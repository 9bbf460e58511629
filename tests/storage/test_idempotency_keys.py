"""A repeated request finds the first answer; a key stands for one request."""

import asyncio
from datetime import timedelta

import pytest
from tests.storage.happening import count

from backhaul.kernel.ids import new_id
from backhaul.storage import history, idempotency
from backhaul.storage.idempotency import Answer

MARK = idempotency.fingerprint(b"POST", b"/things", b"{}")
OTHER = idempotency.fingerprint(b"POST", b"/things", b"{ }")
ANSWER = Answer(201, b'{"id": 1}')


async def keep(db, scope, clock, *, key="k", mark=MARK, answer=ANSWER, pause=0.0):
    async with db.transaction(scope) as tx:
        history.note(tx, history.SYSTEM, subject=("test", new_id()), action="x", at=clock.now())
        await asyncio.sleep(pause)
        await idempotency.keep(tx, key=key, mark=mark, answer=answer, at=clock.now())


async def find(db, scope, *, key="k", mark=MARK):
    async with db.read(scope) as reader:
        return await idempotency.find(reader, scope, key=key, mark=mark)


async def test_an_answer_is_found_again_byte_by_byte(store, scope, clock):
    assert await find(store, scope) is None
    await keep(store, scope, clock)
    assert await find(store, scope) == ANSWER


async def test_a_key_of_another_request_is_refused(store, scope, clock):
    await keep(store, scope, clock)
    with pytest.raises(idempotency.IdempotencyKeyReused):
        await find(store, scope, mark=OTHER)


async def test_tenants_may_use_the_same_key(store, scopes, clock):
    for scope in scopes:
        await keep(store, scope, clock, answer=Answer(200, str(scope.org_id).encode()))
    for scope in scopes:
        assert (await find(store, scope)).body == str(scope.org_id).encode()


async def test_who_loses_the_race_writes_nothing_and_finds_the_winners_answer(store, scope, clock):
    attempts = [
        keep(store, scope, clock, answer=Answer(200, f"{n}".encode()), pause=n / 100) for n in range(4)
    ]
    ends = await asyncio.gather(*attempts, return_exceptions=True)
    assert [type(end) for end in ends] == [type(None), *[idempotency.RaceLost] * 3]
    assert await find(store, scope) == Answer(200, b"0")
    assert await count(store, "history", scope) == 1


async def test_a_request_that_failed_may_be_repeated(store, scope, clock):
    with pytest.raises(LookupError):
        await fail(store, scope, clock)
    assert await find(store, scope) is None
    await keep(store, scope, clock)


async def fail(store, scope, clock):
    async with store.transaction(scope) as tx:
        await idempotency.keep(tx, key="k", mark=MARK, answer=ANSWER, at=clock.now())
        raise LookupError


async def test_old_answers_are_forgotten(store, scope, clock):
    await keep(store, scope, clock, key="old")
    clock.advance(timedelta(days=2))
    await keep(store, scope, clock, key="new")
    async with store.system_transaction() as tx:
        await idempotency.forget_older_than(tx, clock.now() - timedelta(days=1))
    assert await find(store, scope, key="old") is None
    assert await find(store, scope, key="new") == ANSWER


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_has_1_to_255_characters(key):
    with pytest.raises(idempotency.IdempotencyKeyInvalid):
        idempotency.check_key(key)
    assert idempotency.check_key("x" * 255) == "x" * 255


def test_a_fingerprint_knows_where_its_parts_end():
    assert idempotency.fingerprint(b"ab", b"c") != idempotency.fingerprint(b"a", b"bc")
    assert idempotency.fingerprint(b"a", b"") != idempotency.fingerprint(b"a")
    assert idempotency.fingerprint(b"a", b"b") == idempotency.fingerprint(b"a", b"b")
