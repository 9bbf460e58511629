"""backhaul radar …: what an installation that just began shows, what is put off and woken, and how it refuses."""

from datetime import UTC, datetime, timedelta

import pytest

from backhaul.domain.shipping.model import Fault, Tracking
from tests.cli.conftest import Installation
from tests.domain.radar.tower import Tower
from tests.domain.transfers.ground import ground, opened, sweep, world

FIXTURES = (ground, opened, sweep, world)


@pytest.fixture
async def tower(world):
    """An organization with one exception: a box that was lost."""
    transfer = await world.order()
    await world.settle()
    await world.report(await world.box(transfer), Tracking.FAILURE, fault=Fault.LOST)
    await world.settle()
    tower = Tower(world)
    await tower.look()
    return tower


def test_an_empty_radar_lists_nothing_and_knows_no_number(installation):
    def run(*arguments, **options):
        return installation.run("radar", *arguments, "--org", "harbour", **options)

    installation.run("org", "create", "Harbour")
    listed = run("list").stdout.splitlines()
    assert [line.split("\t") for line in listed] == [
        ["kind", "leg", "tracking", "since", "due", "state", "owner", "to do", "number"]
    ]
    for command in (["show", "7"], ["acknowledge", "7"], ["assign", "7", "nobody@example.com"]):
        refused = run(*command, check=False)
        assert refused.returncode == 1
        known = "radar.exception_unknown" if command[0] != "assign" else "input.invalid"
        assert f"Refused ({known})" in refused.stderr
    wrong = run("list", "--kind", "nonsense", check=False)
    assert wrong.returncode == 2


async def test_an_exception_is_put_off_for_days_and_woken(tower, tmp_path):
    place = Installation(tmp_path / "data")

    def radar(*arguments, **options):
        org = ("--org", str(tower.actor.org_id))
        return place.run("radar", *arguments, *org, BACKHAUL_DATABASE_URL=tower.world.url, **options)

    def state():
        return radar("list").stdout.splitlines()[1].split("\t")[5]

    before = await tower.only()
    number = str(before.number)
    for days, status in (("91", 1), ("-1", 2), ("soon", 2)):
        refused = radar("snooze", number, "--days", days, check=False)
        assert refused.returncode == status, days
    assert radar("snooze", number, check=False).returncode == 2  # for how long?
    unknown = radar("snooze", str(before.number + 999), "--days", "3", check=False)
    assert (unknown.returncode, "Refused (radar.exception_unknown)" in unknown.stderr) == (1, True)
    assert await tower.only() == before
    began_at = datetime.now(UTC)
    said = radar("snooze", number, "--days", "3").stdout
    after = await tower.only()
    assert after.snoozed_until is not None
    assert timedelta(days=3) <= after.snoozed_until - began_at <= timedelta(days=3, minutes=5)
    assert said == f"Exception {number} is put off until {after.snoozed_until:%Y-%m-%d %H:%M}.\n"
    assert state() == f"snoozed until {after.snoozed_until:%Y-%m-%d %H:%M}"
    for _ in range(2):
        assert radar("snooze", number, "--days", "0").stdout == f"Exception {number} needs somebody now.\n"
    assert (await tower.only()).snoozed_until is None
    assert state() == "overdue"
