"""What follows when a parcel moves: the transfer moves with it, and people are told."""

from datetime import date, datetime, timedelta

import msgspec

from backhaul.domain.billing.operations import refund_subject
from backhaul.domain.shipping import tables as shipping_tables
from backhaul.domain.shipping.events import LabelBought, ParcelMoved
from backhaul.domain.shipping.lifecycle import is_cancellable
from backhaul.domain.shipping.links import issue_link
from backhaul.domain.shipping.model import Fault, Leg, LinkPurpose, Shipment, ShipmentId
from backhaul.domain.shipping.operations import cancel_pickup, cancel_shipment, mark_ready
from backhaul.domain.transfers import lifecycle, tables
from backhaul.domain.transfers.letters import write_letter
from backhaul.domain.transfers.model import Action, Policy, Status, Transfer, TransferId
from backhaul.domain.transfers.operations.moving import save_move
from backhaul.domain.transfers.operations.remind import give_up_at, next_reminder_at
from backhaul.storage import history
from backhaul.storage.database import Tx
from backhaul.storage.outbox import Aftermath, reacts_to

# A carrier's failure on the box leg, or to take the device at all, is given back; a wrong address or a
# refusal is not (contract §1.8).
REFUNDABLE_FAULTS = frozenset({Fault.LOST, Fault.DAMAGED, Fault.OTHER})


@reacts_to(LabelBought)
async def start_waiting_without_box(tx: Tx, bought: LabelBought, then: Aftermath) -> None:
    """Without a box, the sender can pack as soon as the label exists."""
    if bought.leg is not Leg.DEVICE:
        return
    before = await tables.lock(tx, TransferId(bought.subject_id))
    if not before.is_box_waived or before.status is not Status.PENDING_DEVICE:
        return
    device = await shipping_tables.lock(tx, ShipmentId(bought.shipment_id))
    if not device.has_label:
        return  # the address was changed in the meantime: another label is being bought
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
    if before.status is Status.PENDING_DEVICE:
        await _end_pickup(tx, shipments[Leg.DEVICE], now=then.now)
    it = _Moved(
        transfer=after,
        shipments=shipments,
        fault=moved.fault or Fault.OTHER,
        moved_at=moved.moved_at,
        now=then.now,
        policy=then.port(Policy),
    )
    await _CONSEQUENCES[action](tx, it)


async def _end_pickup(tx: Tx, device: Shipment, *, now: datetime) -> None:
    """Call off the pickup of a device that waits no longer, unless it may be what took the device."""
    first_day = now.date()
    if device.shipped_at is not None:
        first_day = max(first_day, device.shipped_at.date() + timedelta(days=1))
    await cancel_pickup(tx, author=history.SYSTEM, shipment=device, at=now, first_day=first_day)


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
