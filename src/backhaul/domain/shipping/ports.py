"""What shipping needs from a carrier. One contract test holds every adapter to this."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import msgspec

from backhaul.domain.shipping.errors import CarrierUnknown
from backhaul.domain.shipping.model import (
    AddressVerdict,
    CarrierCode,
    Parcel,
    PickupBooking,
    PickupRequest,
    Purchase,
    Rate,
    TrackRequest,
    TrackResult,
)
from backhaul.kernel.addresses import Address


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What an adapter really offers; calling anything else raises `CapabilityMissing`."""

    validates_addresses: bool
    quotes_rates: bool
    buys_labels: bool
    voids: bool
    tracks: bool
    schedules_pickups: bool


class Carrier(Protocol):
    """A way to one or more carriers. Calls may take seconds: never inside a transaction.

    Every call raises `CarrierUnavailable` (repeat it) or `CarrierRefused` (do not). `buy`, `void`,
    `schedule_pickup` and `cancel_pickup` may be repeated with the same `idempotency_key`: the effect happens
    once and the answer is the same.
    """

    name: str
    capabilities: Capabilities

    async def validate_address(self, carrier: CarrierCode, address: Address) -> AddressVerdict: ...

    async def rates(self, carrier: CarrierCode, parcel: Parcel) -> list[Rate]: ...

    async def buy(
        self, carrier: CarrierCode, parcel: Parcel, *, idempotency_key: str, now: datetime
    ) -> Purchase: ...

    async def void(
        self, carrier: CarrierCode, carrier_shipment_id: str, *, idempotency_key: str, now: datetime
    ) -> None: ...

    async def track(self, carrier: CarrierCode, request: TrackRequest, *, now: datetime) -> TrackResult: ...

    async def schedule_pickup(
        self, carrier: CarrierCode, request: PickupRequest, *, idempotency_key: str, now: datetime
    ) -> PickupBooking: ...

    async def cancel_pickup(
        self, carrier: CarrierCode, confirmation: str, *, idempotency_key: str, now: datetime
    ) -> None: ...


class Carriers:
    """The adapters that are set up, and which of them serves each carrier for new shipments."""

    def __init__(self, adapters: Mapping[str, Carrier], serving: Mapping[CarrierCode, str]) -> None:
        self._adapters = dict(adapters)
        self._serving = dict(serving)

    def adapter(self, name: str) -> Carrier:
        """Return the adapter a shipment was made with."""
        try:
            return self._adapters[name]
        except KeyError:
            raise CarrierUnknown(carrier=name, known=", ".join(sorted(self._adapters))) from None

    def serving(self, carrier: CarrierCode) -> Carrier:
        """Return the adapter for a new shipment with this carrier."""
        try:
            return self._adapters[self._serving[carrier]]
        except KeyError:
            raise CarrierUnknown(carrier=carrier.value, known=", ".join(sorted(self._serving))) from None

    @property
    def codes(self) -> list[CarrierCode]:
        """The carriers that can be used for new shipments."""
        return list(self._serving)
