"""What follows from an order, and from what happens to its two parcels. Steps in the relay's transaction.

Importing this declares them all; one file per kind of event.
"""

from backhaul.domain.transfers.reactions import parcels, pickups, placing

__all__ = ["parcels", "pickups", "placing"]
