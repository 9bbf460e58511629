"""Writing holds: steps in the caller's transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from backhaul.domain.holds import statements
from backhaul.domain.holds.errors import HoldUnknown, ReleaseUnknown
from backhaul.domain.holds.model import Hold, HoldId, Label, LockedAsset, Release, ReleaseId, SubjectKind
from backhaul.kernel.ids import new_id
from backhaul.storage.author import Author
from backhaul.storage.database import Tx
from backhaul.storage.rows import optional, record

HIGHEST_NUMBER = 2**63 - 1


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What is there of all that a hold names; keys as the schema compares them."""

    people: dict[str, UUID]  # by the key of their address
    case_people: dict[str, UUID]  # by the name of the case that is about them
    email_keys: tuple[str, ...]  # in the order asked
    serial_keys: tuple[str, ...]
    status_id: UUID | None  # the organization's first status of type undeployable


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """A subject of a hold that is being placed."""

    kind: SubjectKind
    asset_id: UUID | None = None
    employee_id: UUID | None = None
    case_number: str | None = None
    person_name: str | None = None
    person_email: str | None = None


class NamedSubject(msgspec.Struct, frozen=True, kw_only=True):
    """A subject that a release is asked for, with the release that was asked for before."""

    id: UUID
    serial_number: str | None
    is_released: bool
    release: Release | None


class Freed(msgspec.Struct, frozen=True, kw_only=True):
    """What an approval released."""

    assets: tuple[UUID, ...]
    people: tuple[UUID, ...]
    cases: tuple[str, ...]


async def lock_assets(
    tx: Tx,
    serials: Sequence[str],
    people: Sequence[str],
    case_numbers: Sequence[str],
    *,
    summary: str,
    description: str,
) -> list[LockedAsset]:
    """Return the assets of these serial numbers and all that these people and cases reach, locked until the commit.

    Waits for whoever places a hold in the same words; locks the cases' returns before the assets.
    """
    rows = await tx.fetch(
        statements.LOCK_ASSETS,
        tx.org_id,
        list(serials),
        list(people),
        list(case_numbers),
        summary,
        description,
    )
    return [record(LockedAsset, row) for row in rows]


async def look_up(
    tx: Tx, emails: Sequence[str], serials: Sequence[str], case_numbers: Sequence[str]
) -> Found:
    """Return who is there and whom these cases are about, locked until the commit, and the status held devices get."""
    row = await tx.fetchrow(statements.LOOK_UP, tx.org_id, list(emails), list(serials), list(case_numbers))
    return record(Found, row)


async def find_same(tx: Tx, covered: Sequence[Covered], *, summary: str, description: str) -> Hold | None:
    """Return the hold that was placed in these words and holds all of this yet."""
    row = await tx.fetchrow(
        statements.FIND_SAME, tx.org_id, summary, description, [one.kind.value for one in covered],
        [one.asset_id for one in covered], [one.employee_id for one in covered],
        [one.case_number for one in covered], [one.person_email for one in covered],
    )  # fmt: skip
    return optional(Hold, row)


async def place(
    tx: Tx,
    hold: Hold,
    author: Author,
    covered: Sequence[Covered],
    *,
    status_id: UUID,
) -> Hold:
    """Write a hold with everything it covers, and return it with its number. Assets become undeployable."""
    asset_ids = [one.asset_id for one in covered if one.asset_id is not None]
    people = Counter(one.employee_id for one in covered if one.employee_id is not None)
    cases = sorted({one.case_number for one in covered if one.case_number is not None})
    number: int = await tx.fetchval(
        statements.PLACE, tx.org_id, hold.id, hold.summary, hold.description, author.kind, author.id, hold.placed_at,
        [new_id() for _ in covered], [one.kind.value for one in covered], [one.asset_id for one in covered],
        [one.employee_id for one in covered], [one.case_number for one in covered],
        [one.person_name for one in covered], [one.person_email for one in covered],
        asset_ids, status_id, new_id(), list(people), list(people.values()), new_id(), cases,
    )  # fmt: skip
    return msgspec.structs.replace(hold, number=number)


async def lock_known(
    tx: Tx, asset_ids: Sequence[UUID], people: Sequence[UUID]
) -> tuple[set[UUID], set[UUID], UUID | None]:
    """Return which of these assets and people are there, locked until the commit, and the status held devices get."""
    assets = await tx.fetch(statements.LOCK_ASSETS_BY_ID, tx.org_id, list(asset_ids))
    row = await tx.fetchrow(statements.LOCK_PEOPLE_BY_ID, tx.org_id, list(people))
    return {one["id"] for one in assets}, set(row["people"]), row["status_id"]


async def lock_hold(tx: Tx, *, hold: int | None, subject: int | None, serial_number: str | None) -> Hold:
    """Return a hold by its number, or by a subject's number, locked; a device's with its serial number.

    Refuses an unknown one.
    """
    for number in (hold, subject):
        if number is not None and not 0 < number <= HIGHEST_NUMBER:
            raise HoldUnknown
    row = await tx.fetchrow(statements.LOCK_HOLD, tx.org_id, hold, subject, serial_number)
    if row is None:
        raise HoldUnknown
    return record(Hold, row)


async def named_subjects(
    tx: Tx, hold_id: HoldId, *, subject: int | None, serial_number: str | None
) -> list[NamedSubject]:
    """Return all subjects of a hold, the one of this serial number, or else the one of this number."""
    rows = await tx.fetch(statements.NAMED_SUBJECTS, tx.org_id, hold_id, serial_number, subject)
    return [_named(row) for row in rows]


def _named(row: Mapping[str, object]) -> NamedSubject:
    return msgspec.convert(
        {
            "id": row["subject_id"],
            "serial_number": row["serial_number"],
            "is_released": row["released_at"] is not None,
            "release": None if row["id"] is None else record(Release, row),
        },
        NamedSubject,
    )


async def request(
    tx: Tx,
    hold: Hold,
    subject_ids: Sequence[UUID],
    *,
    summary: str,
    description: str,
    person: str,
    at: datetime,
) -> Release:
    """Write a request for the release of some subjects of a locked hold."""
    row = await tx.fetchrow(
        statements.REQUEST, tx.org_id, new_id(), hold.id, summary, description, person, at, list(subject_ids)
    )
    return record(Release, row)


async def lock_release(tx: Tx, number: int) -> Release:
    """Return a request for a release, locked; refuses an unknown one."""
    row = None
    if 0 < number <= HIGHEST_NUMBER:
        row = await tx.fetchrow(statements.LOCK_RELEASE, tx.org_id, number)
    if row is None:
        raise ReleaseUnknown(release=number)
    return record(Release, row)


async def end_release(tx: Tx, release: Release) -> None:
    """Write a locked release that was refused or withdrawn; its subjects are free to be asked for again."""
    await tx.execute(
        statements.END_RELEASE, tx.org_id, release.id, release.status.value, release.ended_by, release.ended_at,
        release.ended_reason,
    )  # fmt: skip


async def lock_released_assets(
    tx: Tx, release_id: ReleaseId
) -> tuple[tuple[LockedAsset, ...], tuple[Label, ...]]:
    """Return the assets that a release is about, locked, and the organization's statuses, the first one first."""
    row = await tx.fetchrow(statements.LOCK_RELEASED_ASSETS, tx.org_id, release_id)
    assets = msgspec.convert(row["assets"], tuple[LockedAsset, ...])
    return assets, msgspec.convert(row["labels"] or (), tuple[Label, ...])


async def approve(
    tx: Tx, release: Release, author: Author, statuses: Mapping[UUID, UUID], *, at: datetime
) -> Freed:
    """Write an approved release; each asset gets the status that is given for it."""
    row = await tx.fetchrow(
        statements.APPROVE, tx.org_id, release.id, release.approved_by, at, list(statuses), list(statuses.values()),
        new_id(), author.kind, author.id, new_id(),
    )  # fmt: skip
    return record(Freed, row)
