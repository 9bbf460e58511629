"""The demo's campaign: eight people, each further than the next."""

from datetime import timedelta

import msgspec
import pytest

from backhaul.cli import demo_organization, demo_recovery
from backhaul.cli.demo_people import OFFICE, PEOPLE
from backhaul.cli.demo_recovery import STORY, play_due
from backhaul.domain import recovery
from backhaul.domain.directory import add_employees
from backhaul.domain.identity import operator_actor, set_default_address
from backhaul.domain.identity.queries import get_organization
from backhaul.domain.inventory.operations import add_asset
from backhaul.domain.recovery.status import Shown
from backhaul.kernel.clock import SteppedClock
from backhaul.main import make_ports
from backhaul.settings import Settings
from backhaul.storage.database import Scope
from tests.conftest import NOON

DAY = timedelta(days=1)
HALF = timedelta(days=0.5)
EIGHT = sorted({number for _, number, _ in STORY})
KIT_DELIVERED_OR_NEAR = {Shown.KIT_SHIPPED, Shown.KIT_DELIVERED, Shown.IN_TRANSIT}


@pytest.fixture
async def desk(db, make, tmp_path):
    """The demo's desk with people, but without the devices' earlier lives."""
    owner = await make.organization()
    async with db.read(Scope(owner.org_id)) as reader:
        organization = await get_organization(reader, Scope(owner.org_id))
    await set_default_address(db, actor=operator_actor(organization), address=OFFICE, now=NOON - 21 * DAY)
    await add_employees(db, actor=owner, many=list(PEOPLE), now=NOON - 21 * DAY)
    ports = make_ports(Settings(), db, tmp_path)
    desk = demo_organization._recovery_desk(db, owner, ports)
    for number in EIGHT:
        new = make.new_asset(serial_number=desk.devices[number].serial_number)
        await add_asset(db, actor=owner, new=new, now=NOON - 20 * DAY)
    return desk, ports


async def play(desk, ports, *, begins=demo_recovery.BEGINS, ends=0.0):
    """Play the story between two moments, given in days ago."""
    clock, waiting = SteppedClock(NOON - begins * DAY), list(STORY)
    while True:
        await play_due(desk, waiting, today=NOON, day=DAY, now=clock.now())
        await demo_organization._settle(desk.db, clock, ports)
        if clock.now() >= NOON - ends * DAY:
            return
        clock.advance(HALF)


async def look(desk):
    number = await desk.campaign()
    return await recovery.get_campaign(desk.db, actor=desk.owner, number=number, per_page=100)


def by_first_name(found):
    return {one.case.first_name: one.status for one in found.cases}


def test_the_eight_are_nobodys_senders_or_receivers_and_have_their_laptops_by_then(desk_devices):
    assert len(EIGHT) == 8
    assert not set(EIGHT) & (demo_organization.SENDERS | demo_organization.RECEIVERS)
    assert [days for days, *_ in STORY] == sorted((days for days, *_ in STORY), reverse=True)
    for days_ago, number, _ in STORY:
        assert desk_devices[number].life[-1].days_ago > days_ago


@pytest.fixture
def desk_devices():
    return demo_organization._recovery_desk(None, None, {demo_organization.Pages: None}).devices


async def test_eight_people_stand_at_eight_places(desk):
    await play(*desk)
    found = await look(desk[0])
    standing = by_first_name(found)
    assert standing.pop("Bianca") in KIT_DELIVERED_OR_NEAR
    assert standing == {
        "Naomi": Shown.COMPLETED,
        "Hanna": Shown.RECEIVED,
        "Darius": Shown.NOT_RETURNED,
        "Teresa": Shown.IN_TRANSIT,
        "Marcus": Shown.KIT_SHIPPED,
        "Caleb": Shown.ORDER_RECEIVED,
        "Elliot": Shown.LABEL_CREATED,
    }
    assert (found.campaign.name, found.campaign.case_count, found.campaign.item_count) == (
        demo_recovery.NAME, 8, 9,
    )  # fmt: skip
    laptops = [one.items[0] for one in found.cases]
    assert None not in {item.asset_id for item in laptops}
    assert None not in {one.case.employee_id for one in found.cases}


@pytest.mark.parametrize("cut", [8.0, 2.0, 0.0])
async def test_a_story_that_was_cut_short_goes_on_where_it_was(desk, cut):
    desk, ports = desk
    await play(desk, ports, ends=cut)
    before = await look(desk)
    await play_due(desk, list(STORY), today=NOON, day=DAY, now=NOON - cut * DAY)
    assert msgspec.to_builtins(await look(desk)) == msgspec.to_builtins(before)
    await play(desk, ports, begins=cut)
    found = by_first_name(await look(desk))
    assert (len(found), found["Hanna"], found["Darius"]) == (8, Shown.RECEIVED, Shown.NOT_RETURNED)
