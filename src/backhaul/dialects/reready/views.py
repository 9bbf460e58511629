"""What goes out: every key always present, in the documented order (contract §1.4)."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from backhaul.domain.transfers.model import Direction, Status, Transfer
from backhaul.domain.transfers.queries import Detail, Leg, Payment
from backhaul.kernel.addresses import Address

STATES = {
    Status.PENDING_BOX: "pending_box_shipment",
    Status.BOX_IN_TRANSIT: "pending_box_shipment_delivery",
    Status.PENDING_DEVICE: "pending_device_shipment",
    Status.DEVICE_IN_TRANSIT: "pending_device_shipment_delivery",
    Status.COMPLETE: "complete",
    Status.FAILED: "failed",
    Status.NOT_RETURNED: "not_returned",
    Status.CANCELLED: "failed",  # the vocabulary has no other word for "will not be completed"
}
# The view example shows a travelling box under its "pending" state (R2); clients that rely on it switch it on.
STATES_AS_IN_EXAMPLE = STATES | {
    Status.BOX_IN_TRANSIT: "pending_box_shipment",
    Status.DEVICE_IN_TRANSIT: "pending_device_shipment",
}
# No document names a payment's states but null (§1.6): null until the money moved or was refused.
PAYMENT_STATES: dict[str, str | None] = {"pending": None, "collecting": None}


class Shipment(msgspec.Struct, frozen=True):
    """One leg."""

    carrier_code: str
    delivered_at: str | None
    shipped_at: str | None
    state: str
    tracking_id: str
    tracking_url: str | None
    updated_at: str


class OrganizationAddress(msgspec.Struct, frozen=True):
    """The organization's address as it was sent."""

    organization_name: str | None
    attention_name: str | None
    line_1: str
    line_2: str | None
    city: str
    state_code: str | None
    postal_code: str | None
    country_code: str
    notification_emails: tuple[str, ...]


class EmployeeAddress(msgspec.Struct, frozen=True):
    """The employee's address as it was sent."""

    person_name: str | None
    line_1: str
    line_2: str | None
    city: str
    state_code: str | None
    postal_code: str | None
    country_code: str
    notification_emails: tuple[str, ...]


class PaymentView(msgspec.Struct, frozen=True):
    """One payment."""

    amount_cents: int
    created_at: str
    refunded_amount_cents: int
    state: str | None


class DeviceTransfer(msgspec.Struct, frozen=True):
    """The transfer object."""

    box_shipment: Shipment | None
    box_shipment_carrier_code_required: str | None
    box_shipment_rush: bool
    box_shipment_waived: bool
    organization_address: OrganizationAddress
    created_at: str
    device_condition: str | None
    device_make: str | None
    device_model: str | None
    device_serial_number: str | None
    device_shipment: Shipment | None
    device_shipment_carrier_code_required: str | None
    device_shipment_insured_amount: int | float
    device_shipment_pickup_scheduling: bool | str | None
    device_shipment_rush: bool
    device_type: str
    employee_address: EmployeeAddress
    id: str
    object: str
    payments: tuple[PaymentView, ...]
    plan_code: str | None
    state: str
    ticket_reference: str | None
    type: str
    user_email: str


def device_transfer(detail: Detail, *, follows_example: bool) -> DeviceTransfer:
    """Return a transfer as this dialect shows it."""
    transfer = detail.transfer
    states = STATES_AS_IN_EXAMPLE if follows_example else STATES
    return DeviceTransfer(
        box_shipment=shipment(detail.box),
        box_shipment_carrier_code_required=transfer.box_carrier,
        box_shipment_rush=transfer.is_box_rush,
        box_shipment_waived=transfer.is_box_waived,
        organization_address=organization_address(transfer.organization_address),
        created_at=timestamp(transfer.created_at),
        device_condition=transfer.device_condition,
        device_make=transfer.device_make,
        device_model=transfer.device_model,
        device_serial_number=transfer.device_serial_number,
        device_shipment=shipment(detail.device),
        device_shipment_carrier_code_required=transfer.device_carrier,
        device_shipment_insured_amount=dollars(transfer.insured_minor),
        device_shipment_pickup_scheduling=transfer.pickup_wish,
        device_shipment_rush=transfer.is_device_rush,
        device_type=transfer.device_type,
        employee_address=employee_address(transfer.employee_address),
        id=str(transfer.id),
        object="DeviceTransfer",
        payments=tuple(payment(made) for made in detail.payments),
        plan_code=transfer.plan_code,
        state=states[transfer.status],
        ticket_reference=transfer.ticket_reference,
        type="return" if transfer.direction is Direction.RETURN else "deployment",
        user_email=transfer.user_email,
    )


def new_device_transfer(transfer: Transfer, *, follows_example: bool) -> DeviceTransfer:
    """Return a transfer that was placed this moment: no parcel, no payment yet."""
    detail = Detail(transfer=transfer, box=None, device=None, payments=())
    return device_transfer(detail, follows_example=follows_example)


def shipment(leg: Leg | None) -> Shipment | None:
    """Return one leg, or null."""
    if leg is None:
        return None
    return Shipment(
        carrier_code=leg.carrier.value,
        delivered_at=_optional(timestamp, leg.delivered_at),
        shipped_at=_optional(timestamp, leg.shipped_at),
        state=leg.status.value,
        tracking_id=leg.tracking_number,
        tracking_url=leg.tracking_url,
        updated_at=timestamp(leg.updated_at),
    )


def organization_address(address: Address) -> OrganizationAddress:
    """Return the organization's address."""
    return OrganizationAddress(
        address.name,
        address.attention,
        address.line_1,
        address.line_2,
        address.city,
        address.state_code,
        address.postal_code,
        address.country_code,
        address.notification_emails,
    )


def employee_address(address: Address) -> EmployeeAddress:
    """Return the employee's address."""
    return EmployeeAddress(
        address.name,
        address.line_1,
        address.line_2,
        address.city,
        address.state_code,
        address.postal_code,
        address.country_code,
        address.notification_emails,
    )


def payment(made: Payment) -> PaymentView:
    """Return one payment."""
    return PaymentView(
        amount_cents=made.amount_minor,
        created_at=timestamp(made.created_at),
        refunded_amount_cents=made.refunded_minor,
        state=PAYMENT_STATES.get(made.status, made.status),
    )


def timestamp(at: datetime) -> str:
    """Return ISO 8601 in UTC with milliseconds and Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def dollars(minor: int) -> int | float:
    """Return cents as dollars: whole ones as an integer, as the reference shows them."""
    whole, cents = divmod(minor, 100)
    return whole if cents == 0 else minor / 100


def _optional(view: Callable[[datetime], str], value: datetime | None) -> str | None:
    return None if value is None else view(value)
