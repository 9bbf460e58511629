"""The port `Carrier`, played by a person with a roll of labels.

What `buy` buys here is our own waybill: a slip for the parcel with a number of ours, `MAN` and fourteen
digits. It is a true number, ours, by which the parcel is found until the operator replaces it by the one
pasted from the carrier. Nothing about that number is checked: whatever the carrier prints is right.
"""

# ruff: noqa: ARG002 - the port names arguments that this carrier has no use for

import asyncio
import hashlib
from datetime import datetime
from typing import NoReturn

from backhaul.adapters.carriers.tracking_pages import own_page
from backhaul.adapters.labels import Barcode, LabelSheet, address_lines, details_of, render_label
from backhaul.domain.shipping.errors import CapabilityMissing
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
from backhaul.domain.shipping.ports import Capabilities
from backhaul.kernel.addresses import Address
from backhaul.kernel.money import Money


class ManualCarrier:
    """Any carrier whose labels are bought outside Backhaul."""

    name = "manual"
    capabilities = Capabilities(
        validates_addresses=False,
        quotes_rates=False,
        buys_labels=True,
        voids=True,  # a slip costs nothing and is simply thrown away
        tracks=False,
        schedules_pickups=False,
    )

    def __init__(self, *, tracking_page: str) -> None:
        self._tracking_page = tracking_page

    async def validate_address(self, carrier: CarrierCode, address: Address) -> AddressVerdict:
        """Refuse: nobody is asked."""
        _refuse(carrier, "checking addresses")

    async def rates(self, carrier: CarrierCode, parcel: Parcel) -> list[Rate]:
        """Refuse: nobody is asked."""
        _refuse(carrier, "rates")

    async def buy(
        self,
        carrier: CarrierCode,
        parcel: Parcel,
        *,
        idempotency_key: str,
        now: datetime,
    ) -> Purchase:
        """Return the slip that a key stands for, always the same bytes. The carrier's price is not known."""
        seed = hashlib.sha256(f"manual\x1f{idempotency_key}".encode())
        number = f"MAN{int.from_bytes(seed.digest()) % 10**14:014d}"
        page = own_page(self._tracking_page, number)
        return Purchase(
            carrier_shipment_id=f"man_{seed.hexdigest()[:24]}",
            tracking_number=number,
            tracking_url=page,
            service=parcel.service or "MANUAL",
            cost=Money(0, "USD"),
            labels=await asyncio.to_thread(render_label, _slip(carrier, parcel, number, page)),
        )

    async def void(
        self, carrier: CarrierCode, carrier_shipment_id: str, *, idempotency_key: str, now: datetime
    ) -> None:
        """Throw a slip away; a label bought elsewhere is voided where it was bought."""

    async def track(self, carrier: CarrierCode, request: TrackRequest, *, now: datetime) -> TrackResult:
        """Refuse: scans are entered by hand."""
        _refuse(carrier, "tracking")

    async def schedule_pickup(
        self,
        carrier: CarrierCode,
        request: PickupRequest,
        *,
        idempotency_key: str,
        now: datetime,
    ) -> PickupBooking:
        """Refuse: nobody is asked."""
        _refuse(carrier, "pickups")

    async def cancel_pickup(
        self,
        carrier: CarrierCode,
        confirmation: str,
        *,
        idempotency_key: str,
        now: datetime,
    ) -> None:
        """Refuse: there is nothing to cancel."""
        _refuse(carrier, "pickups")


def _refuse(carrier: CarrierCode, capability: str) -> NoReturn:
    raise CapabilityMissing(carrier=f"{carrier.value} by hand", capability=capability)


def _slip(carrier: CarrierCode, parcel: Parcel, number: str, page: str) -> LabelSheet:
    country = parcel.origin.country_code
    return LabelSheet(
        letter="M",
        carrier="Parcel slip",
        service=f"send with {carrier.value}" + (f", {parcel.service}" if parcel.service else ""),
        banner="NO POSTAGE - ADD THE CARRIER'S LABEL",
        sender=address_lines(parcel.origin, seen_from=country),
        recipient=address_lines(parcel.destination, seen_from=country),
        details=details_of(parcel.size, country_code=country, dated=None),
        reference=parcel.reference,
        barcode=Barcode(
            caption="BACKHAUL WAYBILL",
            text=f"{number[:3]} {number[3:7]} {number[7:12]} {number[12:]}",
            elements=(number,),
        ),
        tracking_page=page,
        footer="Printed by Backhaul",
    )
