"""Parcels to send: valid by default, one override states the point."""

from typing import Any

import msgspec

from backhaul.domain.shipping.model import Parcel
from backhaul.kernel.addresses import Address
from backhaul.kernel.measures import Dimensions

OFFICE = Address(
    name="Maas Biolabs",
    attention="IT Asset Desk",
    line_1="1200 Market Street",
    line_2="Suite 400",
    city="San Francisco",
    state_code="CA",
    postal_code="94103",
    country_code="US",
)
HOME = Address(
    name="Angela Mitchell",
    line_1="742 Evergreen Terrace",
    city="Springfield",
    state_code="IL",
    postal_code="62704",
    country_code="US",
)
BERLIN = Address(
    name="Grete Weiß", line_1="Torstraße 5", city="Berlin", postal_code="10119", country_code="DE"
)
LAPTOP_BOX = Dimensions(length_mm=406, width_mm=305, height_mm=102, weight_grams=2350)


def parcel(**changes: Any) -> Parcel:
    usual = Parcel(origin=OFFICE, destination=HOME, size=LAPTOP_BOX, reference="BH-1a2b3c4d box TICKET-4711")
    return msgspec.structs.replace(usual, **changes)


def weighing(grams: int) -> Dimensions:
    return msgspec.structs.replace(LAPTOP_BOX, weight_grams=grams)
