"""BoxC's webhooks (contract §3.8): one signature over the body under the key that the client brought.

BoxC has no topic for returns or reshipments; ours are `returns_status` and `reshipments_status`. Its own may all be
subscribed to, so that clients need no change: `shipments_status` tells how a carrier moves what is sent on; under the
others only tests are sent.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from backhaul.dialects.boxc.envelope import amount, moment
from backhaul.dialects.boxc.views import reshipments, returns
from backhaul.domain.announcing import PARCELS, RESHIPMENT_TOPIC, RETURN_TOPIC, SHIPMENT_TOPIC, ParcelWording
from backhaul.domain.reshipping import Reshipment
from backhaul.domain.returns import Return
from backhaul.domain.returns import Status as ReturnStatus
from backhaul.domain.shipping.events import ParcelMoved
from backhaul.domain.shipping.model import Fault, Tracking
from backhaul.domain.webhooks import Delivery, Terms, Timeouts

WORDING = "boxc"
UNTOLD = (  # theirs, about what is not offered
    "fulfillments_complete",
    "fulfillments_update",
    "manifests_complete",
    "orders_status",
    "shipments_label",
)
# This dialect's topics → ours; those which nothing happens under are kept as they are.
TOPICS = {
    "returns_status": RETURN_TOPIC,
    "reshipments_status": RESHIPMENT_TOPIC,
    "shipments_status": SHIPMENT_TOPIC,
    **{topic: topic for topic in UNTOLD},
}
WORDS = {topic: word for word, topic in TOPICS.items()}
# The codes of tracking events, as documented: 1xx movement, 2xx delivery, 3xx exceptions.
CODES = {
    Tracking.IN_TRANSIT: 150,
    Tracking.OUT_FOR_DELIVERY: 198,
    Tracking.DELIVERED: 200,
    Tracking.AVAILABLE_FOR_PICKUP: 220,
    Tracking.RETURN_TO_SENDER: 315,
}
FAULTS = {Fault.REFUSED: 310, Fault.LOST: 325}
EXCEPTION = 300
USER_AGENT = "BoxC/1.0 Webhook"
# Three more tries within an hour with growing gaps: 1, 10 and 40 minutes, each but the first up to a tenth longer.
RETRY_SECONDS = (60, 600, 2400)
TIMEOUTS = Timeouts(connect_seconds=2.0, total_seconds=6.0)  # 2 s to connect and 4 s to answer
DISABLE_AFTER = 1000

_encoder = msgspec.json.Encoder(decimal_format="number")


def sign(delivery: Delivery, secrets: Sequence[str], _at: datetime, body: bytes) -> list[tuple[str, str]]:
    """Return the headers of a request, signed with the newest secret alone; the account is who subscribed, if known."""
    digest = hmac.digest(secrets[0].encode(), body, hashlib.sha256)
    account = delivery.account_number
    return [
        ("user-agent", USER_AGENT),
        ("x-boxc-hmac-sha256", base64.b64encode(digest).decode()),
        ("x-boxc-topic", WORDS.get(delivery.topic, delivery.topic)),
        *([] if account is None else [("x-boxc-account", str(account))]),
    ]


class Wording:
    """What endpoints of this dialect are told: enough to ask for the rest."""

    terms = Terms(
        wording=WORDING,
        family=PARCELS,
        max_endpoints=None,
        sign=sign,
        retry_seconds=RETRY_SECONDS,
        disable_after=DISABLE_AFTER,
        timeouts=TIMEOUTS,
    )

    def returned(self, one: Return, status: ReturnStatus) -> bytes:
        """Say that a return entered a status."""
        told: dict[str, Any] = {
            "id": one.number,
            "status": returns.WORDS[status],
            "tracking_number": one.tracking_number,
        }
        return _encoder.encode({"return": told})

    def reshipped(self, one: Reshipment) -> bytes:
        """Say how a reshipment stood when something became of it."""
        told = {
            "estimated_reship_fee": amount(one.estimated_fee_minor),
            "id": one.number,
            "reship_fee": amount(one.reship_fee_minor),
            "status": reshipments.WORDS[one.status],
            "tracking_number": one.tracking_number,
        }
        return _encoder.encode({"reshipment": told})

    def carried(self, one: Reshipment, moved: ParcelMoved) -> bytes:
        """Say how the carrier moved a reshipment: by the code of its event."""
        exception = EXCEPTION if moved.fault is None else FAULTS.get(moved.fault, EXCEPTION)
        told = {
            "carrier": one.service,
            "code": CODES.get(moved.after, exception),
            "reshipment_id": one.number,
            "time": moment(moved.moved_at),
            "tracking_number": one.tracking_number,
        }
        return _encoder.encode({"shipment": told})

    def test(self, topic: str) -> bytes:
        """Say under which topic this is a test."""
        return _encoder.encode({"test": True, "topic": WORDS.get(topic, topic)})


def wordings() -> dict[str, ParcelWording]:
    """Return the one wording there is."""
    return {WORDING: Wording()}
