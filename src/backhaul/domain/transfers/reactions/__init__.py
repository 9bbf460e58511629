"""What follows from an order, and from what happens to its two parcels. Steps in the relay's transaction.

Importing this declares them all; one file per kind of event, and `custody` for what follows for the device's asset.
"""

from backhaul.domain.transfers.reactions import custody, parcels, pickups, placing

__all__ = ["custody", "parcels", "pickups", "placing"]
