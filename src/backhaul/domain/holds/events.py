"""What holds tell others."""

from uuid import UUID

from backhaul.storage.outbox import Event, event


@event("holds.hold_placed")
class HoldPlaced(Event, frozen=True, kw_only=True):
    """People, assets or cases are on legal hold now."""

    asset_ids: tuple[UUID, ...]
    employee_ids: tuple[UUID, ...]
    case_numbers: tuple[str, ...]


@event("holds.release_requested")
class ReleaseRequested(Event, frozen=True, kw_only=True):
    """Somebody asked that a hold, or a part of it, be released."""

    release_id: UUID


@event("holds.release_refused")
class ReleaseRefused(Event, frozen=True, kw_only=True):
    """Another person refused the release of a hold, or of a part of it: it goes on."""

    release_id: UUID


@event("holds.release_withdrawn")
class ReleaseWithdrawn(Event, frozen=True, kw_only=True):
    """Whoever asked for a release wants it no more: the hold goes on."""

    release_id: UUID


@event("holds.hold_released")
class HoldReleased(Event, frozen=True, kw_only=True):
    """A second person approved; what no other hold covers is free."""

    release_id: UUID
    asset_ids: tuple[UUID, ...]
    employee_ids: tuple[UUID, ...]
    case_numbers: tuple[str, ...]
