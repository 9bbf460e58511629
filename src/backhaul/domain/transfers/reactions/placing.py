"""What follows from an order: two parcels, a charge, the first letter."""

from backhaul.domain.billing.model import ChargeId
from backhaul.domain.billing.operations import open_charge
from backhaul.domain.billing.prices import PriceCode, PricedItem, PriceList
from backhaul.domain.shipping.model import Leg, Parcel
from backhaul.domain.shipping.operations import NewShipment, open_shipments
from backhaul.domain.transfers import tables
from backhaul.domain.transfers.events import TransferPlaced
from backhaul.domain.transfers.letters import write_letter
from backhaul.domain.transfers.model import Order, Policy, Status, Transfer, TransferId
from backhaul.domain.transfers.packaging import empty_box, full_box
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money
from backhaul.storage import history
from backhaul.storage.database import Tx
from backhaul.storage.outbox import Aftermath, reacts_to


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
    full = transfer.parcel_size or full_box(transfer.device_type)
    insured = Money(transfer.insured_minor) if transfer.insured_minor else None
    device = NewShipment(
        leg=Leg.DEVICE,
        parcel=Parcel(
            origin=transfer.sender,
            destination=transfer.receiver,
            size=full,
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
            size=empty_box(full),
            reference=f"BH-{short} box {ticket}".strip(),
            is_rush=transfer.is_box_rush,
        ),
        carrier=transfer.box_carrier or policy.box_carrier,
        ready_at=transfer.created_at,
    )
    return [box, device]


def priced_items(transfer: Transfer | Order) -> list[PricedItem]:
    """Return what a transfer, or an order before it is placed, is billed for."""
    legs_with_carrier = [transfer.box_carrier, transfer.device_carrier]
    return [
        PricedItem(PriceCode.TRANSFER_FLAT),
        PricedItem(PriceCode.CARRIER_REQUIRED, quantity=sum(code is not None for code in legs_with_carrier)),
        PricedItem(PriceCode.RUSH, quantity=transfer.is_box_rush + transfer.is_device_rush),
        PricedItem(PriceCode.INSURANCE, amount_minor=transfer.insured_minor),
        PricedItem(PriceCode.PICKUP, quantity=int(bool(transfer.pickup_wish))),
        PricedItem(PriceCode.BOX_WAIVED, quantity=int(transfer.is_box_waived)),
    ]
