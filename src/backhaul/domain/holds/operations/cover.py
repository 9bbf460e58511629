"""Place holds on what the caller's own transaction is about: a step that never commits."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from backhaul.domain.holds import tables
from backhaul.domain.holds.errors import HoldStatusMissing
from backhaul.domain.holds.events import HoldPlaced
from backhaul.domain.holds.model import Hold, HoldId, NewHold, SubjectKind
from backhaul.domain.holds.tables import Covered
from backhaul.kernel.ids import new_id
from backhaul.storage import history, outbox
from backhaul.storage.database import Tx


async def place_known(tx: Tx, *, author: history.Author, many: Sequence[NewHold], at: datetime) -> list[Hold]:
    """Place some holds on devices and cases that the caller found; whose right it is, the caller has asked.

    Locks devices, then people, each in the order of ids, then cases: the caller holds none of these yet. A device that
    is gone by now is held by its case. Refuses when no status is there for held devices.
    """
    asked = [one for new in many for one in new.subjects]
    people = sorted({one.employee_id for one in asked if one.employee_id is not None})
    assets = sorted({one.asset_id for one in asked if one.asset_id is not None})
    found, there, status_id = await tables.lock_known(tx, assets, people)
    if status_id is None:
        raise HoldStatusMissing
    return [
        await _place(tx, author, new, _covered(new, found, there), status_id=status_id, at=at) for new in many
    ]


def _covered(new: NewHold, assets: set[UUID], people: set[UUID]) -> list[Covered]:
    """Return each device once, and each case once."""
    covered: dict[UUID | str, Covered] = {}
    for one in new.subjects:
        if one.asset_id is not None and one.asset_id in assets:
            is_known = one.employee_id in people
            covered[one.asset_id] = Covered(
                kind=SubjectKind.ASSET,
                asset_id=one.asset_id,
                employee_id=one.employee_id if is_known else None,
                person_name=None if is_known else one.person_name,
                person_email=None if is_known else one.person_email,
            )
        else:
            covered[one.case_number] = Covered(
                kind=SubjectKind.CASE,
                case_number=one.case_number,
                employee_id=one.employee_id if one.employee_id in people else None,
            )
    return list(covered.values())


async def _place(
    tx: Tx,
    author: history.Author,
    new: NewHold,
    covered: Sequence[Covered],
    *,
    status_id: UUID,
    at: datetime,
) -> Hold:
    hold = Hold(
        id=HoldId(new_id()),
        org_id=tx.org_id,
        number=0,
        summary=new.summary,
        description=new.description,
        placed_by_kind=author.kind,
        placed_by_id=author.id,
        placed_at=at,
    )
    hold = await tables.place(tx, hold, author, covered, status_id=status_id)
    history.note(tx, author, subject=("hold", hold.id), action="placed", at=at, after=hold)
    told = HoldPlaced(
        subject_id=hold.id,
        asset_ids=tuple(one.asset_id for one in covered if one.asset_id is not None),
        employee_ids=tuple({one.employee_id: None for one in covered if one.employee_id is not None}),
        case_numbers=tuple(one.case_number for one in covered if one.case_number is not None),
    )
    outbox.record(tx, told, at=at)
    return hold
