"""The invented organization: whom and what it has, and that a run that was cut short is finished."""

from collections import Counter
from datetime import timedelta

import msgspec
import pytest

from backhaul.cli import demo_devices
from backhaul.cli.demo_credentials import Credentials
from backhaul.cli.demo_devices import MODELS, devices, furnish, story_device
from backhaul.cli.demo_locations import LOCATIONS, add_locations
from backhaul.cli.demo_organization import SCENES
from backhaul.cli.demo_people import PEOPLE, home_of
from backhaul.domain.directory import LocationType, check_details, list_employees
from backhaul.domain.directory.addresses import examine
from backhaul.domain.directory.places import list_addresses, list_locations
from backhaul.domain.inventory import queries
from backhaul.domain.transfers.model import Direction
from tests.conftest import NOON

DAY = timedelta(days=1)
SENDERS = frozenset(person for _, person, direction, _ in SCENES if direction is Direction.RETURN)
RECEIVERS = frozenset(person for _, person, direction, _ in SCENES if direction is Direction.DEPLOYMENT)
ALL = devices(SENDERS, RECEIVERS)


def test_sixty_people_in_six_countries():
    assert len(PEOPLE) == len({person.email for person in PEOPLE}) == 60
    countries = {person.address.country_code for person in PEOPLE}
    assert countries == {"US", "GB", "DE", "FR", "IN", "CA"}
    assert {person.location_type for person in PEOPLE} == set(LocationType)
    assert {person.email.rpartition(".")[2] for person in PEOPLE} == {"example"}
    led = [person for person in PEOPLE if person.manager_email is not None]
    assert {person.manager_email for person in led} <= {person.email for person in PEOPLE}
    assert len(led) == 60 - len({person.department_name for person in PEOPLE})


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.email)
def test_everybody_is_written_as_their_country_writes(person):
    assert check_details(person) == []
    assert examine(person.address)[1] == ()


def test_two_hundred_devices_of_thirteen_models_from_five_manufacturers():
    assert len(ALL) == len({device.serial_number for device in ALL}) == 200
    assert (len(MODELS), len({model.manufacturer for model in MODELS})) == (13, 5)
    assert Counter(device.model.type for device in ALL) == {
        "Laptop": 86, "Monitor": 45, "Mobile": 30, "Tablet": 15, "Docking Station": 24,
    }  # fmt: skip
    assert {device.life[-1].status for device in ALL} == {
        "In Use", "Available", "Ready to Deploy", "Pending", "Retired", "Legal Hold",
    }  # fmt: skip
    assert sum(len({stage.person for stage in device.life} - {None}) > 1 for device in ALL) >= 20


def test_every_life_runs_forward_and_ends_before_today():
    for device in ALL:
        moments = [stage.days_ago for stage in device.life]
        assert moments == sorted(moments, reverse=True)
        assert len(set(moments)) == len(moments)
        assert moments[0] < 21
        assert moments[-1] > 0
        for stage in device.life:
            assert (stage.status == "In Use") == (stage.person is not None)


def test_everybody_has_a_laptop_of_their_own_or_is_in_the_story():
    laptops = [device.life[-1].person for device in ALL if device.model.type == "Laptop"]
    holders = [person for person in laptops if person is not None]
    assert len(holders) == len(set(holders))
    assert set(holders) == set(range(60)) - RECEIVERS
    for person in RECEIVERS | SENDERS:
        _, serial_number = story_device(person)
        (device,) = (device for device in ALL if device.serial_number == serial_number)
        assert device.life[0].days_ago > max(days_ago for days_ago, *_ in SCENES)
        assert device.life[1:] == ()


def test_a_telephone_has_a_number_whose_check_digit_is_right():
    for number in (1, 42, 199):
        imei = demo_devices._imei(number)
        doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(imei)]
        assert (len(imei), sum(sum(divmod(value, 10)) for value in doubled) % 10) == (15, 0)


def test_a_parcel_reaches_the_employee():
    assert home_of(0).notification_emails == (PEOPLE[0].email,)
    assert home_of(0).name == "Christopher Mitchell"


def test_credentials_are_written_in_their_order():
    assert Credentials.__struct_fields__ == (
        "base_url", "reready_token", "unduit_email", "unduit_password", "operator_email", "operator_password",
        "boxc_client_id", "boxc_client_secret",
    )  # fmt: skip


class CutShort(Exception):
    """Somebody ended the process."""


async def fill(db, actor, now=NOON):
    await furnish(db, actor, senders=SENDERS, receivers=RECEIVERS, day=DAY, now=now)


async def written(db, actor):
    """Serial number → everything about a device that does not depend on when it was written."""
    found = {}
    listed = await queries.list_assets(db, actor=actor, page=1, per_page=1000)
    for one in reversed(listed.items):
        detail = await queries.get_asset(db, actor=actor, serial_number=one.serial_number)
        lines = await queries.list_custody(db, actor=actor, asset=one.serial_number)
        told = msgspec.to_builtins(one)
        del told["number"], told["created_at"]
        if told["holder"]:
            del told["holder"]["number"]
        reasons = [(line.reason.value, line.to_name) for line in lines]
        found[one.serial_number] = (told, detail.asset.version, detail.asset.condition, reasons)
    return found


async def test_the_inventory_tells_the_lives_of_its_devices(db, make):
    actor = await make.organization()
    await fill(db, actor)
    found = await written(db, actor)
    assert list(found) == [device.serial_number for device in ALL]
    people = await list_employees(db, actor=actor, before=None, limit=200)
    assert len(people) == 60
    for device in ALL:
        told, version, _, _ = found[device.serial_number]
        last = device.life[-1]
        holder = None if last.person is None else PEOPLE[last.person].email
        assert (told["status_name"], (told["holder"] or {}).get("email")) == (last.status, holder)
        assert version == len(device.life)
    device = next(device for device in ALL if len(device.life) == 5)
    lines = await queries.list_custody(db, actor=actor, asset=device.serial_number)
    assert [line.at for line in lines] == [NOON - stage.days_ago * DAY for stage in device.life]


@pytest.mark.parametrize(
    ("step", "after"), [("add_asset", 0), ("add_asset", 120), ("_pass", 3), ("_pass", 70)]
)
async def test_a_run_that_was_cut_short_is_finished(db, make, monkeypatch, step, after):
    whole = await make.organization()
    await fill(db, whole)
    actor = await make.organization()
    real, left = getattr(demo_devices, step), iter(range(after))

    async def cut_short(*arguments, **options):
        if next(left, None) is None:
            raise CutShort
        return await real(*arguments, **options)

    monkeypatch.setattr(demo_devices, step, cut_short)
    with pytest.raises(CutShort if step == "add_asset" else ExceptionGroup):
        await fill(db, actor)
    monkeypatch.undo()
    await fill(db, actor, now=NOON + timedelta(minutes=3))
    assert await written(db, actor) == await written(db, whole)


async def test_a_second_run_adds_nothing(db, make):
    actor = await make.organization()
    await fill(db, actor)
    before = await written(db, actor)
    await fill(db, actor, now=NOON + DAY)
    assert await written(db, actor) == before
    assert len(await list_employees(db, actor=actor, before=None, limit=200)) == 60


async def test_a_run_that_goes_on_with_longer_days_does_not_turn_back_time(db, make, monkeypatch):
    actor = await make.organization()
    monkeypatch.setattr(demo_devices, "_pass", None)
    with pytest.raises(ExceptionGroup):
        await furnish(db, actor, senders=SENDERS, receivers=RECEIVERS, day=timedelta(seconds=2), now=NOON)
    monkeypatch.undo()
    await fill(db, actor)
    device = next(device for device in ALL if len(device.life) == 5)
    lines = await queries.list_custody(db, actor=actor, asset=device.serial_number)
    moments = [line.at for line in lines]
    assert moments == sorted(moments)
    assert moments[0] == NOON - device.life[0].days_ago * timedelta(seconds=2)


async def test_parcels_can_go_to_every_place_with_a_door(db, make):
    actor = await make.organization()
    for _ in range(2):  # a run that was cut short is taken up again
        await add_locations(db, actor, now=NOON)
    await fill(db, actor)
    there = [listed.location for listed in await list_locations(db, actor=actor)]
    assert sorted((one.name, one.type, one.address) for one in there) == sorted(
        (one.name, one.type, one.address) for one in LOCATIONS
    )
    reached = [one.name for one in await list_addresses(db, actor=actor)]
    assert len(reached) == 7
    assert "Remote" not in reached
