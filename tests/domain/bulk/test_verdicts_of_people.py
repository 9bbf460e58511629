"""Whatever a file of people holds: applying it comes to what its dry run said, and undoing it to what was before."""

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domain.bulk.desk import counts, table

from backhaul.domain.bulk.model import Kind
from backhaul.domain.bulk.queries import get_standing

EMAILS = [f"{name}@example.com" for name in ("ada", "bob", "cyd", "dan", "eve", "fay", "gus", "hal", "ivy")]
VALUES = {
    "email": [*EMAILS, "ADA@Example.com", "Fay@example.com", "", "nobody"],
    "firstname": ["Ada", "Bob", ""],
    "lastname": ["King", "Peel", ""],
    "address_1": ["1 Main Street", "2 Main Street", ""],
    "city": ["Springfield", "Shelbyville", ""],
    "country": ["US", "ca", "Narnia", ""],
    "manager_email": ["", "", *EMAILS, "BOB@example.com", "stranger@example.com", "boss"],
    "location_name": ["Hub", "hub", ""],
    "department": ["IT", "it", "Sales", ""],
    "status": ["active", "On Leave", "gone", ""],
    "contact_info": ["123", "+1", ""],
}
NEEDED = ("email", "firstname", "lastname", "address_1", "city", "country")
WITHOUT_WRITES = ("version", "updated_at")


@st.composite
def files(draw):
    optional = draw(st.lists(st.sampled_from(sorted(set(VALUES) - set(NEEDED))), unique=True))
    names = draw(st.permutations([*NEEDED, *optional]))
    chance = random.Random(draw(st.integers(0, 2**32)))
    badness = draw(st.sampled_from([0.0, 0.1, 0.5]))

    def cell(name):
        good = VALUES[name][:1] if name in NEEDED[1:] else VALUES[name][:10]
        return chance.choice(VALUES[name] if chance.random() < badness else good)

    return table(*({name: cell(name) for name in names} for _ in range(draw(st.integers(1, 12)))))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(file=files())
async def test_applying_comes_to_what_the_dry_run_said(desk, small_chunks, file):
    desk = type(desk)(await desk.stock.elsewhere())
    for email in EMAILS[:3]:
        await desk.stock.employee(email=email)
    before, there = await desk.traces(), plain(await desk.employees())
    verdicts, problems = await desk.review(file, Kind.EMPLOYEES)
    assert await desk.traces() == before
    opened = await desk.open(file, Kind.EMPLOYEES, skips_errors=True)
    assert counts(opened.review) == verdicts
    refused = {row for row, _, _ in problems}
    assert verdicts.get("error", 0) == len(refused)
    if opened.batch is None:
        assert await desk.traces() == before
        return
    batch = await desk.apply(opened.batch)
    standing = await get_standing(desk.db, actor=desk.actor, batch=batch)
    assert standing.problems == ()
    written = {"create": standing.created, "update": standing.updated, "unchanged": standing.unchanged}
    assert {name: n for name, n in written.items() if n} == {
        name: n for name, n in verdicts.items() if name != "error"
    }
    again, repeated = await desk.review(file, Kind.EMPLOYEES)
    # What was written is unchanged now. A refused row may be good: its manager stood in a later chunk.
    assert again.get("unchanged", 0) >= sum(n for name, n in verdicts.items() if name != "error")
    assert {row for row, _, _ in repeated} <= refused
    undone = await desk.undo(batch)
    assert (undone.kept, plain(await desk.employees())) == ((), there)
    assert (await desk.review(file, Kind.EMPLOYEES))[0] == verdicts


def plain(staff):
    """Employees but for what every writing moves on."""
    return {
        email: {name: value for name, value in row.items() if name not in WITHOUT_WRITES}
        for email, row in staff.items()
    }
