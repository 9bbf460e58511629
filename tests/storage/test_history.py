"""History: only what differs is kept, nobody changes it, and each record's lines come in order."""

from datetime import timedelta

import asyncpg
import msgspec
import pytest
from tests.storage.happening import count

from backhaul.kernel.ids import new_id
from backhaul.storage import history


class Kettle(msgspec.Struct, frozen=True):
    color: str
    litres: int
    is_hot: bool = False


def test_only_the_fields_that_differ_are_kept():
    assert history.difference(Kettle("red", 2), Kettle("red", 3, is_hot=True)) == {
        "litres": [2, 3],
        "is_hot": [False, True],
    }


def test_a_new_record_shows_all_it_has_and_a_lost_one_all_it_had():
    assert history.difference(None, Kettle("red", 2)) == {
        "color": [None, "red"],
        "litres": [None, 2],
        "is_hot": [None, False],
    }
    assert history.difference(Kettle("red", 2), None) == {
        "color": ["red", None],
        "litres": [2, None],
        "is_hot": [False, None],
    }
    assert history.difference(None, None) == history.difference(Kettle("red", 2), Kettle("red", 2)) == {}


async def test_a_line_names_who_did_what_when_and_why(store, scope, clock):
    kettle, user = new_id(), new_id()
    async with store.transaction(scope) as tx:
        history.note(
            tx,
            history.Author("user", user),
            subject=("kettle", kettle),
            action="heated",
            at=clock.now(),
            before=Kettle("red", 2),
            after=Kettle("red", 2, is_hot=True),
            reason="tea",
        )
    async with store.read(scope) as reader:
        (line,) = await history.of_subject(reader, scope, kind="kettle", subject_id=kettle)
    assert line == history.Entry(
        action="heated",
        actor_kind="user",
        actor_id=user,
        at=clock.now(),
        change={"is_hot": [False, True], "reason": [None, "tea"]},
    )


async def test_lines_come_oldest_first_and_of_one_record_alone(store, scope, clock):
    kettle, pot = new_id(), new_id()
    for n in range(4):
        async with store.transaction(scope) as tx:
            for subject in (("kettle", kettle), ("pot", pot), ("pot", kettle)):
                history.note(tx, history.SYSTEM, subject=subject, action=f"{subject[0]} {n}", at=clock.now())
        clock.advance(timedelta(hours=1))
    async with store.read(scope) as reader:
        lines = await history.of_subject(reader, scope, kind="kettle", subject_id=kettle)
    assert [line.action for line in lines] == ["kettle 0", "kettle 1", "kettle 2", "kettle 3"]


async def test_not_even_the_owner_changes_it(store, scope, clock, ground):
    async with store.transaction(scope) as tx:
        history.note(tx, history.SYSTEM, subject=("kettle", new_id()), action="made", at=clock.now())
    owner = await asyncpg.connect(ground)
    try:
        for statement in (
            "UPDATE history SET action = 'unmade'",
            "DELETE FROM history",
            "TRUNCATE history",
            "UPDATE history SET action = 'unmade' WHERE false",
        ):
            with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="history is append-only"):
                await owner.execute(statement)
    finally:
        await owner.close()
    assert await count(store, "history", scope) == 1
