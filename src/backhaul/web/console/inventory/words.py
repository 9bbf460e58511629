"""How assets are put into words: colours of statuses, holders, reasons, fields of history."""

from collections.abc import Mapping
from typing import Any

from backhaul.domain.inventory.browsing import Change, HandOver, Warranty
from backhaul.domain.inventory.model import Condition, Custody, PurchaseType, Reason, StatusType

TONES = {
    StatusType.DEPLOYED: "good",
    StatusType.DEPLOYABLE: "accent",
    StatusType.PENDING: "warn",
    StatusType.UNDEPLOYABLE: "bad",
    StatusType.UNDEPLOYED: "neutral",
    StatusType.ARCHIVED: "neutral",
}
STATUS_TYPES = {
    StatusType.DEPLOYED: "In use",
    StatusType.DEPLOYABLE: "Ready to give out",
    StatusType.PENDING: "Pending",
    StatusType.UNDEPLOYABLE: "Held back",
    StatusType.UNDEPLOYED: "Not in use",
    StatusType.ARCHIVED: "Archived",
}
CUSTODY = {
    Custody.ORGANIZATION: "In stock",
    Custody.EMPLOYEE: "With a person",
    Custody.PARCEL: "In a parcel",
    Custody.OUTSIDE: "Outside the directory",
    Custody.WAREHOUSE: "In a warehouse",
}
WARRANTIES = {
    Warranty.ACTIVE: "In warranty",
    Warranty.ENDING: "Ends within 90 days",
    Warranty.EXPIRED: "Expired",
    Warranty.UNKNOWN: "Not known",
}
CONDITIONS = [(one.value, one.value.capitalize()) for one in Condition]
PURCHASE_TYPES = [(one.value, one.value.capitalize()) for one in PurchaseType]
_REASONS = {
    Reason.ADDED: "Added to the inventory",
    Reason.ASSIGNED: "Assigned",
    Reason.UNASSIGNED: "Taken back",
    Reason.SHIPPED: "Handed to a carrier",
    Reason.DELIVERED: "Delivered",
    Reason.RECEIVED: "Received",
    Reason.CORRECTED: "Corrected by an import",
    Reason.REMOVED: "Removed: its import was undone",
    Reason.MISSING: "Not in the parcel it was said to be in",
    Reason.DISCARDED: "Discarded by the warehouse",
}
REASON_TONES = {
    Reason.ASSIGNED: "good",
    Reason.DELIVERED: "good",
    Reason.RECEIVED: "good",
    Reason.SHIPPED: "accent",
    Reason.MISSING: "bad",
    Reason.DISCARDED: "bad",
}
# What follows from something else in the same entry, or says nothing to a reader.
_SILENT = {
    "id", "org_id", "number", "shipment_id", "warehouse_id", "custody_since", "custody_count", "created_at",
    "updated_at", "version",
}  # fmt: skip
_FIELDS = {
    "status_id": "Status",
    "model_id": "Model",
    "location_id": "Location",
    "department_id": "Department",
    "employee_id": "Holder",
    "custody": "Held",
    "imei": "IMEI",
    "imei2": "Second IMEI",
    "sku": "SKU",
    "is_sanitisation_due": "To be sanitised",
    "purchase_cost_minor": "Purchase cost",
    "reason": "Note",
}
_AUTHORS = {
    "system": "Backhaul",
    "operator": "The installation's operator",
    "link": "Somebody with a link",
    "api_key": "An API key",
    "user": "A former member",
}


def reason(one: Reason) -> str:
    """Return why something changed hands."""
    return _REASONS[one]


def hand_over(one: HandOver) -> str:
    """Return one hand-over as a sentence's beginning."""
    said = _REASONS[one.reason]
    if one.to_custody is Custody.EMPLOYEE and one.reason is not Reason.ADDED:
        return f"{said} to {one.to_name}"
    if one.from_custody is Custody.EMPLOYEE:
        return f"{said} from {one.from_name}"
    return said


def author(kind: str, name: str | None) -> str:
    """Return who did something."""
    return name or _AUTHORS.get(kind, kind.replace("_", " ").capitalize())


def differences(change: Change) -> list[tuple[str, str | None, str | None]]:
    """Return what an entry of history changed: field, before, after; ids by the names they have."""
    found = []
    for field, (before, after) in change.change.items():
        if field in _SILENT:
            continue
        name = _FIELDS.get(field) or field.replace("_", " ").capitalize()
        found.append((name, _value(field, before, change.names), _value(field, after, change.names)))
    return found


def _value(field: str, value: Any, names: Mapping[str, str]) -> str | None:
    if value is None or value == {}:
        return None
    if field.endswith("_id"):
        return names.get(str(value), "something that is gone")
    if field == "custody":
        return CUSTODY[Custody(value)]
    if field.endswith("_minor"):  # its currency is another field of the entry
        return f"{value // 100:,}.{value % 100:02}"
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    return str(value)
