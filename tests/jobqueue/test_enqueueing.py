import asyncio
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

import asyncpg
import msgspec
import pytest

from backhaul.jobqueue import Run, job
from backhaul.jobqueue.draining import drain
from backhaul.kernel.clock import SystemClock
from backhaul.kernel.ids import OrgId, new_id
from backhaul.storage import history
from backhaul.storage.scope import Scope

ParcelId = NewType("ParcelId", UUID)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Size(StrEnum):
    SMALL = "small"


class Broken(Exception):
    """Something went wrong before the commit."""


@pytest.fixture
def parcels():
    """The parcels that were moved, by a job that moves them."""
    moved: list[tuple[OrgId, UUID]] = []

    @job("test.move_parcel")
    async def move(run: Run, *, org_id: OrgId, parcel_id: ParcelId) -> None:
        moved.append((org_id, parcel_id))

    return move, moved


async def test_a_job_exists_only_when_its_transaction_commits(db, clock, scope, parcels, rows):
    move, moved = parcels

    async def break_off() -> None:
        async with db.transaction(scope) as tx:
            move.enqueue(tx, parcel_id=new_id())
            await tx.write_facts()
            raise Broken

    with pytest.raises(Broken):
        await break_off()
    assert await rows() == []
    parcel_id = new_id()
    async with db.transaction(scope) as tx:
        move.enqueue(tx, parcel_id=parcel_id)
        assert await rows() == []
    assert len(await rows()) == 1
    await drain(db, clock=clock, ports={})
    assert moved == [(scope.org_id, parcel_id)]
    assert await rows() == []


async def test_jobs_and_history_are_written_in_one_statement(db, scope, parcels, rows):
    move, _ = parcels
    async with db.transaction(scope) as tx:
        history.note(tx, history.SYSTEM, subject=("parcel", new_id()), action="found", at=NOON)
        move.enqueue(tx, parcel_id=new_id(), key="again")
        move.enqueue(tx, parcel_id=new_id(), key="again")
        move.enqueue(tx, parcel_id=new_id())
        taken = tx.facts.take()
        assert taken is not None
        statement, arguments = taken
        assert statement.count("INSERT INTO") == 2
        await tx.execute(statement, *arguments)
    assert len(await rows()) == 2


async def test_arguments_come_back_with_their_types(db, clock, scope):
    seen = {}

    @job("test.keep_everything")
    async def keep(
        run: Run,
        *,
        org_id: OrgId,
        parcel_id: ParcelId,
        at_noon: datetime,
        on_day: date,
        count: int,
        name: str,
        size: Size,
        many: list[ParcelId],
        spare: int | None = None,
    ) -> None:
        seen.update(
            {name: value for name, value in locals().items() if name != "seen"},
        )

    sent = {
        "parcel_id": ParcelId(new_id()),
        "at_noon": NOON,
        "on_day": NOON.date(),
        "count": 3,
        "name": "Zoë \N{PACKAGE}",
        "size": Size.SMALL,
        "many": [ParcelId(new_id())],
    }
    async with db.transaction(scope) as tx:
        keep.enqueue(tx, **sent)
    await drain(db, clock=clock, ports={})
    run = seen.pop("run")
    assert (run.now(), run.attempt) == (clock.now(), 1)
    assert {name: seen[name] for name in sent} == sent
    assert seen["org_id"] == scope.org_id
    assert seen["spare"] is None
    assert type(seen["size"]) is Size


async def test_wrong_arguments_are_refused_where_they_are_given(db, scope, parcels, rows):
    move, _ = parcels
    async with db.transaction(scope) as tx:
        with pytest.raises(TypeError, match=r"takes no parcel$"):
            move.enqueue(tx, parcel=new_id())
        with pytest.raises(msgspec.ValidationError, match="parcel_id"):
            move.enqueue(tx)
        with pytest.raises(msgspec.ValidationError, match="parcel_id"):
            move.enqueue(tx, parcel_id=7)
    assert await rows() == []


def test_a_handler_must_take_its_organization_and_its_name_must_be_free(parcels):
    with pytest.raises(TypeError, match="org_id"):

        @job("test.homeless")
        async def homeless(run: Run, *, parcel_id: UUID) -> None: ...

    with pytest.raises(TypeError, match="is taken"):
        job("test.move_parcel")
    with pytest.raises(ValueError, match="capability"):
        job("MoveParcel")


async def test_a_second_job_with_the_key_is_dropped_while_one_waits(db, clock, scope, parcels, rows):
    move, moved = parcels
    first, other = new_id(), new_id()
    for parcel_id in (first, new_id()):
        async with db.transaction(scope) as tx:
            move.enqueue(tx, parcel_id=parcel_id, key="same")
    async with db.transaction(Scope(OrgId(new_id()))) as tx:
        move.enqueue(tx, parcel_id=other, key="same")
    assert len(await rows()) == 2
    await drain(db, clock=clock, ports={})
    assert [parcel for _, parcel in moved] == [first, other]
    async with db.transaction(scope) as tx:
        move.enqueue(tx, parcel_id=new_id(), key="same")
    assert len(await rows()) == 1


async def test_a_running_job_does_not_stand_for_the_next_one_of_its_key(db, clock, scope, rows):
    runs = 0

    @job("test.look_once_more")
    async def look(run: Run, *, org_id: OrgId) -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            async with run.db.transaction(Scope(org_id)) as tx:
                look.enqueue(tx, key="same")
            raise RuntimeError("its retry meets the other one")

    async with db.transaction(scope) as tx:
        look.enqueue(tx, key="same")
    await drain(db, clock=clock, ports={})
    assert runs == 2
    (waiting,) = await rows()
    assert waiting["attempts"] == 1
    assert waiting["dedupe_key"] is None
    clock.advance(timedelta(hours=1))
    await drain(db, clock=clock, ports={})
    assert runs == 3
    assert await rows() == []


async def test_the_waiting_job_waits_for_those_it_stands_for(db, scope, parcels):
    move, moved = parcels
    async with db.transaction(scope) as tx:
        move.enqueue(tx, parcel_id=new_id(), key="same")
    async with db.transaction(scope) as tx:
        move.enqueue(tx, parcel_id=new_id(), key="same")
        await tx.write_facts()
        await drain(db, clock=SystemClock(), ports={})
        assert moved == [], "it would not see this transaction's change"
    await drain(db, clock=SystemClock(), ports={})
    assert len(moved) == 1


async def test_two_transactions_with_the_same_new_key_make_one_job(db, scope, parcels, rows):
    move, _ = parcels

    async def enqueue() -> None:
        async with db.transaction(scope) as tx:
            for key in ("b", "a", "c"):
                move.enqueue(tx, parcel_id=new_id(), key=key)

    await asyncio.gather(*(enqueue() for _ in range(12)))
    assert len(await rows()) == 3


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id FROM jobs.pgqueuer",
        "UPDATE jobs.pgqueuer SET priority = 1",
        "DELETE FROM jobs.pgqueuer",
        "TRUNCATE jobs.pgqueuer",
        "INSERT INTO jobs.pgqueuer (priority, entrypoint, status, attempts) VALUES (0, 'x', 'queued', 9)",
        "SELECT * FROM jobs.periodic",
        "SELECT * FROM jobs.pgqueuer_log",
    ],
)
async def test_the_app_role_may_only_insert(db, scope, statement):
    async with db.read(scope) as reader:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await reader.execute(statement)
