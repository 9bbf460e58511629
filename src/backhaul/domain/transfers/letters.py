"""Who is written to about a transfer, and what they are told."""

from datetime import date, datetime

from backhaul.domain.notify import decide
from backhaul.domain.notify.model import TransferLetter
from backhaul.domain.shipping.model import Shipment
from backhaul.domain.transfers.model import Direction, Transfer
from backhaul.storage.database import Tx

PERSON = frozenset({"placed", "device_received_employee", "cancelled"})
RECEIVER = frozenset({"device_shipped"})
ORGANIZATION = frozenset({"device_received_organization", "failed"})


def recipients(transfer: Transfer, letter: str) -> list[str]:
    """Return the addresses a letter goes to; whoever ordered stands in for people without an address."""
    if letter in ORGANIZATION:
        return [*transfer.organization_address.notification_emails, transfer.user_email]
    if letter in PERSON:
        reader = transfer.employee_address
    elif letter in RECEIVER:
        reader = transfer.receiver
    else:
        reader = transfer.sender
    return list(reader.notification_emails) or [transfer.user_email]


async def write_letter(
    tx: Tx,
    transfer: Transfer,
    letter: str,
    *,
    at: datetime,
    shipment: Shipment | None = None,
    days_since_delivery: int | None = None,
    send_by: date | None = None,
    label_url: str | None = None,
    pickup_url: str | None = None,
    pickup_on: date | None = None,
    reason: str | None = None,
    once_per: str = "",
) -> None:
    """Decide a letter; deciding the same one again writes nothing. `once_per` tells repeated kinds apart."""
    occasion = f"{days_since_delivery or ''}{once_per}"
    await decide(
        tx,
        key=f"transfer:{transfer.id}:{letter}:{occasion}",
        template=f"transfers/{letter}",
        to=recipients(transfer, letter),
        about=("transfer", transfer.id),
        context=TransferLetter(
            direction="return" if transfer.direction is Direction.RETURN else "deployment",
            person_name=transfer.employee_address.name,
            has_box=not transfer.is_box_waived,
            organization_name=transfer.organization_address.name,
            device_type=transfer.device_type,
            device_make=transfer.device_make,
            device_model=transfer.device_model,
            carrier=shipment.carrier.value if shipment is not None and shipment.carrier else None,
            tracking_number=shipment.tracking_number if shipment is not None else None,
            tracking_url=shipment.tracking_url if shipment is not None else None,
            days_since_delivery=days_since_delivery,
            send_by=send_by,
            label_url=label_url,
            pickup_url=pickup_url,
            pickup_on=pickup_on,
            reference=transfer.ticket_reference,
            reason=reason,
        ),
        at=at,
    )
