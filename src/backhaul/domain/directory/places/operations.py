"""What can be done with locations and departments."""

from datetime import datetime

import msgspec

from backhaul.domain.directory.errors import PlaceChangedMeanwhile
from backhaul.domain.directory.events import (
    DepartmentAdded,
    DepartmentRenamed,
    LocationAdded,
    LocationChanged,
)
from backhaul.domain.directory.places import tables
from backhaul.domain.directory.places.model import Department, Location, LocationDetails
from backhaul.domain.directory.places.spelling import clean_location, clean_name
from backhaul.domain.identity.model import Actor, Right
from backhaul.kernel.errors import InvalidInput
from backhaul.storage import history, outbox
from backhaul.storage.database import Database


async def add_location(db: Database, *, actor: Actor, details: LocationDetails, now: datetime) -> Location:
    """Write a location down. Refuses a name that is taken, and everything that is wrong with the values at once."""
    scope = actor.scope(Right.DIRECTORY_WRITE)
    details, problems = clean_location(details)
    if problems:
        raise InvalidInput(problems)
    async with db.transaction(scope) as tx:
        added = await tables.add_location(tx, details, at=now)
        history.note(tx, actor.author, subject=("location", added.id), action="added", at=now, after=added)
        outbox.record(tx, LocationAdded(subject_id=added.id), at=now)
    return added


async def change_location(
    db: Database,
    *,
    actor: Actor,
    number: int,
    details: LocationDetails,
    now: datetime,
    version: int | None = None,
) -> Location:
    """Replace what is written down about a location; the same details again change nothing.

    With `version`, refused when somebody changed it since that version was read.
    """
    scope = actor.scope(Right.DIRECTORY_WRITE)
    details, problems = clean_location(details)
    if problems:
        raise InvalidInput(problems)
    async with db.transaction(scope) as tx:
        before = await tables.lock_location(tx, number)
        changed = msgspec.structs.replace(
            before, name=details.name, type=details.type, address=details.address
        )
        if changed == before:
            return before
        if version not in {None, before.version}:
            raise PlaceChangedMeanwhile(name=before.name)
        after = msgspec.structs.replace(changed, version=before.version + 1)
        await tables.save_location(tx, after)
        history.note(
            tx,
            actor.author,
            subject=("location", after.id),
            action="changed",
            at=now,
            before=before,
            after=after,
        )
        outbox.record(tx, LocationChanged(subject_id=after.id), at=now)
    return after


async def add_department(db: Database, *, actor: Actor, name: str, now: datetime) -> Department:
    """Write a department down. Refuses a name that is taken."""
    scope = actor.scope(Right.DIRECTORY_WRITE)
    name, problems = clean_name(name)
    if problems:
        raise InvalidInput(problems)
    async with db.transaction(scope) as tx:
        added = await tables.add_department(tx, name, at=now)
        history.note(tx, actor.author, subject=("department", added.id), action="added", at=now, after=added)
        outbox.record(tx, DepartmentAdded(subject_id=added.id), at=now)
    return added


async def rename_department(
    db: Database, *, actor: Actor, number: int, name: str, now: datetime
) -> Department:
    """Give a department another name. Refuses one that is taken; the same name again changes nothing."""
    scope = actor.scope(Right.DIRECTORY_WRITE)
    name, problems = clean_name(name)
    if problems:
        raise InvalidInput(problems)
    async with db.transaction(scope) as tx:
        before = await tables.lock_department(tx, number)
        if before.name == name:
            return before
        after = msgspec.structs.replace(before, name=name, version=before.version + 1)
        await tables.save_department(tx, after)
        history.note(
            tx,
            actor.author,
            subject=("department", after.id),
            action="changed",
            at=now,
            before=before,
            after=after,
        )
        outbox.record(tx, DepartmentRenamed(subject_id=after.id), at=now)
    return after
