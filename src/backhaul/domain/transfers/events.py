"""What transfers tell others."""

from uuid import UUID

from backhaul.domain.identity.model import Plan
from backhaul.domain.transfers.model import Status
from backhaul.storage.outbox import Event, event


@event("transfers.placed")
class TransferPlaced(Event, frozen=True, kw_only=True):
    """A transfer was ordered."""

    plan: Plan


@event("transfers.moved")
class TransferMoved(Event, frozen=True, kw_only=True):
    """A transfer entered another status."""

    before: Status
    after: Status


@event("transfers.asset_linked")
class AssetLinked(Event, frozen=True, kw_only=True):
    """The asset that a transfer carries was found in the inventory."""

    asset_id: UUID
