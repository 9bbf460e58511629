"""What a callback URL is told when a label exists (contract §2.5, "Label callback")."""

import msgspec

from backhaul.domain.recovery import LabelNews


class LabelBody(msgspec.Struct, frozen=True):
    """The body of the delivery."""

    campaign_number: str
    recovery_id: str
    recovery_code: str
    email: str
    carrier_name: str
    tracking_number: str
    tracking_link: str | None
    label_url: str
    label_format: str


class Wording:
    """How this dialect words it."""

    def label(self, news: LabelNews) -> bytes:
        """Say that a label exists."""
        shipment = news.shipment
        assert shipment.carrier is not None
        assert shipment.tracking_number is not None
        body = LabelBody(
            campaign_number=news.campaign.public_number,
            recovery_id=news.case.public_number,
            recovery_code=news.case.code,
            email=news.case.email,
            carrier_name=shipment.carrier.value.lower(),
            tracking_number=shipment.tracking_number,
            tracking_link=shipment.tracking_url,
            label_url=news.label_url,
            label_format=news.label_format.value,
        )
        return msgspec.json.encode(body)
