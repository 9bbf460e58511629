"""Place a legal hold."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from backhaul.domain.holds import tables
from backhaul.domain.holds.errors import HoldStatusMissing
from backhaul.domain.holds.events import HoldPlaced
from backhaul.domain.holds.model import MAX_SUBJECTS, Hold, HoldId, LockedAsset, NewSubject, SubjectKind
from backhaul.domain.holds.spelling import check_texts
from backhaul.domain.holds.tables import Covered, Found
from backhaul.domain.identity.model import Actor, Right
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.storage import history, outbox
from backhaul.storage.database import Database


async def place_hold(
    db: Database,
    *,
    actor: Actor,
    summary: str,
    description: str,
    subjects: Sequence[NewSubject],
    now: datetime,
) -> Hold:
    """Hold assets, people with all they have or had last, and cases with all they expect or got, and their person.

    Devices cannot be deployed from this moment on. The case that a device is named with is not given up, and
    nothing else of it is held. Refuses an unknown serial number, an unknown address of a person to hold, and a name
    that stands in the list before, all at once, under paths like `subjects[2].name`. What another hold covers may be
    held once more; said again in the same words, also at once, it is the hold that is there already.
    """
    scope = actor.scope(Right.HOLDS_WRITE)
    problems = check_texts(summary, description)
    if not 1 <= len(subjects) <= MAX_SUBJECTS:
        problems.append(
            FieldProblem("subjects", "holds.list_length", f"must list 1 to {MAX_SUBJECTS} of them")
        )
    if problems:
        raise InvalidInput(problems)
    serials = [one.name for one in subjects if one.kind is SubjectKind.ASSET]
    held_people = [one.name for one in subjects if one.kind is SubjectKind.EMPLOYEE]
    custodians = [one.custodian_email for one in subjects if one.custodian_email is not None]
    case_numbers = [one.name.strip() for one in subjects if one.kind is SubjectKind.CASE]
    summary, description = summary.strip(), description.strip()
    async with db.transaction(scope) as tx:
        assets = await tables.lock_assets(
            tx, serials, held_people, case_numbers, summary=summary, description=description
        )
        found = await tables.look_up(tx, [*held_people, *custodians], serials, case_numbers)
        covered = _covered(subjects, found, {asset.serial_key: asset for asset in assets})
        same = await tables.find_same(tx, covered, summary=summary, description=description)
        if same is not None:
            return same
        covered += _brought_along(covered, assets)
        if found.status_id is None:
            raise HoldStatusMissing
        hold = Hold(
            id=HoldId(new_id()),
            org_id=scope.org_id,
            number=0,
            summary=summary,
            description=description,
            placed_by_kind=actor.author.kind,
            placed_by_id=actor.author.id,
            placed_at=now,
        )
        hold = await tables.place(tx, hold, actor.author, covered, status_id=found.status_id)
        history.note(tx, actor.author, subject=("hold", hold.id), action="placed", at=now, after=hold)
        outbox.record(tx, _told(hold, covered), at=now)
    return hold


def _covered(
    subjects: Sequence[NewSubject], found: Found, assets: Mapping[str, LockedAsset]
) -> list[Covered]:
    """Return what is named, or refuse with everything that is not there."""
    serial_keys = iter(found.serial_keys)
    held = sum(one.kind is SubjectKind.EMPLOYEE for one in subjects)
    held_keys, custodian_keys = iter(found.email_keys[:held]), iter(found.email_keys[held:])
    problems: list[FieldProblem] = []
    covered: list[Covered] = []
    seen: set[tuple[SubjectKind, str]] = set()
    for position, one in enumerate(subjects):
        key = one.name.strip()
        if one.kind is SubjectKind.ASSET:
            key = next(serial_keys)
        elif one.kind is SubjectKind.EMPLOYEE:
            key = next(held_keys)
        custodian = None if one.custodian_email is None else found.people.get(next(custodian_keys))
        is_there = {
            SubjectKind.ASSET: key in assets,
            SubjectKind.EMPLOYEE: key in found.people,
            SubjectKind.CASE: bool(key),
        }[one.kind]
        if not is_there:
            problems.append(_unknown(position, one.kind))
        elif (one.kind, key) in seen:
            text = "stands in this list before"
            problems.append(FieldProblem(f"subjects[{position}].name", "holds.subject_repeated", text))
        else:
            covered.append(_cover(one, key, assets, found, custodian))
        seen.add((one.kind, key))
    if problems:
        raise InvalidInput(problems)
    return covered


def _cover(
    one: NewSubject,
    key: str,
    assets: Mapping[str, LockedAsset],
    found: Found,
    custodian: UUID | None,
) -> Covered:
    if one.kind is SubjectKind.EMPLOYEE:
        return Covered(kind=one.kind, employee_id=found.people[key])
    if one.kind is SubjectKind.CASE:
        return Covered(kind=one.kind, case_number=key, employee_id=found.case_people.get(key))
    is_outside = custodian is None
    return Covered(
        kind=one.kind,
        asset_id=assets[key].id,
        employee_id=custodian,
        case_number=one.case_number,
        person_name=one.custodian_name if is_outside else None,
        person_email=one.custodian_email if is_outside else None,
    )


def _brought_along(covered: Sequence[Covered], assets: Sequence[LockedAsset]) -> list[Covered]:
    """Return the devices that people and cases bring along, but for those that are named themselves."""
    named = {one.asset_id for one in covered}
    return [Covered(kind=SubjectKind.ASSET, asset_id=asset.id) for asset in assets if asset.id not in named]


def _unknown(position: int, kind: SubjectKind) -> FieldProblem:
    text = {
        SubjectKind.ASSET: "must be the serial number of an asset in the inventory",
        SubjectKind.EMPLOYEE: "must be the e-mail address of an employee in the directory",
        SubjectKind.CASE: "must be the number of a case",
    }[kind]
    return FieldProblem(f"subjects[{position}].name", "holds.subject_unknown", text)


def _told(hold: Hold, covered: Sequence[Covered]) -> HoldPlaced:
    return HoldPlaced(
        subject_id=hold.id,
        asset_ids=tuple(one.asset_id for one in covered if one.asset_id is not None),
        employee_ids=tuple({one.employee_id: None for one in covered if one.employee_id is not None}),
        case_numbers=tuple({one.case_number: None for one in covered if one.case_number is not None}),
    )
