"""Letters for the tests: every template, every direction, the least and the most a letter may be told."""

from datetime import date
from pathlib import Path
from typing import Any

from backhaul.domain import notify

FOLDER = Path(notify.__file__).parent / "templates" / "en"
SHARED = {"words", "closing"}
TEMPLATES = sorted(f"transfers/{p.stem}" for p in (FOLDER / "transfers").iterdir() if p.stem not in SHARED)
DIRECTIONS = ["return", "deployment"]

LEAST: dict[str, Any] = {}
MOST: dict[str, Any] = {
    "organization_name": "Maas Biolabs",
    "person_name": "Jordan Miller",
    "device_type": "laptop",
    "device_make": "Apple",
    "device_model": "MacBook Pro 14",
    "carrier": "FedEx",
    "tracking_number": "794653218877",
    "tracking_url": "https://www.fedex.com/apps/fedextrack/?action=track&trackingnumber=794653218877",
    "days_since_delivery": 3,
    "send_by": date(2026, 6, 12),
    "pickup_on": date(2026, 6, 10),
    "pickup_url": "https://backhaul.example/pickups/abc",
    "reference": "IT-4711",
    "reason": "the address was not found",
}


def letter(direction: str = "return", **changes: Any) -> notify.TransferLetter:
    """Return a full letter with some values changed."""
    return notify.TransferLetter(direction=direction, **{**MOST, **changes})
