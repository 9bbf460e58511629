"""What inventory tells others."""

from uuid import UUID

from backhaul.domain.inventory.model import Custody, Reason
from backhaul.storage.outbox import Event, event


@event("inventory.asset_added")
class AssetAdded(Event, frozen=True, kw_only=True):
    """A device came into the inventory."""


@event("inventory.asset_changed")
class AssetChanged(Event, frozen=True, kw_only=True):
    """What is written down about a device changed; it stayed where it was."""


@event("inventory.asset_handed_over")
class AssetHandedOver(Event, frozen=True, kw_only=True):
    """A device went from one holder to another."""

    reason: Reason
    from_custody: Custody
    from_id: UUID | None
    to_custody: Custody
    to_id: UUID | None
