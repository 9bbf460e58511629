"""The slow side of shipping: calls to carriers, each between two short transactions."""

import asyncio
from datetime import timedelta

import structlog

from backhaul.domain.shipping import tables
from backhaul.domain.shipping.errors import CapabilityMissing, CarrierRefused, CarrierUnavailable
from backhaul.domain.shipping.model import (
    CarrierCode,
    Parcel,
    PickupId,
    PickupRequest,
    ShipmentId,
    Tracking,
    TrackRequest,
)
from backhaul.domain.shipping.operations.labels import attach_label, refuse_label
from backhaul.domain.shipping.operations.pickups import confirm_pickup, refuse_pickup
from backhaul.domain.shipping.operations.tracking import ingest
from backhaul.domain.shipping.ports import Carriers
from backhaul.domain.shipping.queries import get_pickup, get_shipment
from backhaul.domain.shipping.tasks import book_pickup, buy_label, cancel_pickup, void_label
from backhaul.jobqueue import Run, periodic
from backhaul.kernel.errors import Unavailable
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Scope

logger = structlog.get_logger("backhaul.shipping")

LOOK_UPS_AT_ONCE = 8
DUE_PER_ROUND = 200


@buy_label.handler
async def buy(run: Run, *, org_id: OrgId, shipment_id: ShipmentId) -> None:
    """Buy the label of one shipment. Safe to run twice: the carrier knows the purchase by its key."""
    shipment = await get_shipment(run.db, org_id=org_id, shipment_id=shipment_id)
    if shipment.has_label or shipment.status is not Tracking.PRE_TRANSIT:
        return
    carriers = run.port(Carriers)
    try:
        carrier = shipment.carrier or await cheapest(carriers, shipment.parcel)
        adapter = carriers.serving(carrier)
        purchase = await adapter.buy(
            carrier, shipment.parcel, idempotency_key=shipment.purchase_key, now=shipment.created_at
        )
    except CarrierRefused as refusal:
        await refuse_label(
            run.db,
            org_id=org_id,
            shipment_id=shipment_id,
            reason=refusal.data["reason"],
            fault=refusal.data["fault"],
            now=run.now(),
            readdressed=shipment.readdressed,
        )
        return
    await attach_label(
        run.db,
        org_id=org_id,
        shipment_id=shipment_id,
        adapter=adapter.name,
        carrier=carrier,
        purchase=purchase,
        now=run.now(),
        readdressed=shipment.readdressed,
    )


async def cheapest(carriers: Carriers, parcel: Parcel) -> CarrierCode:
    """Return the carrier with the lowest quote for a parcel; ties go to the one named first."""
    best: tuple[int, CarrierCode] | None = None
    refused = CarrierRefused(carrier="Every carrier", reason="no rate for this parcel")
    for code in carriers.codes:
        adapter = carriers.serving(code)
        if not adapter.capabilities.quotes_rates:
            continue
        try:
            rates = await adapter.rates(code, parcel)
        except CarrierRefused as refusal:  # of one carrier; another may well take it
            refused = refusal
            continue
        for rate in rates:
            if best is None or rate.cost.amount_minor < best[0]:
                best = rate.cost.amount_minor, code
    if best is None:
        raise refused
    return best[1]


@void_label.handler
async def void(
    run: Run,
    *,
    org_id: OrgId,  # noqa: ARG001 - every job has one
    shipment_id: ShipmentId,
    adapter: str,
    carrier: CarrierCode,
    carrier_shipment_id: str,
    purchase_key: str | None = None,  # None: put in the queue by an earlier release
) -> None:
    """Void a label at the carrier. Safe to run twice.

    It is told which label: by now the parcel may have another number, and nothing of the old label is left in it.
    """
    seller = run.port(Carriers).adapter(adapter)
    if seller.capabilities.voids:
        await seller.void(
            carrier, carrier_shipment_id, idempotency_key=f"{purchase_key or shipment_id}:void", now=run.now()
        )


@book_pickup.handler
async def book(run: Run, *, org_id: OrgId, pickup_id: PickupId) -> None:
    """Book a pickup with the carrier. Safe to run twice."""
    pickup = await get_pickup(run.db, org_id=org_id, pickup_id=pickup_id)
    if pickup.confirmation is not None:
        return
    shipment = await get_shipment(run.db, org_id=org_id, shipment_id=pickup.shipment_id)
    assert shipment.adapter is not None
    assert shipment.carrier is not None
    assert shipment.tracking_number is not None
    request = PickupRequest(
        address=shipment.parcel.origin,
        on=pickup.on_date,
        instructions=pickup.instructions,
        tracking_number=shipment.tracking_number,
    )
    adapter = run.port(Carriers).adapter(shipment.adapter)
    try:
        booking = await adapter.schedule_pickup(
            shipment.carrier, request, idempotency_key=str(pickup_id), now=run.now()
        )
    except (CarrierRefused, CapabilityMissing) as refusal:
        reason = refusal.data.get("reason", refusal.text)
        await refuse_pickup(run.db, org_id=org_id, pickup_id=pickup_id, reason=reason, now=run.now())
        return
    await confirm_pickup(
        run.db,
        org_id=org_id,
        pickup_id=pickup_id,
        confirmation=booking.confirmation,
        adapter=adapter.name,
        carrier=shipment.carrier,
        now=run.now(),
    )


@cancel_pickup.handler
async def cancel(run: Run, *, org_id: OrgId, pickup_id: PickupId, adapter: str, carrier: CarrierCode) -> None:
    """Cancel a booked pickup where it was booked: the parcel may be somebody else's by now. Safe to run twice."""
    pickup = await get_pickup(run.db, org_id=org_id, pickup_id=pickup_id)
    if pickup.confirmation is None:
        return
    booked_with = run.port(Carriers).adapter(adapter)
    await booked_with.cancel_pickup(
        carrier, pickup.confirmation, idempotency_key=f"{pickup_id}:cancel", now=run.now()
    )


@periodic("shipping.look_up_due", every=timedelta(seconds=0.5))
async def look_up_due(run: Run) -> None:
    """Ask the carriers about every parcel that is due, a few at a time."""
    async with run.db.system() as reader:
        due = await reader.fetch(tables.CLAIM_DUE, run.now(), DUE_PER_ROUND)
    gate = asyncio.Semaphore(LOOK_UPS_AT_ONCE)

    async def one(org_id: OrgId, shipment_id: ShipmentId) -> None:
        async with gate:
            try:
                await look_up(run, org_id=org_id, shipment_id=shipment_id)
            except (CarrierUnavailable, Unavailable) as error:
                logger.warning("look-up put off", shipment_id=str(shipment_id), reason=error.text)
            except Exception:
                # One odd answer must not keep the other parcels from being looked up; the claim runs out.
                logger.exception("look-up failed", shipment_id=str(shipment_id))

    await asyncio.gather(*(one(row["org_id"], row["id"]) for row in due))


async def look_up(run: Run, *, org_id: OrgId, shipment_id: ShipmentId) -> None:
    """Ask the carrier about one parcel and take in the answer."""
    shipment = await get_shipment(run.db, org_id=org_id, shipment_id=shipment_id)
    if shipment.tracking_number is None or shipment.adapter is None or shipment.carrier is None:
        return
    adapter = run.port(Carriers).adapter(shipment.adapter)
    if not adapter.capabilities.tracks:
        await stop_looking(run, org_id=org_id, shipment_id=shipment_id)
        return
    now = run.now()
    request = TrackRequest(
        tracking_number=shipment.tracking_number,
        service=shipment.service or "",
        reference=shipment.parcel.reference,
        ready_at=shipment.ready_at,
    )
    result = await adapter.track(shipment.carrier, request, now=now)
    await ingest(
        run.db,
        scope=Scope(org_id),
        shipment_id=shipment_id,
        tracking_number=shipment.tracking_number,
        result=result,
        now=now,
    )


async def stop_looking(run: Run, *, org_id: OrgId, shipment_id: ShipmentId) -> None:
    """Take a parcel whose carrier has no tracking off the list; scans then come by hand."""
    async with run.db.transaction(Scope(org_id)) as tx:
        await tables.look_again(tx, shipment_id, at=None, looks=0)
