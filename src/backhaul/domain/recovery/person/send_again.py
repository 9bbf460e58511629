"""Send a parcel again that came to nothing: another box or label, for what is expected still."""

from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.model import Case, Parcel
from backhaul.domain.recovery.parcels import send_parcels
from backhaul.domain.recovery.person import tables
from backhaul.domain.recovery.person.errors import ParcelGoesOn, ParcelNotWanted, ParcelUnknown
from backhaul.domain.recovery.person.model import CAME_TO_NOTHING, Choice
from backhaul.domain.transfers import tables as transfer_tables
from backhaul.domain.transfers.model import TransferId
from backhaul.storage import history
from backhaul.storage.database import Database, Tx


async def send_again(
    db: Database, *, actor: Actor, case: str, transfer_id: TransferId, choice: Choice, now: datetime
) -> Case:
    """Order another parcel in the place of one that failed, was cancelled or was not returned, named by its transfer.

    It goes to the address that is known by now and takes what is expected still, but for what the person says is gone.
    The case stays as it is: only what travels changes. The first parcel is kept, and what arrives in it all the same
    counts. Safe to repeat: a parcel that has another after it is sent no third time. A legal hold does not stand
    against it, since nothing is let go.
    """
    async with db.transaction(actor.scope(Right.RECOVERY_WRITE)) as tx:
        found, _ = await recovery_tables.find_case_by(tx, case)
        await _parcel(tx, found, transfer_id)
        transfer = await transfer_tables.lock(tx, transfer_id)  # before the case, as everybody does
        locked, items = await recovery_tables.lock_case(tx, found.id)
        parcel = await _parcel(tx, locked, transfer_id)
        if parcel is None:
            return locked
        if transfer.status not in CAME_TO_NOTHING:
            raise ParcelGoesOn(position=parcel.position, status=transfer.status.value.replace("_", " "))
        gone = await tables.claimed_items(tx, locked.id)
        inside = [
            item
            for item in items
            if item.parcel == parcel.position and item.outcome is None and item.id not in gone
        ]
        if not inside:
            raise ParcelNotWanted(position=parcel.position)
        history.note(
            tx,
            actor.author,
            subject=("recovery_case", locked.id),
            action=f"parcel_{parcel.position}_sent_again",
            at=now,
            reason=f"It was {transfer.status.value.replace('_', ' ')}.",
        )
        await send_parcels(
            tx,
            await recovery_tables.get_campaign(tx, locked.campaign_id),
            locked,
            inside,
            plan=actor.plan,
            at=now,
            wants_pickup=choice is Choice.PICKUP,
            is_box_waived=choice is not Choice.KIT,
            attempt=parcel.attempt + 1,
        )
    return locked


async def _parcel(tx: Tx, case: Case, transfer_id: TransferId) -> Parcel | None:
    """Return a parcel of a case; None when another was sent in its place already. Refuses one the case has not."""
    parcels = await recovery_tables.list_parcels(tx, case.id)
    found = next((parcel for parcel in parcels if parcel.transfer_id == transfer_id), None)
    if found is None:
        raise ParcelUnknown(case=case.public_number, transfer_id=transfer_id)
    later = (one for one in parcels if one.position == found.position and one.attempt > found.attempt)
    return None if any(later) else found
