"""Tells an organization's endpoints what happened: the bridge from events to signed deliveries.

Not here: how it is said (a dialect's wording, behind a port) and how it gets there (webhooks). To announce something
new, add its reactions and a port for its wording. Start with `ports`, then `reactions`.
"""

from backhaul.domain.announcing.operations import send_test
from backhaul.domain.announcing.ports import (
    PARCELS,
    RESHIPMENT_TOPIC,
    RETURN_TOPIC,
    SHIPMENT_TOPIC,
    TRANSFERS,
    ParcelWording,
    TransferWording,
    Wordings,
)

__all__ = [
    "PARCELS",
    "RESHIPMENT_TOPIC",
    "RETURN_TOPIC",
    "SHIPMENT_TOPIC",
    "TRANSFERS",
    "ParcelWording",
    "TransferWording",
    "Wordings",
    "send_test",
]
