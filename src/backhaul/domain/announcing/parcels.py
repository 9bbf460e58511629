"""Returns and reshipments: every status that their owner is shown is news, and so is an estimate (contract §3.8)."""

from collections.abc import Callable

from backhaul.domain import reshipping, returns
from backhaul.domain.announcing.ports import (
    PARCELS,
    RESHIPMENT_TOPIC,
    RETURN_TOPIC,
    ParcelWording,
    Wordings,
)
from backhaul.domain.reshipping import tables as reshipping_tables
from backhaul.domain.reshipping.events import ReshipmentDispatched, ReshipmentMoved, ReshipmentQuoted
from backhaul.domain.reshipping.model import ReshipmentId
from backhaul.domain.returns import tables as return_tables
from backhaul.domain.returns.events import ReturnMoved
from backhaul.domain.webhooks import Endpoint, Message, deliver, list_listening
from backhaul.storage.database import Tx
from backhaul.storage.outbox import Aftermath, reacts_to


@reacts_to(ReturnMoved)
async def announce_return(tx: Tx, moved: ReturnMoved, then: Aftermath) -> None:
    """Tell the endpoints which status a return entered, even if it has moved on since."""
    if moved.after not in returns.LISTED:
        return
    endpoints = await list_listening(tx, family=PARCELS, topic=RETURN_TOPIC)
    one = await return_tables.lock_by_id(tx, returns.ReturnId(moved.subject_id)) if endpoints else None
    if one is not None:
        found = one
        await _tell(tx, endpoints, RETURN_TOPIC, lambda wording: wording.returned(found, moved.after), then)


@reacts_to(ReshipmentMoved)
async def announce_reshipment(tx: Tx, moved: ReshipmentMoved, then: Aftermath) -> None:
    """Tell the endpoints which status a reshipment entered; one that is gone is in no list, and no news."""
    if moved.after in reshipping.LISTED:
        await _announce_reshipment(tx, ReshipmentId(moved.subject_id), moved.after, then)


@reacts_to(ReshipmentQuoted)
async def announce_estimate(tx: Tx, quoted: ReshipmentQuoted, then: Aftermath) -> None:
    """Tell the endpoints that there is an estimate to answer."""
    await _announce_reshipment(tx, ReshipmentId(quoted.subject_id), reshipping.Status.PENDING, then)


@reacts_to(ReshipmentDispatched)
async def announce_dispatch(tx: Tx, dispatched: ReshipmentDispatched, then: Aftermath) -> None:
    """Tell the endpoints that a reshipment has a tracking number and its final fee."""
    await _announce_reshipment(tx, ReshipmentId(dispatched.subject_id), reshipping.Status.APPROVED, then)


async def _announce_reshipment(
    tx: Tx, reshipment_id: ReshipmentId, status: reshipping.Status, then: Aftermath
) -> None:
    endpoints = await list_listening(tx, family=PARCELS, topic=RESHIPMENT_TOPIC)
    one = await reshipping_tables.lock_by_id(tx, reshipment_id) if endpoints else None
    if one is not None:
        found = one
        await _tell(tx, endpoints, RESHIPMENT_TOPIC, lambda wording: wording.reshipped(found, status), then)


async def _tell(
    tx: Tx, endpoints: list[Endpoint], topic: str, say: Callable[[ParcelWording], bytes], then: Aftermath
) -> None:
    for endpoint in endpoints:
        wording = then.port(Wordings).of_parcels.get(endpoint.wording)
        if wording is not None:
            await deliver(tx, to=endpoint, message=Message(topic=topic, body=say(wording)), at=then.now)
