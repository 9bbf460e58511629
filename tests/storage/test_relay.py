"""The relay tells each event once, in its subject's order, whoever else relays and whatever fails."""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from tests.storage.happening import NAME, Happened, count

from backhaul.kernel.clock import SteppedClock
from backhaul.kernel.errors import Unavailable
from backhaul.kernel.ids import new_id
from backhaul.storage import outbox, relay
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database

WAITING = (
    "SELECT (payload ->> 'n')::int AS n, attempts, failure FROM outbox WHERE processed_at IS NULL ORDER BY id"
)


async def tell(db, clock):
    return await relay.relay_waiting(db, ports={}, clock=clock)


async def tell_all(db, clock):
    total = 0
    while told := await tell(db, clock):
        total += told
    return total


async def waiting(db):
    async with db.system() as reader:
        return [tuple(row) for row in await reader.fetch(WAITING)]


@pytest.fixture
async def other(ground):
    """The pools of another process."""
    opened = await Database.open(DatabaseUrls.single(ground), Session(app_connections=4))
    yield opened
    await opened.close()


@pytest.fixture
def unheard(listener, monkeypatch):
    """Nobody reacts to anything."""
    monkeypatch.setattr(outbox, "_REACTIONS", {})


@pytest.fixture
def stumbling(monkeypatch):
    """The relay's first round finds no database, its second one fails; it idles for a moment only."""
    ends = [LookupError("a defect"), Unavailable(what="The database")]
    whole = relay.relay_waiting

    async def relay_waiting(db, **arguments):
        if ends:
            raise ends.pop()
        return await whole(db, **arguments)

    monkeypatch.setattr(relay, "relay_waiting", relay_waiting)
    monkeypatch.setattr(relay, "IDLE_SECONDS", 0.05)
    return ends


async def test_several_relays_in_two_processes_tell_each_event_once_and_in_order(
    store, other, scopes, listener, happen
):
    clock = SteppedClock(datetime(2026, 5, 4, 13, tzinfo=UTC))
    subjects = [(scope, new_id()) for scope in scopes for _ in range(8)]
    for scope, subject_id in subjects:
        await happen(scope, subject_id, 1, 2)
        await happen(scope, subject_id, 3)
    told = await asyncio.gather(*(tell_all(db, clock) for db in (store, other, store, other)))
    assert sum(told) == 48
    order = defaultdict(list)
    for subject_id, n in listener.told:
        order[subject_id].append(n)
    assert dict(order) == {subject_id: [1, 2, 3] for _, subject_id in subjects}
    assert [await count(store, "history", scope) for scope in scopes] == [24, 24]
    assert await waiting(store) == []


async def test_what_commits_late_is_not_lost(store, scope, clock, listener, happen):
    late, early = new_id(), new_id()
    async with store.transaction(scope) as tx:
        outbox.record(tx, Happened(subject_id=late, n=1), at=clock.now())
        await tx.write_facts()  # it has its number now, and is not visible
        await happen(scope, early, 2)
        assert await tell(store, clock) == 1
    assert await tell(store, clock) == 1
    assert listener.told == [(early, 2), (late, 1)]


async def test_an_event_held_by_another_relay_is_left_to_it(store, scope, clock, listener, happen):
    await happen(scope, new_id(), 1)
    async with store.system_transaction() as tx:
        await tx.execute("SELECT FROM outbox FOR UPDATE")
        assert await tell(store, clock) == 0
    assert await tell(store, clock) == 1


async def test_events_nobody_reacts_to_are_done_at_once(store, scope, clock, happen, unheard):
    await happen(scope, new_id(), 1)
    assert await tell(store, clock) == 0
    assert await waiting(store) == []
    assert await count(store, "outbox", scope) == 1


async def test_events_of_a_later_release_wait_for_a_process_that_knows_them(
    store, scope, clock, happen, monkeypatch
):
    await happen(scope, new_id(), 1)
    with monkeypatch.context() as earlier:
        earlier.delitem(outbox.EVENTS, NAME)
        earlier.setattr(outbox, "_REACTIONS", {})
        assert await tell(store, clock) == 0
        assert await waiting(store) == [(1, 0, None)]
    assert await tell(store, clock) == 1


async def test_a_failed_reaction_leaves_nothing_is_counted_and_waits_its_turn(
    store, scope, clock, listener, happen
):
    subject_id, free = new_id(), new_id()
    await happen(scope, subject_id, 1, 2)
    await happen(scope, free, 3)
    listener.fails_for = {1}
    assert await tell_all(store, clock) == 1
    assert listener.told == [(free, 3)]
    assert await count(store, "history", scope) == 1
    assert await waiting(store) == [(1, 1, "RuntimeError: no"), (2, 0, None)]
    listener.fails_for = set()
    clock.advance(timedelta(milliseconds=999))
    assert await tell_all(store, clock) == 0
    clock.advance(timedelta(milliseconds=1))
    assert await tell_all(store, clock) == 2
    assert listener.told == [(free, 3), (subject_id, 1), (subject_id, 2)]
    assert await waiting(store) == []


async def test_a_database_that_is_away_is_not_the_events_fault(store, scope, clock, listener, happen):
    await happen(scope, new_id(), 1)
    listener.fails_for, listener.failure = {1}, Unavailable(what="The database")
    assert await tell(store, clock) == 0
    assert await waiting(store) == [(1, 0, None)]


async def test_an_event_that_cannot_be_read_is_counted_too(store, scope, clock, listener, happen):
    await happen(scope, new_id(), 1)
    async with store.system_transaction() as tx:
        await tx.execute("""UPDATE outbox SET payload = '{"n": 7}'""")
    assert await tell(store, clock) == 0
    ((n, attempts, failure),) = await waiting(store)
    assert (n, attempts) == (7, 1)
    assert failure.startswith("ValidationError: ")


async def test_after_its_last_attempt_an_event_is_parked_and_a_release_gives_all_of_them_back(
    store, scope, clock, listener, happen
):
    subject_id = new_id()
    await happen(scope, subject_id, 1, 2)
    listener.fails_for = {1}
    for _ in range(relay.MAX_ATTEMPTS + 5):
        await tell(store, clock)
        clock.advance(timedelta(minutes=10))
    assert await waiting(store) == [(1, relay.MAX_ATTEMPTS, "RuntimeError: no"), (2, 0, None)]
    (parked,) = await relay.list_parked_events(store)
    assert (parked.type, parked.subject_id, parked.org_id) == ("tests.happened", subject_id, scope.org_id)
    listener.fails_for = set()
    assert await tell(store, clock) == 0
    await relay.release_event(store, parked.id)
    assert await tell_all(store, clock) == 2
    assert await relay.list_parked_events(store) == []


async def test_an_event_that_only_failed_so_far_cannot_be_released(store, scope, clock, listener, happen):
    await happen(scope, new_id(), 1)
    listener.fails_for = {1}
    await tell(store, clock)
    async with store.system() as reader:
        event_id = await reader.fetchval("SELECT id FROM outbox")
    with pytest.raises(relay.EventNotParked):
        await relay.release_event(store, event_id)


async def test_what_was_told_long_ago_is_forgotten_and_the_rest_is_kept(
    store, scope, clock, listener, happen
):
    await happen(scope, new_id(), 1)
    await tell(store, clock)
    await happen(scope, new_id(), 2)
    clock.advance(relay.KEEP_PROCESSED)
    assert await relay.forget_processed(store, now=clock.now()) == 0
    clock.advance(timedelta(seconds=1))
    assert await relay.forget_processed(store, now=clock.now()) == 1
    assert await waiting(store) == [(2, 0, None)]
    assert await count(store, "outbox", scope) == 1


async def test_a_running_relay_outlives_failing_rounds(store, scope, clock, listener, happen, stumbling):  # noqa: PLR0917
    stop = asyncio.Event()
    running = asyncio.create_task(relay.run_relay(store, ports={}, clock=clock, stop=stop))
    subject_id = new_id()
    await happen(scope, subject_id, 1)
    await until_told(listener, 1)
    stop.set()
    await asyncio.wait_for(running, 5)
    assert (listener.told, stumbling) == ([(subject_id, 1)], [])


async def test_a_running_relay_hears_of_a_commit_without_looking(store, scope, clock, listener, happen):
    stop = asyncio.Event()
    running = asyncio.create_task(relay.run_relay(store, ports={}, clock=clock, stop=stop))
    subject_id = new_id()
    try:
        await happen(scope, subject_id, 1)
        await until_told(listener, 1)
        relay_idles = relay.IDLE_SECONDS
        started = asyncio.get_running_loop().time()
        for n in range(2, 7):  # by looking now and then, five would take five idle seconds
            await happen(scope, subject_id, n)
            await until_told(listener, n)
        assert asyncio.get_running_loop().time() - started < 3 * relay_idles
    finally:
        stop.set()
        await asyncio.wait_for(running, 5)
    assert listener.told == [(subject_id, n) for n in range(1, 7)]


async def until_told(listener, number):
    async with asyncio.timeout(10):
        while len(listener.told) < number:  # noqa: ASYNC110 -- the reaction is all there is to look at
            await asyncio.sleep(0.01)
