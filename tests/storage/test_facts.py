"""Facts gathered in a transaction are written by one statement."""

import re

import pytest

from backhaul.jobqueue.declaring import JOB_FACT
from backhaul.kernel.ids import new_id
from backhaul.storage import history, outbox
from backhaul.storage.facts import FactBasket, FactKind, compose

PEARS = FactKind(
    name="pears", width=2, insert="INSERT INTO pears SELECT * FROM unnest($1::int[], $2::text[])"
)
PLUMS = FactKind(
    name="plums", width=1, insert="INSERT INTO plums SELECT * FROM unnest($1::int[])", wakes="plum_eaters"
)


def test_one_kind_is_its_own_statement():
    assert compose(((PEARS, False),)) == PEARS.insert


def test_a_single_row_is_written_as_plain_values():
    assert (
        compose(((PEARS, True),)) == "INSERT INTO pears SELECT * FROM (VALUES ($1::int, $2::text)) AS noted"
    )
    basket = FactBasket()
    basket.add(PEARS, (1, "a"))
    assert basket.take() == (compose(((PEARS, True),)), [1, "a"])


def test_several_kinds_become_one_statement_with_their_placeholders_counted_on():
    assert compose(((PEARS, False), (PLUMS, False), (JOB_FACT, False))) == (
        "WITH pears AS (INSERT INTO pears SELECT * FROM unnest($1::int[], $2::text[])), "
        "plums AS (INSERT INTO plums SELECT * FROM unnest($3::int[])) "
        + re.sub(r"\$(\d)", lambda found: f"${int(found[1]) + 3}", JOB_FACT.insert)
    )


def test_a_basket_gives_each_column_as_an_array_and_is_empty_afterwards():
    basket = FactBasket()
    basket.add(PEARS, (1, "a"))
    basket.add(PLUMS, (9,))
    basket.add(PEARS, (2, "b"))
    assert basket.take() == (compose(((PEARS, False), (PLUMS, True))), [[1, 2], ["a", "b"], 9])
    assert basket.take() is None


def test_whoever_waits_for_a_kind_is_woken_even_after_the_facts_are_taken():
    basket = FactBasket()
    basket.add(PEARS, (1, "a"))
    assert basket.wakes == set()
    basket.add(PLUMS, (9,))
    basket.take()
    assert basket.wakes == {"plum_eaters"}


@pytest.mark.parametrize("values", [(), (1,), (1, "a", 2)])
def test_a_fact_of_the_wrong_width_is_a_defect(values):
    with pytest.raises(ValueError, match=f"pears takes 2 values, not {len(values)}"):
        FactBasket().add(PEARS, values)


async def test_any_number_of_facts_costs_one_statement(store, scope, clock, listener, statements):
    from tests.storage.happening import Happened

    async with store.transaction(scope) as tx:
        with statements(tx) as log:
            subject_id = new_id()
            for n in range(5):
                history.note(tx, history.SYSTEM, subject=("test", subject_id), action=f"{n}", at=clock.now())
                outbox.record(tx, Happened(subject_id=subject_id, n=n), at=clock.now())
            assert log == []
            await tx.write_facts()
            await tx.write_facts()
    assert len(log) == 1
    async with store.read(scope) as reader:
        assert await reader.fetchval("SELECT count(*) FROM history") == 5
        rows = await reader.fetch("SELECT payload FROM outbox ORDER BY id")
        assert [row["payload"]["n"] for row in rows] == [0, 1, 2, 3, 4]


async def test_facts_noted_late_are_written_with_the_rest(store, scope, clock):
    async with store.transaction(scope) as tx:
        for n in range(2):
            history.note(tx, history.SYSTEM, subject=("test", new_id()), action=f"{n}", at=clock.now())
            await tx.write_facts()
        history.note(tx, history.SYSTEM, subject=("test", new_id()), action="last", at=clock.now())
    async with store.read(scope) as reader:
        assert await reader.fetchval("SELECT count(*) FROM history") == 3
