"""What follows when a carrier confirms a pickup, or nobody comes."""

from backhaul.domain.shipping import tables as shipping_tables
from backhaul.domain.shipping.events import PickupBooked, PickupEnded
from backhaul.domain.shipping.model import PickupId, ShipmentId
from backhaul.domain.transfers import tables
from backhaul.domain.transfers.letters import write_letter
from backhaul.domain.transfers.model import TransferId
from backhaul.storage.database import Tx
from backhaul.storage.outbox import Aftermath, reacts_to


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
    device = await shipping_tables.lock(tx, ShipmentId(happened.shipment_id))
    pickup = await shipping_tables.lock_pickup(tx, PickupId(happened.pickup_id))
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
