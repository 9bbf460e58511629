"""Letters about a recovery: every template in every language, the least and the most it may be told."""

from datetime import date
from typing import Any

from backhaul.domain.notify import Channel, RecoveryLetter, templates

TEMPLATES = [one.name for one in templates() if one.name.startswith("recovery/")]
LOCALES = ["en", "de"]
CHANNELS = list(Channel)

PAGE = f"https://backhaul.example/return/{'a1B2' * 11}"
LEAST: dict[str, Any] = {"campaign_name": "Spring"}
MOST: dict[str, Any] = {
    "campaign_name": "Laptop refresh 2026",
    "items": ("MacBook Pro 14", "iPhone 15", "Charger"),
    "person_name": "Jürgen Weißmüller",
    "organization_name": "Maas Biolabs",
    "page_url": PAGE,
    "helpdesk_email": "help@maas.example",
    "deadline_on": date(2026, 6, 12),
    "level": 2,
    "days": 6,
    "reminder_count": 2,
    "carrier": "FedEx",
    "tracking_number": "794653218877",
    "tracking_url": "https://www.fedex.com/apps/fedextrack/?action=track&trackingnumber=794653218877",
    "label_url": "https://backhaul.example/labels/abc?form=a4&copies=1",
    "reader_name": "Kim Lee",
    "audience": "manager",
    "reference": "RC0123456789",
    "reason": "a new device is on its way",
}


def recovery(**changes: Any) -> RecoveryLetter:
    """Return a full letter with some values changed."""
    return RecoveryLetter(**{**MOST, **changes})
