"""The page's words for what the domain calls by other names."""

from backhaul.domain.recovery.model import Outcome
from backhaul.domain.recovery.person import Choice, GoneReason
from backhaul.domain.shipping.model import Tracking
from backhaul.domain.transfers.model import Status

LABELS = {
    "line_1": "Street and number",
    "line_2": "Apartment, floor",
    "city": "City",
    "state": "State or region",
    "postal_code": "Postal code",
    "country_code": "Country",
    "full_name": "Your full name",
    "agreed": "The box beside “I agree”",
    "note": "Note",
    "instructions": "For the driver",
}

DONE = {
    "address": "Thank you. Your address is confirmed.",
    "choice": "Thank you. We will send what you chose.",
    "gone": "Thank you. Your organization sees what you said and decides what follows.",
    "pickup": "Your pickup is noted. A letter confirms what the carrier says.",
    "reminders": "Your wish about reminders is noted.",
    "signature": "Thank you. The hand-over is signed.",
}

REASONS = {
    GoneReason.LOST: "I lost it",
    GoneReason.STOLEN: "It was stolen",
    GoneReason.RETURNED: "I returned it already",
    GoneReason.NEVER_HAD: "I never had it",
    GoneReason.KEPT: "I bought it or may keep it",
}

CHOICES = {
    Choice.KIT: ("Send me a box", "A box with padding and a prepaid label comes to your address."),
    Choice.LABEL: ("I have a box", "You print a prepaid label and drop the box off at the carrier."),
    Choice.PICKUP: (
        "I have a box, and someone collects it",
        "You print a prepaid label, and choose a day on which the carrier comes.",
    ),
}

OUTCOMES = {
    Outcome.RETURNED: "Returned. Thank you.",
    Outcome.PARTLY_RETURNED: "Returned in part",
    Outcome.KEPT: "You keep it",
    Outcome.LOST: "Recorded as lost",
    Outcome.REFUSED: "Recorded as not returned",
    Outcome.WRITTEN_OFF: "Not expected any more",
    Outcome.CANCELLED: "Not expected any more",
}

TRACKING = {
    Tracking.PRE_TRANSIT: "not handed over yet",
    Tracking.IN_TRANSIT: "on its way",
    Tracking.OUT_FOR_DELIVERY: "out for delivery",
    Tracking.AVAILABLE_FOR_PICKUP: "waiting to be fetched",
    Tracking.DELIVERED: "delivered",
    Tracking.RETURN_TO_SENDER: "on its way back to the sender",
    Tracking.FAILURE: "could not be delivered",
    Tracking.CANCELLED: "cancelled",
    Tracking.UNKNOWN: "no news",
}

PARCELS = {
    Status.PENDING_BOX: "The box is being prepared.",
    Status.BOX_IN_TRANSIT: "The box is on its way to you.",
    Status.PENDING_DEVICE: "It is your turn: pack it and hand it over.",
    Status.DEVICE_IN_TRANSIT: "Your parcel is on its way back.",
    Status.COMPLETE: "Your parcel arrived. Thank you.",
    Status.FAILED: "Something went wrong with this parcel. Your organization knows.",
    Status.NOT_RETURNED: "This parcel was given up. You can still send it.",
    Status.CANCELLED: "This parcel was cancelled.",
}


def sentence(name: str, text: str) -> str:
    """Return a problem as a sentence that names its field, unless it is one already."""
    if text[:1].isupper():
        return text
    return f"{LABELS.get(name, name.replace('_', ' '))}: {text}."
