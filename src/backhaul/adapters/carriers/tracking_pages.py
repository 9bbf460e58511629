"""Where people follow a parcel: the carriers' own public pages, and ours for parcels without one."""

from urllib.parse import quote

from backhaul.domain.shipping.model import CarrierCode

# USPS and FedEx word for word as contract §1.4 shows them.
_PAGES = {
    CarrierCode.USPS: "https://tools.usps.com/go/TrackConfirmAction.action?tLabels={}",
    CarrierCode.UPS: "https://www.ups.com/track?tracknum={}",
    CarrierCode.FEDEX: "https://www.fedex.com/apps/fedextrack/?action=track&trackingnumber={}&cntry_code=us",
    CarrierCode.DHL_EXPRESS: "https://www.dhl.com/en/express/tracking.html?AWB={}&brand=DHL",
    CarrierCode.SENDLE: "https://track.sendle.com/tracking?ref={}",
}


def carrier_page(carrier: CarrierCode, tracking_number: str) -> str:
    """Return the carrier's page about a parcel; any number will do."""
    return _PAGES[carrier].format(quote(tracking_number.strip(), safe=""))


def own_page(base: str, tracking_number: str) -> str:
    """Return our page about a parcel, which the QR code on its label opens."""
    return base + quote(tracking_number.strip(), safe="")
