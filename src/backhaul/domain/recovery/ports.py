"""How a label is announced to a callback URL: worded by the dialect that took it."""

from typing import Protocol

import msgspec

from backhaul.domain.recovery.model import Campaign, Case
from backhaul.domain.shipping.model import LabelFormat, Shipment

LABEL_TOPIC = "recovery.label"


class LabelNews(msgspec.Struct, frozen=True, kw_only=True):
    """A label that exists, and where it is downloaded."""

    campaign: Campaign
    case: Case
    shipment: Shipment
    label_url: str
    label_format: LabelFormat


class CallbackWording(Protocol):
    """Words what a callback URL is told. The bytes it returns are sent as they are."""

    def label(self, news: LabelNews) -> bytes:
        """Say that a label exists."""
        ...
