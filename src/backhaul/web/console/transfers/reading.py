"""Which transfer a page is about, read with everything that belongs to it."""

from uuid import UUID

from backhaul.domain.identity import Right
from backhaul.domain.shipping.model import Leg
from backhaul.domain.transfers.answers import FullTransfer, ShownParcel
from backhaul.domain.transfers.errors import TransferUnknown
from backhaul.domain.transfers.listing import get_full
from backhaul.domain.transfers.model import TransferId
from backhaul.web.console.transfers.filtering import PATH
from backhaul.web.console.visiting import Visit

LONGEST_ID = 64


def transfer_id_of(visit: Visit) -> TransferId:
    """Return the id in the address; a text that is none names nothing we know."""
    text = visit.named("transfer")
    try:
        return TransferId(UUID(text))
    except ValueError:
        raise TransferUnknown(transfer_id=text[:LONGEST_ID]) from None


def path_of(transfer_id: TransferId) -> str:
    """Return the address of a transfer's page."""
    return f"{PATH}/{transfer_id}"


async def read_full(visit: Visit) -> FullTransfer:
    """Return the transfer of this page with everything that belongs to it, in one statement."""
    transfer_id = transfer_id_of(visit)
    scope = visit.actor.scope(Right.TRANSFERS_READ)
    async with visit.db.read(scope) as reader:
        return await get_full(reader, scope, transfer_id=transfer_id)


def parcel_of(visit: Visit, full: FullTransfer) -> ShownParcel:
    """Return the parcel that the address names by its leg, or refuse."""
    parcel = next((one for one in full.parcels if one.leg.value == visit.named("leg")), None)
    if parcel is None or parcel.leg is Leg.ONWARD:
        raise TransferUnknown(transfer_id=full.transfer.id)
    return parcel


def title_of(full: FullTransfer) -> str:
    """Return what a transfer is called: its device and its person."""
    transfer = full.transfer
    device = " ".join(filter(None, (transfer.device_make, transfer.device_model))) or transfer.device_type
    joint = "from" if transfer.direction.value == "return" else "to"
    return f"{device[:1].upper()}{device[1:]} {joint} {transfer.employee_address.name or 'somebody'}"
