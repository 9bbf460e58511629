"""Imports upon imports: undoing one makes way for undoing the one before."""

import random

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domain.bulk.desk import device, person, table
from tests.domain.bulk.test_verdicts import holds

from backhaul.domain.bulk.assets import importing
from backhaul.domain.bulk.errors import BatchMoveRefused
from backhaul.domain.bulk.importers import IMPORTERS
from backhaul.domain.bulk.model import Kind, Status
from backhaul.domain.bulk.queries import get_batch


async def status(desk, batch):
    return (await get_batch(desk.db, actor=desk.actor, number=batch.number)).status


async def test_the_later_import_undone_first_leaves_nothing_in_the_way_of_the_earlier(desk):
    await desk.stock.employee(email="ada@example.com")
    old = await desk.stock.add(serial_number="OLD", sku="S")
    first = await desk.run(table({**device("NEW"), "sku": "T"}, {"serial_number": "OLD", "sku": "T"}))
    second = await desk.run(
        table(
            *(
                {"serial_number": name, "asset_status": "In Use", "assign_to_email": "ada@example.com"}
                for name in ("NEW", "OLD")
            )
        )
    )
    third = await desk.run(table({"serial_number": "NEW", "sku": "U"}, {"serial_number": "OLD", "sku": "U"}))
    for batch in (third, second, first):
        standing = await desk.undo(batch)
        assert (standing.undone, standing.kept, await status(desk, batch)) == (2, (), Status.UNDONE)
    [(serial, back)] = (await desk.assets()).items()
    assert (serial, back.sku, back.status_id, back.custody) == ("OLD", "S", old.status_id, old.custody)
    await holds(desk)


async def test_what_was_in_the_way_of_undoing_can_be_undone_and_the_undoing_repeated(desk):
    first = await desk.run(table(device("A"), device("B"), device("C")))
    second = await desk.run(table({"serial_number": "B", "sku": "T"}))
    standing = await desk.undo(first)
    assert (standing.undone, [(kept.key, kept.reason) for kept in standing.kept]) == (
        2,
        [("B", "changed_since")],
    )
    assert await status(desk, first) is Status.UNDONE_PARTLY
    with pytest.raises(BatchMoveRefused):
        await desk.apply(first)
    assert (await desk.undo(first)).undone == 2  # it is still in the way
    await desk.undo(second)
    standing = await desk.undo(first)
    assert (standing.undone, standing.kept) == (3, ())
    assert await status(desk, first) is Status.UNDONE
    assert await desk.assets() == {}
    with pytest.raises(BatchMoveRefused):
        await desk.undo(first)


async def test_what_somebody_changed_between_two_imports_is_kept_however_often_it_is_tried(desk):
    await desk.stock.add(serial_number="OLD", sku="S")
    first = await desk.run(table({"serial_number": "OLD", "sku": "T"}))
    await desk.stock.change("OLD", tag="mine")
    second = await desk.run(table({"serial_number": "OLD", "sku": "U"}))
    assert (await desk.undo(second)).kept == ()
    for _ in range(2):
        standing = await desk.undo(first)
        assert (standing.undone, [kept.reason for kept in standing.kept]) == (0, ["changed_since"])
    [left] = (await desk.assets()).values()
    assert (left.sku, left.tag) == ("T", "mine")


async def test_a_row_that_is_gone_does_not_keep_an_undoing_open(desk):
    ada = await desk.stock.employee(email="ada@example.com")
    batch = await desk.run(table({"email": ada.email, "lastname": "King"}), Kind.EMPLOYEES)
    await desk.remove(ada.id)
    standing = await desk.undo(batch)
    assert [(kept.id, kept.key, kept.reason) for kept in standing.kept] == [(ada.id, "", "gone")]
    assert await status(desk, batch) is Status.UNDONE


async def test_people_compose_too(desk):
    await desk.stock.employee(email="old@example.com", first_name="Olga")
    first = await desk.run(
        table(person("ada@example.com"), {"email": "old@example.com", "firstname": "Olja"}), Kind.EMPLOYEES
    )
    second = await desk.run(
        table(
            {"email": "ada@example.com", "manager_email": "bob@example.com"},
            person("bob@example.com"),
            {"email": "old@example.com", "firstname": "Ola", "manager_email": "bob@example.com"},
        ),
        Kind.EMPLOYEES,
    )
    standing = await desk.undo(first)
    assert sorted((kept.key, kept.reason) for kept in standing.kept) == [
        ("ada@example.com", "changed_since"),
        ("old@example.com", "changed_since"),
    ]
    assert (await desk.undo(second)).kept == ()
    standing = await desk.undo(first)
    assert (standing.undone, standing.kept) == (2, ())
    [left] = (await desk.employees()).values()
    assert (left["email"], left["first_name"], left["manager_id"]) == ("old@example.com", "Olga", None)


SERIALS = ["A", "B", "C", "D", "E"]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 10), is_touched=st.booleans())
async def test_undoing_every_import_from_the_last_leaves_what_others_did(
    desk, monkeypatch, seed, steps, is_touched
):
    """Whatever was mixed: untouched rows are as before all imports, and a touched one is never removed or reset."""
    monkeypatch.setitem(IMPORTERS, Kind.ASSETS, msgspec.structs.replace(importing.IMPORTER, chunk_rows=2))
    chance = random.Random(seed)
    desk = type(desk)(await desk.stock.elsewhere())
    await desk.stock.employee(email="ada@example.com")
    for name in SERIALS[:2]:
        await desk.stock.add(serial_number=name, sku="S")
    before = {name: (asset.sku, asset.custody) for name, asset in (await desk.assets()).items()}
    applied, touched = [], set()
    for step in range(steps):
        if is_touched and chance.random() < 0.3 and (there := sorted(await desk.assets())):
            name = chance.choice(there)
            await desk.stock.change(name, tag=f"mine {step}")
            touched.add(name)
        elif applied and chance.random() < 0.3:
            if not (await desk.undo(applied[-1])).kept:
                applied.pop()
        else:
            names = chance.sample(SERIALS, chance.randint(1, 4))
            rows = [
                {
                    **device(name),
                    **chance.choice(({"sku": f"T{step}"}, HANDED_OUT, {"asset_status": "Retired"})),
                }
                for name in names
            ]
            if (batch := await desk.run(table(*rows), skips_errors=True)) is not None:
                applied.append(batch)
    for batch in reversed(applied):
        await desk.undo(batch)
    left = await desk.assets()
    assert set(before) <= set(left)
    assert touched <= set(left)
    untouched = {name: (asset.sku, asset.custody) for name, asset in left.items() if name not in touched}
    assert untouched == {name: was for name, was in before.items() if name not in touched}
    assert all(left[name].tag.startswith("mine") for name in touched)
    await holds(desk)


HANDED_OUT = {"asset_status": "In Use", "assign_to_email": "ada@example.com"}
