"""Transfers: every status one enters is news, the first one included (contract §1.7)."""

from backhaul.domain.announcing.ports import STATE_TOPIC, TRANSFERS, Wordings, state_message
from backhaul.domain.transfers import tables as transfer_tables
from backhaul.domain.transfers.events import TransferMoved, TransferPlaced
from backhaul.domain.transfers.lifecycle import first_status
from backhaul.domain.transfers.model import Status, TransferId
from backhaul.domain.webhooks import deliver, list_listening
from backhaul.storage.database import Tx
from backhaul.storage.outbox import Aftermath, reacts_to


@reacts_to(TransferPlaced)
async def announce_placed(tx: Tx, placed: TransferPlaced, then: Aftermath) -> None:
    """Tell the endpoints which status a new transfer began with."""
    await _announce(tx, TransferId(placed.subject_id), None, then)


@reacts_to(TransferMoved)
async def announce_moved(tx: Tx, moved: TransferMoved, then: Aftermath) -> None:
    """Tell the endpoints which status a transfer entered, even if it has moved on since."""
    await _announce(tx, TransferId(moved.subject_id), moved.after, then)


async def _announce(tx: Tx, transfer_id: TransferId, status: Status | None, then: Aftermath) -> None:
    endpoints = await list_listening(tx, family=TRANSFERS, topic=STATE_TOPIC)
    if not endpoints:
        return
    transfer = await transfer_tables.lock(tx, transfer_id)
    entered = status or first_status(is_box_waived=transfer.is_box_waived)
    for endpoint in endpoints:
        wording = then.port(Wordings).find(endpoint.wording)
        if wording is not None:
            # Told once: this shares its transaction with the mark that the event was told.
            message = state_message(wording.state(transfer, entered))
            await deliver(tx, to=endpoint, message=message, at=then.now)
