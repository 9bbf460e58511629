"""The way of a parcel as steps: what happened, what happens now, and what is to come. Pure."""

from datetime import datetime

import msgspec

from backhaul.domain.shipping.model import Leg, Tracking
from backhaul.domain.transfers.answers import Scan, ShownParcel
from backhaul.domain.transfers.model import Transfer
from backhaul.web.console.transfers import words

_WRONG = frozenset({Tracking.FAILURE, Tracking.RETURN_TO_SENDER})
_OVER = frozenset({Tracking.CANCELLED, *_WRONG})


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a parcel's way."""

    text: str
    at: datetime | None  # None: not yet
    tone: str  # of the timeline's dot
    detail: str | None = None


class ShownLeg(msgspec.Struct, frozen=True, kw_only=True):
    """A leg as the page shows it."""

    leg: Leg
    title: str
    sender: str
    receiver: str
    parcel: ShownParcel
    steps: tuple[Step, ...]
    scans: tuple[Scan, ...]  # newest first
    earlier_numbers: tuple[str, ...]  # that it had been scanned under


def leg_of(transfer: Transfer, parcel: ShownParcel) -> ShownLeg:
    """Return a parcel of a transfer as its page shows it."""
    is_box = parcel.leg is Leg.BOX
    numbers = {scan.tracking_number for scan in parcel.scans} - {parcel.tracking_number}
    return ShownLeg(
        leg=parcel.leg,
        title="Empty box" if is_box else "Device",
        sender="Box depot" if is_box else _name(transfer.sender.name, "sender"),
        receiver=_name((transfer.sender if is_box else transfer.receiver).name, "receiver"),
        parcel=parcel,
        steps=tuple(_steps(parcel)),
        scans=tuple(reversed(parcel.scans)),
        earlier_numbers=tuple(sorted(numbers)),
    )


def _name(name: str | None, role: str) -> str:
    return name or f"The {role}"


def _steps(parcel: ShownParcel) -> list[Step]:
    steps = [_label(parcel)]
    if parcel.status in _OVER and parcel.shipped_at is None:
        return [*steps, _end(parcel)]
    steps.append(_step("Handed to the carrier", parcel.shipped_at))
    if parcel.status in _OVER:
        return [*steps, _end(parcel)]
    if parcel.status in {Tracking.OUT_FOR_DELIVERY, Tracking.AVAILABLE_FOR_PICKUP}:
        last = parcel.scans[-1].at if parcel.scans else None
        steps.append(Step(text=words.TRACKING[parcel.status], at=last, tone="accent"))
    return [*steps, _step("Delivered", parcel.delivered_at)]


def _label(parcel: ShownParcel) -> Step:
    if parcel.tracking_number is None and parcel.status is Tracking.PRE_TRANSIT:
        return Step(text="Label is being bought", at=None, tone="accent")
    return _step("Label bought", parcel.labelled_at)


def _step(text: str, at: datetime | None) -> Step:
    return Step(text=text, at=at, tone="neutral" if at is None else "good")


def _end(parcel: ShownParcel) -> Step:
    last = parcel.scans[-1].at if parcel.scans else None
    fault = None if parcel.fault is None else words.FAULTS[parcel.fault].capitalize() + "."
    tone = "bad" if parcel.status in _WRONG else "neutral"
    return Step(text=words.TRACKING[parcel.status], at=last, tone=tone, detail=fault)
