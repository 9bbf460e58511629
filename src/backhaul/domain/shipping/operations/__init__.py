"""What can be done with a shipment, one file per verb."""

from backhaul.domain.shipping.operations.labels import attach_label, cancel_shipment, refuse_label
from backhaul.domain.shipping.operations.opening import NewShipment, mark_ready, open_shipments
from backhaul.domain.shipping.operations.pickups import cancel_pickup, request_pickup
from backhaul.domain.shipping.operations.readdressing import readdress_shipment
from backhaul.domain.shipping.operations.tracking import ingest, record_scan, replace_tracking_number

__all__ = [
    "NewShipment",
    "attach_label",
    "cancel_pickup",
    "cancel_shipment",
    "ingest",
    "mark_ready",
    "open_shipments",
    "readdress_shipment",
    "record_scan",
    "refuse_label",
    "replace_tracking_number",
    "request_pickup",
]
