"""How devices change hands, and which status they may have with whom: the tables are the documentation."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from backhaul.domain.holds.errors import HeldLegally
from backhaul.domain.inventory.errors import (
    CustodyMoveRefused,
    NotSanitised,
    StatusLabelMissing,
    StatusRefused,
)
from backhaul.domain.inventory.model import (
    Action,
    Asset,
    Custody,
    CustodyEvent,
    Reason,
    StatusLabel,
    StatusType,
)
from backhaul.storage.author import Author

_C, _A, _T = Custody, Action, StatusType

MOVES: dict[tuple[Custody, Action], Custody] = {
    (_C.ORGANIZATION, _A.ASSIGN): _C.EMPLOYEE,
    (_C.EMPLOYEE, _A.UNASSIGN): _C.ORGANIZATION,
    # What a carrier reports has happened, whatever was written down before: scans are left out, and parcels are
    # packed by people who tell nobody.
    (_C.ORGANIZATION, _A.SHIP): _C.PARCEL,
    (_C.EMPLOYEE, _A.SHIP): _C.PARCEL,
    (_C.PARCEL, _A.SHIP): _C.PARCEL,
    (_C.OUTSIDE, _A.SHIP): _C.PARCEL,
    **{(custody, _A.DELIVER_TO_ORGANIZATION): _C.ORGANIZATION for custody in _C},
    **{(custody, _A.DELIVER_TO_EMPLOYEE): _C.EMPLOYEE for custody in _C},
    **{(custody, _A.DELIVER_OUTSIDE): _C.OUTSIDE for custody in _C},
    (_C.PARCEL, _A.TAKE_IN): _C.ORGANIZATION,
    (_C.OUTSIDE, _A.TAKE_IN): _C.ORGANIZATION,
    (_C.WAREHOUSE, _A.TAKE_IN): _C.ORGANIZATION,
    # What lies on a warehouse's table is there, whatever was written down before.
    **{(custody, _A.RECEIVE): _C.WAREHOUSE for custody in _C},
    (_C.WAREHOUSE, _A.SHIP): _C.PARCEL,
    (_C.WAREHOUSE, _A.MISS): _C.OUTSIDE,
    (_C.WAREHOUSE, _A.DISCARD): _C.OUTSIDE,
}

REASONS: dict[Action, Reason] = {
    _A.ASSIGN: Reason.ASSIGNED,
    _A.UNASSIGN: Reason.UNASSIGNED,
    _A.SHIP: Reason.SHIPPED,
    _A.DELIVER_TO_ORGANIZATION: Reason.DELIVERED,
    _A.DELIVER_TO_EMPLOYEE: Reason.DELIVERED,
    _A.DELIVER_OUTSIDE: Reason.DELIVERED,
    _A.TAKE_IN: Reason.RECEIVED,
    _A.RECEIVE: Reason.RECEIVED,
    _A.MISS: Reason.MISSING,
    _A.DISCARD: Reason.DISCARDED,
}

# The types of status a device may have with each holder. Nobody can use what is in a parcel, and nobody outside the
# directory can be assigned anything: such a device is waited for, held, or written off.
STATUSES: dict[Custody, frozenset[StatusType]] = {
    _C.ORGANIZATION: frozenset(_T) - {_T.DEPLOYED},
    _C.EMPLOYEE: frozenset({_T.DEPLOYED, _T.UNDEPLOYED, _T.PENDING, _T.UNDEPLOYABLE}),
    _C.PARCEL: frozenset({_T.PENDING, _T.UNDEPLOYABLE, _T.ARCHIVED}),
    _C.OUTSIDE: frozenset({_T.PENDING, _T.UNDEPLOYABLE, _T.ARCHIVED}),
    _C.WAREHOUSE: frozenset(_T) - {_T.DEPLOYED},
}

# The type of status a device gets when it arrives with a holder and nobody names one.
ON_ARRIVAL: dict[Custody, StatusType] = {
    _C.ORGANIZATION: _T.DEPLOYABLE,
    _C.EMPLOYEE: _T.DEPLOYED,
    _C.PARCEL: _T.PENDING,
    _C.OUTSIDE: _T.PENDING,
    _C.WAREHOUSE: _T.PENDING,
}

# What no arrival changes where it is possible: who wrote a device off or holds it back says so again.
LASTING = frozenset({_T.UNDEPLOYABLE, _T.ARCHIVED})

_WHEREABOUTS: dict[Custody, tuple[str, str]] = {
    _C.ORGANIZATION: ("with the organization", "Assign it to somebody."),
    _C.EMPLOYEE: ("assigned to a user", "Unassign it first."),
    _C.PARCEL: ("in a parcel", "Take it in first."),
    _C.OUTSIDE: ("with somebody outside the directory", "Take it in first."),
    _C.WAREHOUSE: ("in a warehouse", "Have it sent on, or take it in."),
}


def first_of(labels: Sequence[StatusLabel], kind: StatusType) -> StatusLabel:
    """Return an organization's first status of a type, or refuse when it has none."""
    found = [label for label in labels if label.type is kind]
    if not found:
        raise StatusLabelMissing(type=kind.value)
    return min(found, key=lambda label: label.number)


def label_on_arrival(
    labels: Sequence[StatusLabel],
    present: StatusLabel,
    custody: Custody,
    *,
    is_held: bool,
    is_sanitisation_due: bool = False,
) -> StatusLabel:
    """Return the status of a device that arrives with a holder.

    What must not be given away stays so, and what was written off: only people lift a legal hold. But whoever gets an
    archived device uses it. What is held and was still in use, because its user got it when they were on hold already,
    becomes undeployable when it leaves them. What may hold somebody's data is waited for.
    """
    if is_held and present.type is not _T.UNDEPLOYABLE:
        return first_of(labels, _T.UNDEPLOYABLE)
    if present.type in LASTING & STATUSES[custody]:
        return present
    kind = ON_ARRIVAL[custody]
    return first_of(labels, _T.PENDING if kind is _T.DEPLOYABLE and is_sanitisation_due else kind)


def require_unheld(asset: Asset, present: StatusLabel, label: StatusLabel, *, is_held: bool) -> None:
    """Refuse another status than an undeployable one for a device on legal hold. Custody is a fact and may move."""
    if is_held and label.id != present.id and label.type is not _T.UNDEPLOYABLE:
        raise HeldLegally(what=f"Asset {asset.serial_number}", doing=f"given the status {label.name}")


def require_sanitised(asset: Asset, label: StatusLabel) -> None:
    """Refuse a deployable status for a device that came through a warehouse and was not sanitised since."""
    if asset.is_sanitisation_due and label.type is _T.DEPLOYABLE:
        raise NotSanitised(serial_number=asset.serial_number, status=label.name)


def require_status(custody: Custody, label: StatusLabel) -> None:
    """Refuse a status that a device cannot have with this holder."""
    if label.type not in STATUSES[custody]:
        whereabouts, way_out = _WHEREABOUTS[custody]
        raise StatusRefused(whereabouts=whereabouts, status=label.name, way_out=way_out)


def destination(asset: Asset, action: Action) -> Custody:
    """Return who holds the asset after an action, or refuse it."""
    custody = MOVES.get((asset.custody, action))
    if custody is None:
        raise CustodyMoveRefused(whereabouts=_WHEREABOUTS[asset.custody][0], action=action.value)
    return custody


def hand_over(asset: Asset, action: Action, *, to_id: UUID | None, label: StatusLabel, at: datetime) -> Asset:
    """Return the asset with its next holder since `at`: `to_id` is the employee, the shipment or the warehouse.

    Whatever a warehouse receives has to be sanitised before it may be deployed again. Nobody holds it since before
    the one who had it first: `at` may have been read before a lock was waited for.
    """
    custody = destination(asset, action)
    require_status(custody, label)
    is_sanitisation_due = asset.is_sanitisation_due or action is _A.RECEIVE
    after = msgspec.structs.replace(
        asset,
        status_id=label.id,
        custody=custody,
        employee_id=to_id if custody is _C.EMPLOYEE else None,
        shipment_id=to_id if custody is _C.PARCEL else None,
        custody_since=max(at, asset.custody_since),
        custody_count=asset.custody_count + 1,
        updated_at=max(at, asset.updated_at),
        version=asset.version + 1,
        warehouse_id=to_id if custody is _C.WAREHOUSE else None,
        is_sanitisation_due=is_sanitisation_due,
    )
    require_sanitised(after, label)
    return after


def restore(
    asset: Asset,
    custody: Custody,
    *,
    to_id: UUID | None,
    label: StatusLabel,
    is_sanitisation_due: bool,
    at: datetime,
) -> Asset:
    """Return the asset with whoever held it before a receipt that never was."""
    require_status(custody, label)
    after = msgspec.structs.replace(
        asset,
        status_id=label.id,
        custody=custody,
        employee_id=to_id if custody is _C.EMPLOYEE else None,
        shipment_id=to_id if custody is _C.PARCEL else None,
        warehouse_id=to_id if custody is _C.WAREHOUSE else None,
        custody_since=max(at, asset.custody_since),
        custody_count=asset.custody_count + 1,
        updated_at=max(at, asset.updated_at),
        version=asset.version + 1,
        is_sanitisation_due=is_sanitisation_due,
    )
    require_sanitised(after, label)
    return after


def holder_id(asset: Asset) -> UUID | None:
    """Return the employee, the shipment or the warehouse that holds an asset."""
    return asset.employee_id or asset.shipment_id or asset.warehouse_id


def custody_event(
    before: Asset | None, after: Asset, reason: Reason, author: Author, evidence: dict[str, str]
) -> CustodyEvent:
    """Return the entry of the ledger that leads from one holder to the next."""
    return CustodyEvent(
        asset_id=after.id,
        sequence=after.custody_count,
        reason=reason,
        from_custody=None if before is None else before.custody,
        from_id=None if before is None else holder_id(before),
        to_custody=after.custody,
        to_id=holder_id(after),
        at=after.custody_since,
        author_kind=author.kind,
        author_id=author.id,
        evidence=evidence,
    )
