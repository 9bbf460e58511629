"""What a case's parcels are sent as, and called off: transfers, ordered in the name of the campaign's owner."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from backhaul.domain.identity.model import Plan
from backhaul.domain.inventory.model import AssetId
from backhaul.domain.recovery import tables
from backhaul.domain.recovery.model import Campaign, Case, Item, Outcome, Parcel, Shipping
from backhaul.domain.recovery.packing import Destination, destination_for
from backhaul.domain.transfers import tables as transfer_tables
from backhaul.domain.transfers.lifecycle import MOVES
from backhaul.domain.transfers.model import Action, Direction, Order, Status, Transfer
from backhaul.domain.transfers.operations import cancel_order, place_order
from backhaul.storage import history
from backhaul.storage.database import Tx


async def send_parcels(
    tx: Tx,
    campaign: Campaign,
    case: Case,
    items: Sequence[Item],
    *,
    plan: Plan,
    at: datetime,
    wants_pickup: bool = False,
    is_box_waived: bool | None = None,
    attempt: int = 1,
) -> list[Transfer]:
    """Order a transfer for each parcel of a locked case, with reminders muted: the campaign has its own.

    `is_box_waived` is as the case says unless it is given.
    """
    is_waived = case.shipping is Shipping.LABEL if is_box_waived is None else is_box_waived
    serials = await tables.serials_of(tx, [item.asset_id for item in items if item.asset_id is not None])
    sent = []
    for position in sorted({item.parcel for item in items}):
        inside = [item for item in items if item.parcel == position]
        to = destination_for(inside[0].name, campaign.return_addresses, country_code=case.country_code)
        carried = _carried(inside, serials)
        order = _order(
            case, inside, to, serial_number=carried, is_box_waived=is_waived, wants_pickup=wants_pickup
        )
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
            device=to.package.device,
            attempt=attempt,
        )
        tables.send(tx, parcel)
        sent.append(transfer)
    return sent


def _carried(inside: Sequence[Item], serials: Mapping[AssetId, str]) -> str | None:
    """Return the serial number that links a parcel's transfer to its device.

    That of a device in the inventory, however the item named it. Of several it is the one with the lowest id, which
    everybody locks first; the others follow by their items.
    """
    known = {item.asset_id: item for item in inside if item.asset_id in serials}
    if not known:
        return next((item.serial_number for item in inside if item.serial_number), None)
    asset_id = min(serials.keys() & known.keys())
    return known[asset_id].serial_number or serials[asset_id]


def _order(
    case: Case,
    inside: Sequence[Item],
    to: Destination,
    *,
    serial_number: str | None,
    is_box_waived: bool,
    wants_pickup: bool,
) -> Order:
    return Order(
        direction=Direction.RETURN,
        organization_address=to.place.address,
        employee_address=case.address,
        device_type=to.package.device,
        device_model=", ".join(item.name for item in inside),
        device_serial_number=serial_number,
        is_box_waived=is_box_waived,
        pickup_wish=True if wants_pickup else None,
        ticket_reference=case.code,
        parcel_size=to.package.size,
    )


async def call_off(
    tx: Tx, author: history.Author, case: Case, items: Sequence[Item], *, reason: str | None, at: datetime
) -> None:
    """Cancel the parcels of a locked case in which nothing is expected any more, as far as they are still here.

    What is outstanding of a thing that was partly returned may come in its parcel, so that one goes on.
    """
    expected = {item.parcel for item in items if item.outcome in (None, Outcome.PARTLY_RETURNED)}
    for parcel in await tables.list_parcels(tx, case.id):
        if parcel.position in expected:
            continue
        transfer = await transfer_tables.lock(tx, parcel.transfer_id)
        if (transfer.status, Action.CANCEL) not in MOVES:
            continue
        if transfer.status is Status.PENDING_DEVICE and not transfer.is_box_waived:
            continue  # the box is there; whether its label is used is the person's choice
        await cancel_order(tx, author=author, transfer=transfer, reason=reason, at=at)
