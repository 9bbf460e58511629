"""What a case's parcels are sent as, and called off: transfers, ordered in the name of the campaign's owner."""

from collections.abc import Sequence
from datetime import datetime

from backhaul.domain.identity.model import Plan
from backhaul.domain.recovery import tables
from backhaul.domain.recovery.model import Campaign, Case, Item, Package, Parcel, Shipping
from backhaul.domain.recovery.packing import package_for
from backhaul.domain.transfers import tables as transfer_tables
from backhaul.domain.transfers.lifecycle import MOVES
from backhaul.domain.transfers.model import Action, Direction, Order, Status, Transfer
from backhaul.domain.transfers.operations import cancel_order, place_order
from backhaul.storage import history
from backhaul.storage.database import Tx


def send_parcels(
    tx: Tx, campaign: Campaign, case: Case, items: Sequence[Item], *, plan: Plan, at: datetime
) -> list[Transfer]:
    """Order a transfer for each parcel of a locked case, with reminders muted: the campaign has its own."""
    place = campaign.return_addresses[0]
    sent = []
    for position in sorted({item.parcel for item in items}):
        inside = [item for item in items if item.parcel == position]
        package = package_for(inside[0].name, place.packages)
        order = _order(campaign, case, inside, package)
        transfer = place_order(
            tx,
            author=history.SYSTEM,
            user=(campaign.owner_id, campaign.owner_email),
            plan=plan,
            order=order,
            at=at,
            is_muted=True,
        )
        parcel = Parcel(
            org_id=case.org_id,
            case_id=case.id,
            position=position,
            transfer_id=transfer.id,
            device=package.device,
        )
        tables.send(tx, parcel)
        sent.append(transfer)
    return sent


def _order(campaign: Campaign, case: Case, inside: Sequence[Item], package: Package) -> Order:
    serials = [item.serial_number for item in inside if item.serial_number]
    return Order(
        direction=Direction.RETURN,
        organization_address=campaign.return_addresses[0].address,
        employee_address=case.address,
        device_type=package.device,
        device_model=", ".join(item.name for item in inside),
        device_serial_number=serials[0] if serials else None,
        is_box_waived=case.shipping is Shipping.LABEL,
        ticket_reference=case.code,
        parcel_size=package.size,
    )


async def call_off(
    tx: Tx, author: history.Author, case: Case, items: Sequence[Item], *, reason: str | None, at: datetime
) -> None:
    """Cancel the parcels of a locked case in which nothing is expected any more, as far as they are still here."""
    expected = {item.parcel for item in items if item.outcome is None}
    for parcel in await tables.list_parcels(tx, case.id):
        if parcel.position in expected:
            continue
        transfer = await transfer_tables.lock(tx, parcel.transfer_id)
        if (transfer.status, Action.CANCEL) not in MOVES:
            continue
        if transfer.status is Status.PENDING_DEVICE and not transfer.is_box_waived:
            continue  # the box is there; whether its label is used is the person's choice
        await cancel_order(tx, author=author, transfer=transfer, reason=reason, at=at)
