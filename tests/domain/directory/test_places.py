"""Locations and departments in their own right."""

import msgspec
import pytest

from backhaul.domain.directory import DepartmentUnknown, LocationType, LocationUnknown
from backhaul.domain.directory.errors import PlaceChangedMeanwhile, PlaceNameTaken
from backhaul.domain.directory.places import (
    LocationDetails,
    add_department,
    add_location,
    change_location,
    get_location,
    list_addresses,
    list_departments,
    list_locations,
    rename_department,
)
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import RIGHTS, Role
from backhaul.kernel.addresses import Address
from backhaul.kernel.errors import InvalidInput
from backhaul.storage import history

OFFICE = Address(
    line_1=" 1 Main Street ", city="Reno", country_code="us", notification_emails=(" it@x.example ", "")
)


def viewing(actor):
    return msgspec.structs.replace(actor, rights=RIGHTS[Role.VIEWER])


async def test_a_location_is_kept_clean_found_by_type_and_counted(ground):
    added = await add_location(
        ground.db,
        actor=ground.actor,
        details=LocationDetails(name=" Depot ", type=LocationType.WAREHOUSE, address=OFFICE),
        now=ground.clock.now(),
    )
    assert (added.name, added.address.line_1, added.address.country_code) == ("Depot", "1 Main Street", "US")
    assert added.address.notification_emails == ("it@x.example",)
    await ground.add(location_name="depot")
    await ground.add(location_name="Attic")
    found = await list_locations(ground.db, actor=ground.actor)
    assert [(one.location.name, one.people, one.assets) for one in found] == [
        ("Attic", 1, 0),
        ("Depot", 1, 0),
    ]
    by_type = await list_locations(ground.db, actor=ground.actor, kind=LocationType.WAREHOUSE)
    assert [one.location for one in by_type] == [added]
    assert [one.location.name for one in await list_locations(ground.db, actor=ground.actor, text="TIC")] == [
        "Attic"
    ]
    after = await list_locations(ground.db, actor=ground.actor, after="attic", limit=1)
    assert [one.location.name for one in after] == ["Depot"]
    assert await list_addresses(ground.db, actor=ground.actor) == [added]
    assert await list_addresses(ground.db, actor=ground.actor, kind=LocationType.RETAIL_STORE) == []
    assert await get_location(ground.db, actor=ground.actor, number=added.number) == added


async def test_a_change_is_noted_once_and_the_same_again_changes_nothing(ground):
    added = await add_location(
        ground.db, actor=ground.actor, details=LocationDetails(name="Depot"), now=ground.clock.now()
    )
    details = LocationDetails(name="Main depot", address=OFFICE)

    async def change(**options):
        return await change_location(
            ground.db,
            actor=ground.actor,
            number=added.number,
            details=details,
            now=ground.clock.now(),
            **options,
        )

    changed = await change(version=1)
    assert (changed.name, changed.version) == ("Main depot", 2)
    assert await change(version=1) == changed
    async with ground.db.read(ground.scope) as reader:
        entries = await history.of_subject(reader, ground.scope, kind="location", subject_id=added.id)
    assert [(entry.action, sorted(entry.change)) for entry in entries][1:] == [
        ("changed", ["address", "name", "version"])
    ]


@pytest.mark.parametrize(
    "kind", ["taken", "blank", "address", "emails", "stale", "elsewhere", "huge", "right"]
)
async def test_a_refused_location_leaves_no_trace(ground, kind):
    now = ground.clock.now()
    depot = await add_location(ground.db, actor=ground.actor, details=LocationDetails(name="Depot"), now=now)
    await add_location(ground.db, actor=ground.actor, details=LocationDetails(name="Shop"), now=now)
    stranger = await ground.make.organization()
    theirs = await add_location(ground.db, actor=stranger, details=LocationDetails(name="T"), now=now)
    bad = msgspec.structs.replace(OFFICE, line_1="", city="x" * 101, country_code="QQ")
    many = msgspec.structs.replace(OFFICE, notification_emails=("nobody",))
    name, address, number, version, actor, error = {
        "taken": ("SHOP ", None, depot.number, None, ground.actor, PlaceNameTaken),
        "blank": (" ", None, depot.number, None, ground.actor, InvalidInput),
        "address": ("D", bad, depot.number, None, ground.actor, InvalidInput),
        "emails": ("D", many, depot.number, None, ground.actor, InvalidInput),
        "stale": ("D", None, depot.number, 7, ground.actor, PlaceChangedMeanwhile),
        "elsewhere": ("D", None, theirs.number, None, ground.actor, LocationUnknown),
        "huge": ("D", None, 2**64, None, ground.actor, LocationUnknown),
        "right": ("D", None, depot.number, None, viewing(ground.actor), RightMissing),
    }[kind]
    before = await ground.traces()
    with pytest.raises(error) as refused:
        await change_location(
            ground.db,
            actor=actor,
            number=number,
            details=LocationDetails(name=name, address=address),
            version=version,
            now=now,
        )
    if kind == "address":
        assert [problem.path for problem in refused.value.problems] == [
            "address.line_1", "address.city", "address.country_code",
        ]  # fmt: skip
    assert await ground.traces() == before


async def test_departments_are_added_renamed_and_counted(ground):
    now = ground.clock.now()
    added = await add_department(ground.db, actor=ground.actor, name=" Science ", now=now)
    await ground.add(department_name="science")
    renamed = await rename_department(
        ground.db, actor=ground.actor, number=added.number, name="Research", now=now
    )
    found = await list_departments(ground.db, actor=ground.actor, text="search")
    assert [(one.department, one.people) for one in found] == [(renamed, 1)]
    assert await list_departments(ground.db, actor=ground.actor, after="research") == []
    with pytest.raises(PlaceNameTaken):
        await add_department(ground.db, actor=ground.actor, name="RESEARCH", now=now)
    before = await ground.traces()
    for number, name, error in (
        (added.number, "", InvalidInput),
        (2**64, "X", DepartmentUnknown),
        (added.number + 999, "X", DepartmentUnknown),
    ):
        with pytest.raises(error):
            await rename_department(ground.db, actor=ground.actor, number=number, name=name, now=now)
    same = await rename_department(
        ground.db, actor=ground.actor, number=added.number, name="Research", now=now
    )
    assert same == renamed
    assert await ground.traces() == before
