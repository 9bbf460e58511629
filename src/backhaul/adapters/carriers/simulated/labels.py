"""What a simulated carrier prints on its label."""

from datetime import date

from backhaul.adapters.carriers.simulated.numbers import grouped
from backhaul.adapters.carriers.simulated.services import Service
from backhaul.adapters.labels import Barcode, LabelSheet, address_lines, details_of
from backhaul.domain.shipping.model import CarrierCode, Parcel
from backhaul.kernel.addresses import Address

_NAMES = {CarrierCode.FEDEX: "FedEx", CarrierCode.DHL_EXPRESS: "DHL Express"}
_ZIP_DIGITS = 5


def sheet_for(
    parcel: Parcel, service: Service, number: str, *, tracking_page: str, dated: date | None
) -> LabelSheet:
    """Return the label of one parcel."""
    country = parcel.origin.country_code
    name = _NAMES.get(service.carrier, service.carrier.value)
    return LabelSheet(
        letter=service.letter,
        carrier=name,
        service=f"{service.name} - RETURN" if parcel.is_return else service.name,
        banner="SIMULATED - NOT VALID FOR SHIPPING",
        sender=address_lines(parcel.origin, seen_from=country),
        recipient=address_lines(parcel.destination, seen_from=country),
        details=details_of(parcel.size, country_code=country, dated=dated),
        reference=parcel.reference,
        barcode=_barcode(service.carrier, number, parcel.destination, name),
        tracking_page=tracking_page,
        footer="Printed by Backhaul's carrier simulation",
    )


def _barcode(carrier: CarrierCode, number: str, destination: Address, name: str) -> Barcode:
    caption, text = f"{name.upper()} TRACKING #", grouped(carrier, number)
    if carrier is not CarrierCode.USPS:
        return Barcode(caption=caption, text=text, elements=(number,))
    zip_code = "".join(c for c in destination.postal_code or "" if c.isascii() and c.isdigit())[:_ZIP_DIGITS]
    # Application identifier 420: the ZIP the parcel is sorted by; mail to other countries has none.
    is_routed = destination.country_code.upper() == "US" and len(zip_code) == _ZIP_DIGITS
    routing = (f"420{zip_code}",) if is_routed else ()
    return Barcode(caption=caption, text=text, elements=(*routing, number), is_gs1=True)
