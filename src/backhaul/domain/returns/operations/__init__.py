"""What can be done with a return, one file per verb."""

from backhaul.domain.returns.operations.collecting import collect_process_fee
from backhaul.domain.returns.operations.discard import discard_return
from backhaul.domain.returns.operations.drop import drop_parcel
from backhaul.domain.returns.operations.identify import identify_intake
from backhaul.domain.returns.operations.messages import add_message, add_operator_message
from backhaul.domain.returns.operations.photograph import add_photo
from backhaul.domain.returns.operations.processing import process_return
from backhaul.domain.returns.operations.receive import Received, open_return, receive_parcel
from backhaul.domain.returns.operations.reshipping import (
    give_back,
    lock_many,
    mark_reshipped,
    take_for_reshipping,
)
from backhaul.domain.returns.operations.scan import check_device, scan_device
from backhaul.domain.returns.operations.take_back import take_back_scan
from backhaul.domain.returns.operations.verify import request_verification, verify_return
from backhaul.domain.returns.operations.warehouses import add_warehouse

__all__ = [
    "Received",
    "add_message",
    "add_operator_message",
    "add_photo",
    "add_warehouse",
    "check_device",
    "collect_process_fee",
    "discard_return",
    "drop_parcel",
    "give_back",
    "identify_intake",
    "lock_many",
    "mark_reshipped",
    "open_return",
    "process_return",
    "receive_parcel",
    "request_verification",
    "scan_device",
    "take_back_scan",
    "take_for_reshipping",
    "verify_return",
]
