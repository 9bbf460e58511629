"""The older shape: the same records under the names of `device_returns` (contract R3, §1.2, §1.6)."""

from typing import Any

import msgspec

from backhaul.dialects.reready import views
from backhaul.domain.transfers.queries import Detail

# Newer name → older name, in the order the newer object has.
NAMES = {
    "box_shipment": "outbound_shipment",
    "box_shipment_carrier_code_required": "carrier_code_required_outbound",
    "box_shipment_rush": "outbound_shipment_rush",
    "box_shipment_waived": "outbound_shipment_waived",
    "organization_address": "company_address",
    "device_shipment": "return_shipment",
    "device_shipment_carrier_code_required": "carrier_code_required_return",
    "device_shipment_insured_amount": "return_shipment_insured_amount",
    "device_shipment_pickup_scheduling": "return_shipment_pickup_scheduling",
    "device_shipment_rush": "return_shipment_rush",
    "ticket_reference": "ticket_url",
}
STATES = {
    "pending_box_shipment": "pending_outbound_shipment",
    "pending_box_shipment_delivery": "pending_outbound_shipment_delivery",
    "pending_device_shipment": "pending_return_shipment",
    "pending_device_shipment_delivery": "pending_return_shipment_delivery",
}


def device_return(detail: Detail, *, follows_example: bool) -> dict[str, Any]:
    """Return a transfer in the older shape."""
    newer = msgspec.structs.asdict(views.device_transfer(detail, follows_example=follows_example))
    older = {NAMES.get(name, name): value for name, value in newer.items()}
    address = msgspec.structs.asdict(newer["organization_address"])
    older["company_address"] = {
        ("company_name" if name == "organization_name" else name): value for name, value in address.items()
    }
    older["object"] = "DeviceReturn"
    older["state"] = STATES.get(newer["state"], newer["state"])
    return older
