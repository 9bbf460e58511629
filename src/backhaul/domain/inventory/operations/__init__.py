"""What can be done with assets, one file a verb. `custody` holds the steps that follow a parcel."""

from backhaul.domain.inventory.operations.add import add_asset
from backhaul.domain.inventory.operations.assign import assign_asset
from backhaul.domain.inventory.operations.change import change_and_compare, change_asset
from backhaul.domain.inventory.operations.change_many import change_assets, put_back_assets
from backhaul.domain.inventory.operations.hand_over import hand_over_asset, return_to_stock
from backhaul.domain.inventory.operations.status_labels import add_status_label
from backhaul.domain.inventory.operations.take_in import take_in
from backhaul.domain.inventory.operations.unassign import unassign_asset

__all__ = [
    "add_asset",
    "add_status_label",
    "assign_asset",
    "change_and_compare",
    "change_asset",
    "change_assets",
    "hand_over_asset",
    "put_back_assets",
    "return_to_stock",
    "take_in",
    "unassign_asset",
]
