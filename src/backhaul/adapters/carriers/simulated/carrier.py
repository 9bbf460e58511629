"""The port `Carrier`, played by a simulation. Nothing is kept between calls but who was turned away once."""

# ruff: noqa: ARG002 - the port names arguments that this carrier has no use for

import asyncio
import re
from collections import OrderedDict
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from backhaul.adapters.carriers.simulated import journey, labels, numbers, services
from backhaul.adapters.carriers.simulated.addresses import problems_of
from backhaul.adapters.carriers.simulated.words import Mishap, fate_of, mishap_of
from backhaul.adapters.carriers.tracking_pages import carrier_page, own_page
from backhaul.adapters.labels import render_label
from backhaul.domain.shipping.errors import CarrierRefused, CarrierUnavailable
from backhaul.domain.shipping.model import (
    AddressVerdict,
    CarrierCode,
    Fault,
    Parcel,
    PickupBooking,
    PickupRequest,
    Purchase,
    Rate,
    TrackingEvent,
    TrackRequest,
    TrackResult,
)
from backhaul.domain.shipping.ports import Capabilities
from backhaul.kernel.addresses import Address

_ID_MARK, _PICKUP_MARK = "sim_", "SIMPU"
_SATURDAY = 5
_TURNED_AWAY_AT_MOST = 1024
_UUID_7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)


class SimulatedCarrier:
    """USPS, UPS, FedEx, DHL Express and Sendle, simulated; a simulated day lasts `day_seconds`."""

    name = "simulated"
    capabilities = Capabilities(
        validates_addresses=True,
        quotes_rates=True,
        buys_labels=True,
        voids=True,
        tracks=True,
        schedules_pickups=True,
    )

    def __init__(self, *, day_seconds: float = 86_400, tracking_page: str) -> None:
        if day_seconds <= 0:
            raise ValueError("a simulated day must last longer than no time")
        self._day_seconds = day_seconds
        self._tracking_page = tracking_page
        # Keys of `sim-unavailable`, in this process only.
        self._turned_away: OrderedDict[str, None] = OrderedDict()

    async def validate_address(self, carrier: CarrierCode, address: Address) -> AddressVerdict:
        """Return what the postal rules of the country find wrong."""
        return AddressVerdict(problems=problems_of(address))

    async def rates(self, carrier: CarrierCode, parcel: Parcel) -> list[Rate]:
        """Return the rate card's offers, cheapest first; none if route or weight are not served."""
        return [rate for _, rate in services.quotes(carrier, parcel)]

    async def buy(
        self,
        carrier: CarrierCode,
        parcel: Parcel,
        *,
        idempotency_key: str,
        now: datetime,
    ) -> Purchase:
        """Return the label that the key stands for: the same bytes whenever it is asked for."""
        self._have_mishap(carrier, parcel, idempotency_key)
        service, rate = services.choose(carrier, parcel)
        number = numbers.number_for(carrier, idempotency_key, service_digits=service.digits)
        sheet = labels.sheet_for(
            parcel,
            service,
            number,
            tracking_page=own_page(self._tracking_page, number),
            dated=_dated(idempotency_key),
        )
        return Purchase(
            carrier_shipment_id=_shipment_id(carrier, idempotency_key),
            tracking_number=number,
            tracking_url=carrier_page(carrier, number),
            service=service.code,
            cost=rate.cost,
            labels=await asyncio.to_thread(render_label, sheet),
        )

    async def void(
        self,
        carrier: CarrierCode,
        carrier_shipment_id: str,
        *,
        idempotency_key: str,
        now: datetime,
    ) -> None:
        """Accept the return of a label."""
        if not carrier_shipment_id.startswith(_ID_MARK):
            raise CarrierRefused(carrier=carrier.value, reason=f"there is no shipment {carrier_shipment_id}")

    async def track(self, carrier: CarrierCode, request: TrackRequest, *, now: datetime) -> TrackResult:
        """Return the scans so far. Nothing is known of a parcel that nobody can hand over yet."""
        if request.ready_at is None:
            return TrackResult(events=())
        service = services.service_of(carrier, request.service)
        journeyed = journey.events(
            carrier,
            request.tracking_number,
            fate_of(request.reference),
            is_rush=service is not None and service.is_rush,
            ready_at=request.ready_at,
            day_seconds=self._day_seconds,
        )
        seen: list[TrackingEvent] = []
        for event in journeyed:
            if event.at > now:
                return TrackResult(events=tuple(seen), next_look_at=event.at)
            seen.append(event)
        return TrackResult(events=tuple(seen))

    async def schedule_pickup(
        self, carrier: CarrierCode, request: PickupRequest, *, idempotency_key: str, now: datetime
    ) -> PickupBooking:
        """Book a collection on a working day that is not over yet."""
        if request.on < _earliest_today(now):
            raise CarrierRefused(carrier=carrier.value, reason=f"{request.on} has passed")
        if request.on.weekday() >= _SATURDAY:
            raise CarrierRefused(carrier=carrier.value, reason=f"there are no pickups on a {request.on:%A}")
        seed = numbers.seed_of("pickup", carrier.value, idempotency_key)
        return PickupBooking(confirmation=f"{_PICKUP_MARK}{seed % 10**10:010d}")

    async def cancel_pickup(
        self,
        carrier: CarrierCode,
        confirmation: str,
        *,
        idempotency_key: str,
        now: datetime,
    ) -> None:
        """Accept the cancellation of a pickup."""
        if not confirmation.startswith(_PICKUP_MARK):
            raise CarrierRefused(carrier=carrier.value, reason=f"there is no pickup {confirmation}")

    def _have_mishap(self, carrier: CarrierCode, parcel: Parcel, key: str) -> None:
        mishap = mishap_of(parcel.reference)
        if mishap is Mishap.NO_LABEL:
            reason = "the reference says sim-no-label"
            raise CarrierRefused(carrier=carrier.value, reason=reason, fault=Fault.OTHER)
        if mishap is Mishap.UNAVAILABLE and key not in self._turned_away:
            self._turned_away[key] = None
            if len(self._turned_away) > _TURNED_AWAY_AT_MOST:
                self._turned_away.popitem(last=False)
            raise CarrierUnavailable(carrier=carrier.value)


def _shipment_id(carrier: CarrierCode, key: str) -> str:
    return f"{_ID_MARK}{numbers.seed_of('id', carrier.value, key) % 2**96:024x}"


def _dated(key: str) -> date | None:
    """Return the day inside a UUIDv7, which is when the shipment was ordered; None for any other key."""
    found = _UUID_7.search(key)
    if found is None:
        return None
    milliseconds = UUID(found[0]).int >> 80
    try:
        return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).date()
    except (OverflowError, ValueError):
        return None


def _earliest_today(now: datetime) -> date:
    """Return the date it still is somewhere on earth: the address's own time zone is not known here."""
    return (now.astimezone(UTC) - timedelta(hours=12)).date()
