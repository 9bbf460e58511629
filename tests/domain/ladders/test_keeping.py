"""Ladders of an organization: made, changed by whoever read them last, one of them the default."""

import pytest

from backhaul.domain import ladders
from backhaul.domain.identity import Role
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.ladders import Anchor, Policy, Step
from backhaul.kernel.errors import InvalidInput
from backhaul.storage.database import Scope

TRACES = """
SELECT 'ladder' AS kind, to_jsonb(l)::text AS line FROM ladders AS l WHERE org_id = $1
UNION ALL SELECT 'history', to_jsonb(h)::text FROM history AS h WHERE org_id = $1
UNION ALL SELECT 'event', to_jsonb(o)::text FROM outbox AS o WHERE org_id = $1 ORDER BY 1, 2
"""
HISTORY = "SELECT action, change FROM history WHERE org_id = $1 AND subject_kind = 'ladder' ORDER BY id"
EVENTS = "SELECT type FROM outbox WHERE org_id = $1 AND type LIKE 'ladders.%'"


def policy(*days):
    return Policy(
        steps=tuple(Step(name=f"day {n}", anchor=Anchor.BOX_DELIVERED, offset_days=n) for n in days or (1,))
    )


class Shelf:
    def __init__(self, db, clock, actor):
        self.db, self.clock, self.actor = db, clock, actor

    async def make(self, name="Gentle", *days, actor=None):
        return await ladders.create_ladder(
            self.db, actor=actor or self.actor, name=name, policy=policy(*days), now=self.clock.now()
        )

    async def change(self, name, version, *days, **options):
        return await ladders.change_ladder(
            self.db, actor=self.actor, name=name, version=version, policy=policy(*days), now=self.clock.now(),
            **options,
        )  # fmt: skip

    async def choose(self, name):
        return await ladders.choose_default(self.db, actor=self.actor, name=name, now=self.clock.now())

    async def rows(self, statement):
        async with self.db.read(Scope(self.actor.org_id)) as reader:
            return [tuple(row) for row in await reader.fetch(statement, self.actor.org_id)]


@pytest.fixture
async def shelf(world):
    return Shelf(world.db, world.clock, world.actor)


async def test_a_ladder_is_found_by_its_name_in_whatever_letter_case(shelf):
    made = await shelf.make("  Gentle   words ", 3, 6)
    assert (made.name, made.version, made.is_default) == ("Gentle words", 1, False)
    assert await ladders.get_ladder(shelf.db, actor=shelf.actor, name="GENTLE words") == made
    assert await ladders.list_ladders(shelf.db, actor=shelf.actor) == [made]
    assert [action for action, _ in await shelf.rows(HISTORY)] == ["created"]


@pytest.mark.parametrize("name", ["gentle", " GENTLE"])
async def test_a_name_is_taken_once(shelf, name):
    await shelf.make()
    before = await shelf.rows(TRACES)
    with pytest.raises(ladders.LadderNameTaken):
        await shelf.make(name)
    assert await shelf.rows(TRACES) == before


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\x00b", "Built-in"])
async def test_a_name_is_a_name(shelf, name):
    before = await shelf.rows(TRACES)
    with pytest.raises(InvalidInput):
        await shelf.make(name)
    assert await shelf.rows(TRACES) == before


async def test_a_change_keeps_what_was_before_and_tells_it(shelf):
    await shelf.make()
    changed = await shelf.change("gentle", 1, 2, 4, new_name="Firm")
    assert (changed.name, changed.version, len(changed.policy.steps)) == ("Firm", 2, 2)
    (_, (action, change)) = await shelf.rows(HISTORY)
    assert action == "changed"
    assert [len(value["steps"]) for value in change["policy"]] == [1, 2]
    assert await shelf.rows(EVENTS) == [("ladders.changed",)]


async def test_what_somebody_else_changed_meanwhile_is_not_overwritten(shelf):
    await shelf.make()
    await shelf.change("Gentle", 1, 2)
    before = await shelf.rows(TRACES)
    with pytest.raises(ladders.LadderChangedMeanwhile) as refused:
        await shelf.change("Gentle", 1, 5)
    assert refused.value.data["version"] == 2
    assert await shelf.rows(TRACES) == before


async def test_changing_nothing_leaves_no_trace_and_a_new_name_alone_wakes_nobody(shelf):
    await shelf.make()
    before = await shelf.rows(TRACES)
    assert (await shelf.change("Gentle", 1)).version == 1
    assert await shelf.rows(TRACES) == before
    assert (await shelf.change("Gentle", 1, new_name="Kind")).version == 2
    assert await shelf.rows(EVENTS) == []


async def test_a_name_cannot_be_changed_to_a_taken_one(shelf):
    await shelf.make()
    await shelf.make("Firm")
    before = await shelf.rows(TRACES)
    with pytest.raises(ladders.LadderNameTaken):
        await shelf.change("Firm", 1, new_name="gentle")
    assert await shelf.rows(TRACES) == before


async def test_one_ladder_is_the_default_at_a_time(shelf):
    await shelf.make()
    await shelf.make("Firm")

    async def default():
        found = await ladders.find_default_ladder(shelf.db, actor=shelf.actor)
        return found and found.name

    assert await default() is None
    assert (await shelf.choose("gentle")).is_default
    await shelf.choose("Firm")
    assert await default() == "Firm"
    before = await shelf.rows(TRACES)
    await shelf.choose("firm")
    assert await shelf.rows(TRACES) == before
    assert await shelf.choose("built-in") is None
    assert await default() is None
    actions = [action for action, _ in await shelf.rows(HISTORY)]
    assert actions[2:] == ["made_default", "default_no_more", "made_default", "default_no_more"]


async def test_an_unknown_ladder_is_refused(shelf):
    for work in (shelf.change("none", 1), shelf.choose("none")):
        with pytest.raises(ladders.LadderUnknown):
            await work
    with pytest.raises(ladders.LadderUnknown):
        await ladders.get_ladder(shelf.db, actor=shelf.actor, name="none")


async def test_ladders_are_their_organizations_own_and_need_a_right(shelf, world):
    await shelf.make()
    stranger = await world.make.organization()
    assert await ladders.list_ladders(shelf.db, actor=stranger) == []
    assert (await shelf.make("Gentle", actor=stranger)).name == "Gentle"
    viewer = await world.make.organization(role=Role.VIEWER)
    with pytest.raises(RightMissing):
        await shelf.make("Mine", actor=viewer)
