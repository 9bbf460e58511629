"""How a release moves, and which status a device has when the last hold on it ends."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from backhaul.domain.holds.errors import (
    ReleaseApproved,
    ReleaseEnded,
    ReleaseOfAnother,
    SecondPersonNeeded,
)
from backhaul.domain.holds.model import Action, Label, LockedAsset, Release, ReleaseStatus

MOVES: dict[tuple[ReleaseStatus, Action], ReleaseStatus] = {
    (ReleaseStatus.REQUESTED, Action.APPROVE): ReleaseStatus.APPROVED,
    (ReleaseStatus.REQUESTED, Action.REFUSE): ReleaseStatus.REFUSED,
    (ReleaseStatus.REQUESTED, Action.WITHDRAW): ReleaseStatus.WITHDRAWN,
}

UNDEPLOYABLE = "undeployable"
DEPLOYABLE = "deployable"

# The type of status with each holder, for what changed hands while it was held: inventory's own table says the same.
ON_ARRIVAL = {
    "organization": "deployable",
    "employee": "deployed",
    "parcel": "pending",
    "outside": "pending",
    "warehouse": "pending",
}


def approve(release: Release, *, person: str, at: datetime) -> Release:
    """Return the release as approved by a person, who must not be the one that asked for it."""
    after = _status_after(release, Action.APPROVE)
    if person == release.requested_by:
        raise SecondPersonNeeded(release=release.ticket)
    return msgspec.structs.replace(
        release, status=after, approved_by=person, approved_at=at, version=release.version + 1
    )


def refuse(release: Release, *, person: str, reason: str, at: datetime) -> Release:
    """Return the release as refused by a person, who must not be the one that asked for it."""
    after = _status_after(release, Action.REFUSE)
    if person == release.requested_by:
        raise SecondPersonNeeded(release=release.ticket)
    return _ended(release, after, person=person, reason=reason, at=at)


def withdraw(release: Release, *, person: str, reason: str, at: datetime) -> Release:
    """Return the release as withdrawn by the person who asked for it."""
    after = _status_after(release, Action.WITHDRAW)
    if person != release.requested_by:
        raise ReleaseOfAnother(release=release.ticket)
    return _ended(release, after, person=person, reason=reason, at=at)


def _status_after(release: Release, action: Action) -> ReleaseStatus:
    after = MOVES.get((release.status, action))
    if after is None:
        if release.status is ReleaseStatus.APPROVED:
            raise ReleaseApproved(release=release.ticket)
        raise ReleaseEnded(release=release.ticket, status=release.status.value)
    return after


def _ended(release: Release, status: ReleaseStatus, *, person: str, reason: str, at: datetime) -> Release:
    return msgspec.structs.replace(
        release, status=status, ended_by=person, ended_at=at, ended_reason=reason, version=release.version + 1
    )


def status_when_freed(asset: LockedAsset, labels: Sequence[Label]) -> UUID:
    """Return the status of an asset after one hold less.

    With the last one it gets the status back that it had before the first: unless somebody changed the status since, or
    it is with another sort of holder now, where it gets what it would have got on arrival.
    """
    if asset.hold_count > 1 or asset.status_before_hold is None:
        return asset.status_id
    types = {label.id: label.type for label in labels}
    is_barred = asset.is_sanitisation_due and types.get(asset.status_before_hold) == DEPLOYABLE
    if asset.custody == asset.custody_before_hold and not is_barred:
        return asset.status_before_hold
    if types.get(asset.status_before_hold) == UNDEPLOYABLE:
        return asset.status_before_hold
    kind = ON_ARRIVAL[asset.custody]
    if kind == DEPLOYABLE and asset.is_sanitisation_due:
        kind = "pending"
    fitting = [label.id for label in labels if label.type == kind]
    return fitting[0] if fitting else asset.status_id
