"""Many receivers, many organizations, many workers: nobody waits for somebody else's slow server."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from backhaul.domain.webhooks import DeliveryStatus, tables
from backhaul.domain.webhooks.sending import Sender
from backhaul.jobqueue import Run, job
from backhaul.jobqueue.worker import WorkerSettings, run_worker
from backhaul.kernel.clock import SystemClock
from backhaul.kernel.ids import OrgId
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database

from .office import Office

PATIENCE_SECONDS = 30  # far more than anything here takes
DONE = []


@job("test.beside_webhooks")
async def beside_webhooks(run: Run, *, org_id: OrgId) -> None:
    DONE.append(org_id)


def url(receiver, number=0):
    return f"http://127.0.0.1:{receiver.port}/{number}"


async def until(condition):
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await condition():  # noqa: ASYNC110 -- others do the work
            await asyncio.sleep(0.02)


@pytest.fixture
async def patient(db, make, tmp_path):
    """An office on the machine's clock whose requests may take very long."""
    return Office(db, SystemClock(), make, await make.organization(), tmp_path, timeout_seconds=600.0)


async def test_fifty_deliveries_to_a_slow_receiver_hold_up_neither_jobs_nor_other_receivers(patient, start):
    slow, quick = await start(delay=600), await start()
    for number in range(50):
        await patient.deliver(url(slow, number))
    stop = asyncio.Event()
    working = asyncio.create_task(
        run_worker(
            patient.db,
            clock=patient.clock,
            ports=patient.ports,
            settings=WorkerSettings(concurrency=2, drain_seconds=0.1),
            stop=stop,
            extra_loops=[patient.sender.run],
        )
    )
    try:
        await until(lambda: _reached(slow, 2))
        DONE.clear()
        delivery_id = await patient.deliver(url(quick))
        async with patient.db.transaction(patient.scope) as tx:
            for _ in range(10):
                beside_webhooks.enqueue(tx)

        async def delivered():
            return (await patient.delivery(delivery_id)).status is DeliveryStatus.DELIVERED and len(
                DONE
            ) == 10

        await until(delivered)
        assert (slow.connections, slow.peak) == (2, 2)
    finally:
        stop.set()
        await working


async def _reached(receiver, connections):
    return receiver.connections >= connections


async def test_a_host_has_two_requests_in_flight_and_gets_all_of_its_deliveries(office, start):
    receivers = [await start(delay=0.02) for _ in range(3)]
    for number in range(10):
        for receiver in receivers:
            await office.deliver(url(receiver, number))
    assert await office.send() == 30
    assert [receiver.peak for receiver in receivers] == [2, 2, 2]
    assert [len(receiver.requests) for receiver in receivers] == [10, 10, 10]


async def test_no_more_requests_are_in_flight_than_there_are_places(db, clock, make, tmp_path, start):
    office = Office(db, clock, make, await make.organization(), tmp_path, at_once=6, at_once_per_host=2)
    other = await office.elsewhere()
    hold = asyncio.Semaphore(0)
    receivers = [await start(hold=hold) for _ in range(4)]
    for number in range(3):
        for receiver in receivers:
            await office.deliver(url(receiver, number))
    # Half of the places are for others, and no host has two while another has none.
    assert await office.sender.start_due() == 3
    assert await office.sender.start_due() == 0
    assert Counter(host for host, _ in office.sender._running.values()).most_common(1)[0][1] == 1
    for number in range(3):
        for receiver in receivers:
            await other.deliver(url(receiver, number))
    assert await office.sender.start_due() == 3
    assert await office.sender.start_due() == 0
    assert Counter(org_id for _, org_id in office.sender._running.values()) == {
        office.scope.org_id: 3,
        other.scope.org_id: 3,
    }
    release(hold, 24)
    assert await office.send() == 18
    assert max(receiver.peak for receiver in receivers) <= 2
    assert [len(receiver.requests) for receiver in receivers] == [6, 6, 6, 6]


def release(hold, count):
    for _ in range(count):
        hold.release()


async def test_organizations_take_turns_at_a_host_they_share(office, start):
    receiver = await start()
    other = await office.elsewhere()
    for number in range(6):
        await office.deliver(url(receiver, number))
    late = await other.deliver(url(receiver, 99))
    assert await office.sender.start_due() == 2
    assert {org_id for _, org_id in office.sender._running.values()} == {
        office.scope.org_id,
        other.scope.org_id,
    }
    await office.send()
    assert (await other.delivery(late)).status is DeliveryStatus.DELIVERED
    assert len(receiver.requests) == 7


async def test_whoever_has_requests_in_flight_comes_after_whoever_has_none(office, start):
    hold = asyncio.Semaphore(0)
    receiver = await start(hold=hold)
    other = await office.elsewhere()
    for number in range(6):
        await office.deliver(url(receiver, number))
    assert await office.sender.start_due() == 2  # both places are the first organization's
    await other.deliver(url(receiver, 99))  # decided after all of its deliveries
    release(hold, 1)
    await asyncio.wait(list(office.sender._running), return_when=asyncio.FIRST_COMPLETED)
    await asyncio.sleep(0)
    assert await office.sender.start_due() == 1
    assert {org_id for _, org_id in office.sender._running.values()} == {
        office.scope.org_id,
        other.scope.org_id,
    }
    release(hold, 6)
    await office.send()
    assert len(receiver.requests) == 7


async def test_what_ends_while_the_next_are_claimed_leaves_nothing_behind(office, start, monkeypatch):
    """Its places were taken when the claim was made, so that the claim was for nothing."""
    hold = asyncio.Semaphore(0)
    receiver = await start(hold=hold)
    for number in range(4):
        await office.deliver(url(receiver, number))
    assert await office.sender.start_due() == 2
    claim = tables.claim

    async def slow_claim(reader, **asked):
        taken = await claim(reader, **asked)
        release(hold, 4)
        if office.sender._running:
            await asyncio.wait(list(office.sender._running))
        await asyncio.sleep(0)  # what they leave to be done at their end
        return taken

    monkeypatch.setattr(tables, "claim", slow_claim)
    assert await office.send() == 2
    assert len(receiver.requests) == 4


async def test_several_workers_send_each_delivery_once(office, database_url, start):
    receiver = await start(delay=0.005)
    ids = [await office.deliver(url(receiver, number)) for number in range(40)]
    others = [
        await Database.open(
            DatabaseUrls.single(database_url), Session(app_connections=4, worker_connections=4)
        )
        for _ in range(3)
    ]
    try:
        senders = [Sender(db, clock=office.clock, ports=office.ports) for db in (office.db, *others)]
        made = await asyncio.gather(*(sender.send_due() for sender in senders))
    finally:
        for db in others:
            await db.close()
    assert sum(made) == 40
    assert Counter(headers["webhook-id"] for _, headers, _ in receiver.requests) == Counter(map(str, ids))


async def test_a_claim_that_nobody_kept_runs_out(office, start):
    receiver = await start()
    delivery_id = await office.deliver(url(receiver))
    office.sender._carry_out = _die
    assert await office.send() == 1
    fresh = Sender(office.db, clock=office.clock, ports=office.ports)
    assert await fresh.send_due() == 0
    office.clock.advance(await _lease(office))
    assert await fresh.send_due() == 1
    assert (await office.delivery(delivery_id)).attempts == 1


async def _die(claimed):
    """What a worker that was killed does with its claim."""


async def _lease(office):
    [waiting] = await office.deliveries(status=DeliveryStatus.PENDING)
    return waiting.next_attempt_at - office.now


async def test_workers_that_claim_at_the_same_moment_claim_different_deliveries(office):
    ids = {await office.deliver(f"http://127.0.0.1:{port}/") for port in range(1, 201)}
    until = office.now + timedelta(seconds=60)
    claimed = []

    async def claim_all(db):
        async with db.system() as reader:
            while taken := await tables.claim(
                reader,
                running={},
                now=office.now,
                until=until,
                room=5,
                at_once_per_host=2,
                at_once_per_organization=5,
            ):
                claimed.extend(one.id for one in taken)

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(claim_all(office.db))
    assert Counter(claimed) == Counter(ids)
