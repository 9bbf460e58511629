"""What the last release held becomes known as this one knows it: the data part of migration 0044, run again."""

from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from tests.domain.holds.court import case, person
from tests.domain.holds.reach.test_becoming_known import give_back, retire, stock, use

from backhaul.storage.migrations import apply

MIGRATION = Path(apply.__file__).parent / "versions" / "0044_reach_of_holds.sql"
INDEXES = "DROP INDEX hold_subjects_unreleased, recovery_items_unknown_imei, recovery_items_unknown_tag"
DEVICE = """
SELECT s.name AS status, b.name AS before, a.custody_before_hold, a.hold_count, a.version
FROM assets AS a JOIN status_labels AS s ON s.org_id = a.org_id AND s.id = a.status_id
LEFT JOIN status_labels AS b ON b.org_id = a.org_id AND b.id = a.status_before_hold
WHERE a.serial_number = $1
"""
LAST_NOTE = """
SELECT h.action, h.actor_kind, h.actor_id, h.change - 'updated_at' AS change FROM history AS h JOIN assets AS a
ON a.org_id = h.org_id AND a.id = h.subject_id WHERE a.serial_number = $1 ORDER BY h.id DESC LIMIT 1
"""
COUNTS = """
SELECT (SELECT count(*) FROM hold_subjects), (SELECT count(*) FROM history), (SELECT sum(version) FROM assets)
"""


@pytest.fixture
async def owner(ground):
    """The login that migrates."""
    connection = await asyncpg.connect(ground)
    yield connection
    await connection.close()


async def run_again(owner):
    async with owner.transaction():
        await owner.execute(INDEXES)
        await owner.execute(MIGRATION.read_text(encoding="utf-8"))


async def hold_as_the_last_release_did(owner, scene, *, who):
    """Leave one line for a person: nothing that they had before is brought along."""
    nobody = await scene.desk.world.make.employee(scene.desk.actor)
    hold = await scene.place(person(nobody))
    await owner.execute("UPDATE hold_subjects SET employee_id = $1 WHERE hold_id = $2", who.id, hold.id)
    await owner.execute("UPDATE employees SET hold_count = hold_count - 1 WHERE id = $1", nobody.id)
    await owner.execute("UPDATE employees SET hold_count = hold_count + 1 WHERE id = $1", who.id)
    return hold


async def hand_round(scene, serial, *people):
    for one in people:
        scene.desk.world.clock.advance(timedelta(hours=1))
        await use(scene, serial, one.email)
        await give_back(scene, serial, one)


async def test_what_they_had_last_becomes_undeployable_with_history_and_is_let_go_like_any_other(
    open_scene, owner
):
    scene = await open_scene(is_known=False)
    bob = await scene.desk.world.make.employee(scene.desk.actor)
    mine, passed_on, never = await stock(scene), await stock(scene), await stock(scene)
    await hand_round(scene, mine, bob, scene.ada, scene.ada)
    await hand_round(scene, passed_on, scene.ada, bob)
    hold = await hold_as_the_last_release_did(owner, scene, who=scene.ada)
    was = {serial: dict(await owner.fetchrow(DEVICE, serial)) for serial in (mine, passed_on, never)}
    await run_again(owner)
    assert dict(await owner.fetchrow(DEVICE, mine)) == {
        "status": "Legal Hold",
        "before": "Available",
        "custody_before_hold": "organization",
        "hold_count": 1,
        "version": was[mine]["version"] + 1,
    }
    note = await owner.fetchrow(LAST_NOTE, mine)
    assert (note["action"], note["actor_kind"], note["actor_id"]) == ("held", "system", None)
    changed = await owner.fetchval(
        "SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys($1::jsonb) AS k", note["change"]
    )
    assert changed == ["status_id", "version"]
    for serial in (passed_on, never):
        assert dict(await owner.fetchrow(DEVICE, serial)) == was[serial]
        await retire(scene, serial)
    async with scene.held(f"Asset {mine}"):
        await retire(scene, mine)
    await scene.release(hold)
    assert (await owner.fetchrow(DEVICE, mine))["status"] == "Available"


async def test_two_holds_count_twice_and_are_one_note(open_scene, owner):
    scene = await open_scene(is_known=False)
    mine = await stock(scene)
    await hand_round(scene, mine, scene.ada)
    for _ in range(2):
        await hold_as_the_last_release_did(owner, scene, who=scene.ada)
    before = await owner.fetchrow(COUNTS)
    await run_again(owner)
    assert (await owner.fetchrow(DEVICE, mine))["hold_count"] == 2
    subjects, notes, versions = before
    after = await owner.fetchrow(COUNTS)
    assert tuple(after) == (subjects + 2, notes + 1, versions + 1)
    await run_again(owner)
    assert await owner.fetchrow(COUNTS) == after


@pytest.mark.parametrize("named_by", ["code", "public_number"])
async def test_the_person_of_a_case_on_hold_is_kept(open_scene, owner, named_by):
    scene = await open_scene(is_known=False)
    for name in (getattr(scene.case, named_by), "1777888", "12345678900000000000000000000000"):
        await scene.place(case(name))
    await owner.execute("UPDATE hold_subjects SET employee_id = NULL")
    await owner.execute("UPDATE employees SET hold_count = 0")
    await run_again(owner)
    kept = await owner.fetch(
        "SELECT case_number, employee_id FROM hold_subjects WHERE employee_id IS NOT NULL"
    )
    assert [tuple(row) for row in kept] == [(getattr(scene.case, named_by), scene.ada.id)]
    assert await owner.fetchval("SELECT hold_count FROM employees WHERE id = $1", scene.ada.id) == 1
    async with scene.held(scene.names["person"]):
        await scene.erase()
