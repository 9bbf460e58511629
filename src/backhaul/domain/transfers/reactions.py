"""What follows from an order, and from what happens to its two parcels. Steps in the relay's transaction."""

from datetime import date, datetime, timedelta

import msgspec

from backhaul.domain.billing.model import ChargeId
from backhaul.domain.billing.operations import open_charge, refund_subject
from backhaul.domain.billing.prices import PriceCode, PricedItem, PriceList
from backhaul.domain.shipping import tables as shipping_tables
from backhaul.domain.shipping.events import LabelBought, ParcelMoved, PickupBooked, PickupEnded
from backhaul.domain.shipping.lifecycle import is_cancellable
from backhaul.domain.shipping.links import issue_link
from backhaul.domain.shipping.model import Fault, Leg, LinkPurpose, Parcel, PickupId, Shipment, ShipmentId
from backhaul.domain.shipping.operations import NewShipment, cancel_shipment, mark_ready, open_shipments
from backhaul.domain.transfers import lifecycle, tables
from backhaul.domain.transfers.events import TransferPlaced
from backhaul.domain.transfers.letters import write_letter
from backhaul.domain.transfers.model import Action, Policy, Status, Transfer, TransferId
from backhaul.domain.transfers.operations.moving import save_move
from backhaul.domain.transfers.operations.remind import give_up_at, next_reminder_at
from backhaul.domain.transfers.packaging import empty_box, full_box
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money
from backhaul.storage import history
from backhaul.storage.database import Tx
from backhaul.storage.outbox import Aftermath, reacts_to

# A carrier's failure on the box leg, or to take the device at all, is given back; a wrong address or a
# refusal is not (contract §1.8).
REFUNDABLE_FAULTS = frozenset({Fault.LOST, Fault.DAMAGED, Fault.OTHER})


@reacts_to(TransferPlaced)
async def prepare(tx: Tx, placed: TransferPlaced, then: Aftermath) -> None:
    """Open the parcels, ask for the money and tell the person."""
    transfer = await tables.lock(tx, TransferId(placed.subject_id))
    if transfer.status is Status.CANCELLED:
        return
    policy, now = then.port(Policy), then.now
    subject = ("transfer", transfer.id)
    await open_shipments(
        tx, author=history.SYSTEM, subject=subject, parcels=parcels(transfer, policy), at=now
    )
    await open_charge(
        tx,
        charge_id=ChargeId(new_id()),
        subject_kind="transfer",
        subject_id=transfer.id,
        purpose="transfer",
        quote=then.port(PriceList).quote(placed.plan, priced_items(transfer)),
        reference=transfer.ticket_reference or "",
        at=now,
    )
    if transfer.is_box_waived:
        return  # the person hears from us when the label is there
    await write_letter(tx, transfer, "placed", at=now)


def parcels(transfer: Transfer, policy: Policy) -> list[NewShipment]:
    """Return the parcels of a transfer; the return label is bought together with the box."""
    short = str(transfer.id)[-12:]
    ticket = transfer.ticket_reference or ""
    insured = Money(transfer.insured_minor) if transfer.insured_minor else None
    device = NewShipment(
        leg=Leg.DEVICE,
        parcel=Parcel(
            origin=transfer.sender,
            destination=transfer.receiver,
            size=full_box(transfer.device_type),
            reference=f"BH-{short} device {ticket}".strip(),
            is_rush=transfer.is_device_rush,
            insured=insured,
            is_return=transfer.sender is transfer.employee_address,
        ),
        carrier=transfer.device_carrier or policy.device_carrier,
        ready_at=None,
    )
    if transfer.is_box_waived:
        return [device]
    box = NewShipment(
        leg=Leg.BOX,
        parcel=Parcel(
            origin=policy.box_origin,
            destination=transfer.sender,
            size=empty_box(transfer.device_type),
            reference=f"BH-{short} box {ticket}".strip(),
            is_rush=transfer.is_box_rush,
        ),
        carrier=transfer.box_carrier or policy.box_carrier,
        ready_at=transfer.created_at,
    )
    return [box, device]


def priced_items(transfer: Transfer) -> list[PricedItem]:
    """Return what a transfer is billed for."""
    legs_with_carrier = [transfer.box_carrier, transfer.device_carrier]
    return [
        PricedItem(PriceCode.TRANSFER_FLAT),
        PricedItem(PriceCode.CARRIER_REQUIRED, quantity=sum(code is not None for code in legs_with_carrier)),
        PricedItem(PriceCode.RUSH, quantity=transfer.is_box_rush + transfer.is_device_rush),
        PricedItem(PriceCode.INSURANCE, amount_minor=transfer.insured_minor),
        PricedItem(PriceCode.PICKUP, quantity=int(bool(transfer.pickup_wish))),
        PricedItem(PriceCode.BOX_WAIVED, quantity=int(transfer.is_box_waived)),
    ]


@reacts_to(LabelBought)
async def start_waiting_without_box(tx: Tx, bought: LabelBought, then: Aftermath) -> None:
    """Without a box, the sender can pack as soon as the label exists."""
    if bought.leg is not Leg.DEVICE:
        return
    before = await tables.lock(tx, TransferId(bought.subject_id))
    if not before.is_box_waived or before.status is not Status.PENDING_DEVICE:
        return
    device = await shipping_tables.lock(tx, ShipmentId(bought.shipment_id))
    waiting = msgspec.structs.replace(before, version=before.version + 1)
    after = _waiting(waiting, then, since=then.now)
    await save_move(tx, history.SYSTEM, before, after, action="label_ready", at=then.now)
    await mark_ready(tx, device, at=then.now)
    token = await issue_link(tx, device.id, purpose=LinkPurpose.LABEL, at=then.now)
    await write_letter(
        tx,
        after,
        "label_ready",
        at=then.now,
        shipment=device,
        send_by=_send_by(after),
        pickup_url=await _pickup_url(tx, after, device, then.port(Policy), at=then.now),
        label_url=then.port(Policy).label_page + token,
    )


@reacts_to(ParcelMoved)
async def follow_parcel(tx: Tx, moved: ParcelMoved, then: Aftermath) -> None:
    """Move the transfer with its parcels; what changes nothing any more is passed over."""
    action = lifecycle.MEANING.get((moved.leg, moved.after))
    if action is None:
        return
    before = await tables.lock(tx, TransferId(moved.subject_id))
    followed = lifecycle.follow(before, action)
    if followed is None:
        return
    shipments = await shipping_tables.lock_of_subject(tx, "transfer", before.id)
    if action is Action.FAIL_BOX and shipments[Leg.DEVICE].shipped_at is not None:
        return  # a device on its way proves that its box arrived; its own event follows
    after = msgspec.structs.replace(followed, updated_at=then.now)
    if action is Action.DELIVER_BOX:
        after = _waiting(after, then, since=moved.moved_at)
    await save_move(tx, history.SYSTEM, before, after, action=action.value, at=then.now)
    it = _Moved(
        transfer=after,
        shipments=shipments,
        fault=moved.fault or Fault.OTHER,
        moved_at=moved.moved_at,
        now=then.now,
        policy=then.port(Policy),
    )
    await _CONSEQUENCES[action](tx, it)


class _Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What a consequence has to know."""

    transfer: Transfer
    shipments: dict[Leg, Shipment]
    fault: Fault
    moved_at: datetime
    now: datetime
    policy: Policy


async def _box_shipped(tx: Tx, it: _Moved) -> None:
    await write_letter(tx, it.transfer, "box_shipped", at=it.now, shipment=it.shipments[Leg.BOX])


async def _box_delivered(tx: Tx, it: _Moved) -> None:
    device = it.shipments[Leg.DEVICE]
    await mark_ready(tx, device, at=it.moved_at)
    await write_letter(
        tx,
        it.transfer,
        "box_delivered",
        at=it.now,
        shipment=device,
        send_by=_send_by(it.transfer),
        pickup_url=await _pickup_url(tx, it.transfer, device, it.policy, at=it.now),
    )


async def _pickup_url(
    tx: Tx, transfer: Transfer, device: Shipment, policy: Policy, *, at: datetime
) -> str | None:
    """Return where the sender books a pickup, if one was ordered (contract §1.8)."""
    if not transfer.pickup_wish:
        return None
    return policy.pickup_page + await issue_link(tx, device.id, purpose=LinkPurpose.PICKUP, at=at)


async def _box_failed(tx: Tx, it: _Moved) -> None:
    reason = _REASONS[it.fault]
    await _call_off(tx, it, Leg.DEVICE)
    await _give_back(tx, it, f"The box did not arrive: {reason}.")
    await write_letter(
        tx, it.transfer, "box_undeliverable", at=it.now, shipment=it.shipments[Leg.BOX], reason=reason
    )
    await _write_failed(tx, it, f"the box did not arrive: {reason}")


async def _device_shipped(tx: Tx, it: _Moved) -> None:
    await write_letter(tx, it.transfer, "device_shipped", at=it.now, shipment=it.shipments[Leg.DEVICE])


async def _device_received(tx: Tx, it: _Moved) -> None:
    device = it.shipments[Leg.DEVICE]
    await write_letter(tx, it.transfer, "device_received_organization", at=it.now, shipment=device)
    await write_letter(tx, it.transfer, "device_received_employee", at=it.now, shipment=device)


async def _device_failed(tx: Tx, it: _Moved) -> None:
    if it.shipments[Leg.DEVICE].has_label:
        await _write_failed(tx, it, f"the device did not arrive: {_REASONS[it.fault]}")
        return
    # Nobody sells the return label, so the box would travel for nothing.
    await _call_off(tx, it, Leg.BOX)
    await _give_back(tx, it, "No carrier takes the device.")
    await _write_failed(tx, it, "no carrier takes the parcel")


async def _call_off(tx: Tx, it: _Moved, leg: Leg) -> None:
    """Cancel the other parcel, if there is one and it is still with its sender."""
    other = it.shipments.get(leg)
    if other is not None and is_cancellable(other.status, shipped_at=other.shipped_at):
        await cancel_shipment(tx, author=history.SYSTEM, shipment=other, at=it.now)


async def _give_back(tx: Tx, it: _Moved, reason: str) -> None:
    if it.fault in REFUNDABLE_FAULTS:
        await refund_subject(tx, subject_kind="transfer", subject_id=it.transfer.id, reason=reason, at=it.now)


async def _write_failed(tx: Tx, it: _Moved, reason: str) -> None:
    # A parcel may be lost, turn up and be lost again: each time is an occasion of its own.
    occasion = f"v{it.transfer.version}"
    await write_letter(tx, it.transfer, "failed", at=it.now, reason=reason, once_per=occasion)


_CONSEQUENCES = {
    Action.SHIP_BOX: _box_shipped,
    Action.DELIVER_BOX: _box_delivered,
    Action.FAIL_BOX: _box_failed,
    Action.SHIP_DEVICE: _device_shipped,
    Action.DELIVER_DEVICE: _device_received,
    Action.FAIL_DEVICE: _device_failed,
}

_REASONS = {
    Fault.LOST: "the carrier lost it",
    Fault.DAMAGED: "it was damaged on the way",
    Fault.REFUSED: "the addressee refused it",
    Fault.BAD_ADDRESS: "the carrier could not deliver to this address",
    Fault.OTHER: "the carrier could not deliver it",
}


def _waiting(transfer: Transfer, then: Aftermath, *, since: datetime) -> Transfer:
    """Return the transfer with its reminder ladder started: since then the sender has everything."""
    policy = then.port(Policy)
    return msgspec.structs.replace(
        transfer,
        sender_ready_at=since,
        next_reminder_at=next_reminder_at(policy, sender_ready_at=since, reminders_due=0),
        give_up_at=give_up_at(policy, sender_ready_at=since),
        updated_at=then.now,
    )


def _send_by(transfer: Transfer) -> date:
    assert transfer.sender_ready_at is not None
    return (transfer.sender_ready_at + timedelta(days=3)).date()


@reacts_to(PickupBooked)
async def confirm_pickup(tx: Tx, booked: PickupBooked, then: Aftermath) -> None:
    """Tell the sender when the carrier comes."""
    await _write_about_pickup(tx, booked, "pickup_booked", then)


@reacts_to(PickupEnded)
async def tell_pickup_ended(tx: Tx, ended: PickupEnded, then: Aftermath) -> None:
    """Tell the sender that nobody comes."""
    await _write_about_pickup(tx, ended, "pickup_cancelled", then)


async def _write_about_pickup(
    tx: Tx, happened: PickupBooked | PickupEnded, letter: str, then: Aftermath
) -> None:
    transfer = await tables.lock(tx, TransferId(happened.subject_id))
    pickup = await shipping_tables.lock_pickup(tx, PickupId(happened.pickup_id))
    device = await shipping_tables.lock(tx, ShipmentId(happened.shipment_id))
    assert pickup is not None
    await write_letter(
        tx,
        transfer,
        letter,
        at=then.now,
        shipment=device,
        pickup_on=pickup.on_date,
        reason=pickup.refusal,
        once_per=str(pickup.id),
    )
