"""Returns and reshipments: every status their owner is shown is news, so are estimates and scans (contract §3.8)."""

from collections.abc import Callable
from typing import Any

import msgspec

from backhaul.domain import reshipping, returns
from backhaul.domain.announcing.ports import (
    PARCELS,
    RESHIPMENT_TOPIC,
    RETURN_TOPIC,
    SHIPMENT_TOPIC,
    ParcelWording,
    Wordings,
)
from backhaul.domain.reshipping import tables as reshipping_tables
from backhaul.domain.reshipping.events import ReshipmentDispatched, ReshipmentMoved, ReshipmentQuoted
from backhaul.domain.reshipping.model import ReshipmentId
from backhaul.domain.returns import tables as return_tables
from backhaul.domain.returns.events import ReturnMoved
from backhaul.domain.shipping.events import ParcelMoved
from backhaul.domain.shipping.model import Leg, ShipmentId, Tracking
from backhaul.domain.webhooks import Endpoint, Message, deliver, list_listening
from backhaul.storage.database import Tx
from backhaul.storage.outbox import Aftermath, Event, reacts_to

_STILL = frozenset({Tracking.PRE_TRANSIT, Tracking.CANCELLED, Tracking.UNKNOWN})  # no carrier has moved it


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
        undispatched = _undispatched(status=moved.after, estimated_fee_minor=moved.estimated_fee_minor)
        await _announce_reshipment(tx, moved, undispatched, then)


@reacts_to(ReshipmentQuoted)
async def announce_estimate(tx: Tx, quoted: ReshipmentQuoted, then: Aftermath) -> None:
    """Tell the endpoints that there is an estimate to answer."""
    undispatched = _undispatched(
        status=reshipping.Status.PENDING, estimated_fee_minor=quoted.estimated_fee_minor
    )
    await _announce_reshipment(tx, quoted, undispatched, then)


@reacts_to(ReshipmentDispatched)
async def announce_dispatch(tx: Tx, dispatched: ReshipmentDispatched, then: Aftermath) -> None:
    """Tell the endpoints that a reshipment has a tracking number and its final fee; nothing changes after that."""
    await _announce_reshipment(tx, dispatched, {}, then)


@reacts_to(ParcelMoved)
async def announce_parcel(tx: Tx, moved: ParcelMoved, then: Aftermath) -> None:
    """Tell the endpoints how the carrier moves a dispatched reshipment; its owner is shown nothing of it before."""
    if moved.leg is not Leg.ONWARD or moved.after in _STILL:
        return
    endpoints = await list_listening(tx, family=PARCELS, topic=SHIPMENT_TOPIC)
    shipment_id = ShipmentId(moved.shipment_id)
    one = await reshipping_tables.lock_by_shipment(tx, shipment_id) if endpoints else None
    if one is not None and one.dispatched_at is not None:
        found = one
        await _tell(tx, endpoints, SHIPMENT_TOPIC, lambda wording: wording.carried(found, moved), then)


def _undispatched(**changes: Any) -> dict[str, Any]:
    # A reshipment moves on while its news waits. What is told is how it stood at the event: what only the dispatch
    # brings (contract §3.9, B10) was not there yet.
    return {**changes, "reship_fee_minor": 0, "service": None, "tracking_number": None}


async def _announce_reshipment(tx: Tx, told: Event, as_it_stood: dict[str, Any], then: Aftermath) -> None:
    endpoints = await list_listening(tx, family=PARCELS, topic=RESHIPMENT_TOPIC)
    one = await reshipping_tables.lock_by_id(tx, ReshipmentId(told.subject_id)) if endpoints else None
    if one is not None:
        stood = msgspec.structs.replace(one, **as_it_stood)
        await _tell(tx, endpoints, RESHIPMENT_TOPIC, lambda wording: wording.reshipped(stood), then)


async def _tell(
    tx: Tx, endpoints: list[Endpoint], topic: str, say: Callable[[ParcelWording], bytes], then: Aftermath
) -> None:
    for endpoint in endpoints:
        wording = then.port(Wordings).of_parcels.get(endpoint.wording)
        if wording is not None:
            await deliver(tx, to=endpoint, message=Message(topic=topic, body=say(wording)), at=then.now)
