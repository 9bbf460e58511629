"""What somebody does next, in a sentence at the top of their page: one thing at a time, or nothing at all. Pure."""

from collections.abc import Sequence

import msgspec

from backhaul.domain.recovery.model import Shipping
from backhaul.domain.recovery.person import Page
from backhaul.domain.recovery.person.model import PersonParcel
from backhaul.domain.transfers.model import Status

_TRAVELS = frozenset({Status.DEVICE_IN_TRANSIT, Status.COMPLETE})


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What to do next, and where on the page; without a place there is nothing to do."""

    text: str
    place: str | None = None  # the id of a heading
    label: str | None = None  # of the link that leads there


CONFIRM = Advice(text="Check your address and confirm it.", place="address", label="Go to your address")
CHOOSE = Advice(
    text="Choose how you want to send it: we send you a box, or you use one of your own.",
    place="choice",
    label="Go to the choice",
)
WAIT = Advice(text="Nothing for now. What you need is being prepared; look again tomorrow.")
SIGN = Advice(
    text="Your parcel is on its way. Only your signature is missing.",
    place="signature",
    label="Go to the signature",
)
DONE = Advice(text="Nothing more. Your parcel is on its way, and this page tells you when it has arrived.")
ASK = Advice(
    text="There is no label for what is still expected. Please write to your organization.",
    place="questions",
    label="Where to write",
)


def advice(page: Page) -> Advice | None:
    """Return what the person does next; None when nothing is expected of them any more."""
    if not page.is_open:
        return None
    if not page.expected:
        return Advice(
            text="Nothing for now. You said that you have none of it. Your organization decides what follows."
        )
    if page.may_choose:
        return CONFIRM if page.confirmed_at is None else CHOOSE
    expected = {item.parcel for item in page.expected}
    parcels = [parcel for parcel in page.parcels if parcel.position in expected]
    waiting = [parcel for parcel in parcels if parcel.is_printable]
    return _hand_over(waiting) if waiting else _without_label(page, parcels)


def _without_label(page: Page, parcels: Sequence[PersonParcel]) -> Advice:
    if any(parcel.status is Status.BOX_IN_TRANSIT for parcel in parcels):
        return Advice(text="Nothing for now. A box is on its way to you; it is your turn when it has come.")
    if any(_is_being_made(parcel) for parcel in parcels) or not page.parcels:
        return CONFIRM if page.may_correct_address and page.confirmed_at is None else WAIT
    if not parcels or any(parcel.status not in _TRAVELS for parcel in parcels):
        return ASK
    return SIGN if page.signature is None else DONE


def _is_being_made(parcel: PersonParcel) -> bool:
    return parcel.status in {Status.PENDING_BOX, Status.PENDING_DEVICE}


def _hand_over(waiting: list[PersonParcel]) -> Advice:
    booked = [parcel.pickup for parcel in waiting if parcel.pickup is not None]
    if booked and len(booked) == len(waiting):
        day = min(pickup.on_date for pickup in booked)
        return Advice(
            text=f"Have it packed and labelled by {day:%A, %d %B}, when it is collected.",
            place="parcels",
            label="Go to the label",
        )
    if all(parcel.is_box_waived for parcel in waiting):
        text = "Print the label, pack it into a box of yours, and hand it to the carrier."
    else:
        text = "Pack it into the box you were sent, and hand it to the carrier."
    return Advice(text=text, place="parcels", label="Go to the label")


def address_until(page: Page) -> str:
    """Return until when the address can be corrected, as the end of a sentence."""
    if page.may_choose:
        return "until a box has left or a label is made"
    if page.case.shipping is Shipping.KIT:
        return "until the box has left"
    return "until your label is made"


def address_fixed(page: Page) -> str:
    """Return why the address is what it is, in a sentence."""
    if any(parcel.status is Status.BOX_IN_TRANSIT for parcel in page.parcels):
        return "A box is on its way to it."
    waiting = [parcel for parcel in page.parcels if parcel.status is Status.PENDING_DEVICE]
    if any(not parcel.is_box_waived for parcel in waiting):
        return "The box was sent to it, and your parcel is to leave from it."
    if waiting:
        return "Your label is made of it."
    return "Your parcel has left from it, and nothing else goes there."
