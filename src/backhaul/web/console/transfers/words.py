"""What people call the states of transfers, parcels, pickups and payments, and which tone they have. Pure."""

from backhaul.domain.shipping.model import Fault, Leg, PickupStatus, Tracking
from backhaul.domain.transfers.model import Direction, Status

DIRECTIONS = {Direction.RETURN: "Return", Direction.DEPLOYMENT: "Deployment"}
LEGS = {Leg.BOX: "Box", Leg.DEVICE: "Device"}
STATUSES = {
    Status.PENDING_BOX: "Box is being sent",
    Status.BOX_IN_TRANSIT: "Box on its way",
    Status.PENDING_DEVICE: "Waiting for the device",
    Status.DEVICE_IN_TRANSIT: "Device on its way",
    Status.COMPLETE: "Complete",
    Status.FAILED: "Failed",
    Status.NOT_RETURNED: "Not returned",
    Status.CANCELLED: "Cancelled",
}
STATUS_TONES = {
    Status.PENDING_BOX: "neutral",
    Status.BOX_IN_TRANSIT: "accent",
    Status.PENDING_DEVICE: "warn",
    Status.DEVICE_IN_TRANSIT: "accent",
    Status.COMPLETE: "good",
    Status.FAILED: "bad",
    Status.NOT_RETURNED: "bad",
    Status.CANCELLED: "neutral",
}
# What the status of a list can be cut down to, besides each by itself.
GROUPS: dict[str, tuple[str, tuple[Status, ...]]] = {
    "open": (
        "Open",
        (Status.PENDING_BOX, Status.BOX_IN_TRANSIT, Status.PENDING_DEVICE, Status.DEVICE_IN_TRANSIT),
    ),
    "done": ("Complete", (Status.COMPLETE,)),
    "trouble": ("Failed or not returned", (Status.FAILED, Status.NOT_RETURNED)),
    "cancelled": ("Cancelled", (Status.CANCELLED,)),
}
TRACKING = {
    Tracking.PRE_TRANSIT: "Not handed over yet",
    Tracking.IN_TRANSIT: "On its way",
    Tracking.OUT_FOR_DELIVERY: "Out for delivery",
    Tracking.AVAILABLE_FOR_PICKUP: "Waits at a counter",
    Tracking.DELIVERED: "Delivered",
    Tracking.RETURN_TO_SENDER: "Goes back to its sender",
    Tracking.FAILURE: "Failed",
    Tracking.CANCELLED: "Label cancelled",
    Tracking.UNKNOWN: "Unknown",
}
TRACKING_TONES = {
    Tracking.PRE_TRANSIT: "neutral",
    Tracking.IN_TRANSIT: "accent",
    Tracking.OUT_FOR_DELIVERY: "accent",
    Tracking.AVAILABLE_FOR_PICKUP: "warn",
    Tracking.DELIVERED: "good",
    Tracking.RETURN_TO_SENDER: "bad",
    Tracking.FAILURE: "bad",
    Tracking.CANCELLED: "neutral",
    Tracking.UNKNOWN: "neutral",
}
FAULTS = {
    Fault.LOST: "the carrier lost it",
    Fault.DAMAGED: "it was damaged on the way",
    Fault.REFUSED: "the addressee refused it",
    Fault.BAD_ADDRESS: "the address is wrong",
    Fault.OTHER: "the carrier gave no reason",
}
PICKUPS = {
    PickupStatus.REQUESTED: "Asked for; the carrier has not confirmed it yet",
    PickupStatus.BOOKED: "Booked",
    PickupStatus.PAST: "Over",
    PickupStatus.CANCELLED: "Cancelled",
    PickupStatus.REFUSED: "Refused by the carrier",
}
LIVE_PICKUPS = frozenset({PickupStatus.REQUESTED, PickupStatus.BOOKED})
CHARGES = {
    "pending": ("Being collected", "neutral"),
    "collecting": ("Being collected", "neutral"),
    "captured": ("Paid", "good"),
    "declined": ("Declined", "bad"),
    "partly_refunded": ("Partly given back", "neutral"),
    "refunded": ("Given back", "neutral"),
    "cancelled": ("Never collected", "neutral"),
}
MESSAGES = {"queued": ("Waiting", "neutral"), "sent": ("Sent", "good"), "failed": ("Not sent", "bad")}
LETTERS = {
    "placed": "Order placed",
    "box_shipped": "Box shipped",
    "box_delivered": "Box delivered, please pack",
    "box_undeliverable": "Box could not be delivered",
    "label_ready": "Label is ready",
    "reminder": "Reminder",
    "device_shipped": "Device shipped",
    "device_received_organization": "Device received",
    "device_received_employee": "Device received, thanks",
    "failed": "Transfer failed",
    "cancelled": "Transfer cancelled",
    "pickup_booked": "Pickup booked",
    "pickup_cancelled": "Pickup cancelled",
}
# What somebody may write down for a carrier without tracking.
RECORDABLE = tuple(
    (status.value, TRACKING[status])
    for status in (
        Tracking.IN_TRANSIT,
        Tracking.OUT_FOR_DELIVERY,
        Tracking.AVAILABLE_FOR_PICKUP,
        Tracking.DELIVERED,
        Tracking.RETURN_TO_SENDER,
        Tracking.FAILURE,
    )
)
EXCEPTIONS = {
    "label_never_scanned": "Label never scanned",
    "no_movement": "No movement",
    "delivered_not_received": "Delivered, not received",
    "address_exception": "Address problem",
    "box_undeliverable": "Box undeliverable",
    "box_not_needed": "Second box not needed",
}
CLOSED = {
    "gone": "the cause is gone",
    "ended": "nobody waits for the parcel any more",
    "acknowledged": "somebody took care of it",
}


def letter_name(template: str) -> str:
    """Return what a letter is called."""
    name = template.rpartition("/")[2]
    return LETTERS.get(name) or name.replace("_", " ").capitalize()
