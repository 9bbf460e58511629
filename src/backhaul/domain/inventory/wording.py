"""What a line of an asset's history says in words."""

from collections.abc import Mapping
from typing import Any

# Fields that follow from others, and are not news by themselves.
_SILENT = {
    "id", "org_id", "number", "custody", "employee_id", "shipment_id", "custody_since", "custody_count", "status_id",
    "created_at", "updated_at", "version", "reason", "warehouse_id", "is_sanitisation_due",
}  # fmt: skip
_WORDS = {
    "model_id": "model",
    "department_id": "department",
    "location_id": "location",
    "imei": "IMEI",
    "imei2": "IMEI 2",
}


def describe(
    action: str,
    change: Mapping[str, list[Any]],
    *,
    status: str | None,
    old_status: str | None,
    holder: str | None,
    old_holder: str | None,
) -> str:
    """Return one sentence, or several, about an entry of history."""
    said = [_what_happened(action, holder, old_holder)]
    if status is not None and old_status is not None:
        said.append(f"Status changed from {old_status} to {status}.")
    elif status is not None:
        said.append(f"Status {status}.")
    news = [_WORDS.get(name, name.replace("_", " ")) for name in change if name not in _SILENT]
    if news and action == "changed":
        said.append(f"Changed: {', '.join(news)}.")
    if "reason" in change:
        said.append(str(change["reason"][1]))
    return " ".join(sentence for sentence in said if sentence)


def _what_happened(action: str, holder: str | None, old_holder: str | None) -> str:
    said = {
        "added": "Asset created." if holder is None else f"Asset created and assigned to {holder}.",
        "assigned": f"Assigned to {holder}.",
        "unassigned": f"Unassigned from {old_holder}.",
        "shipped": "Handed to a carrier.",
        "delivered": "Delivered." if holder is None else f"Delivered to {holder}.",
        "received": "Received by the organization.",
        "held": "Placed on legal hold.",
        "freed": "Released from legal hold.",
        "missing": "Not in the parcel it was said to be in.",
        "discarded": "Discarded by the warehouse.",
        "corrected": "Put right: where it was said to be was a mistake.",
        "sanitised": "Sanitised.",
        "found_locked": "Found locked to an account.",
    }
    return said.get(action, "")
