"""A webhook as this dialect shows it; its key is never shown (contract §3.8)."""

from typing import Any

from backhaul.dialects.boxc.envelope import moment
from backhaul.dialects.boxc.webhooks import WORDS
from backhaul.domain.webhooks import Endpoint, EndpointStatus


def webhook(endpoint: Endpoint) -> dict[str, Any]:
    """Return a webhook without its key."""
    return {
        "active": endpoint.status is EndpointStatus.ACTIVE,
        "address": endpoint.url,
        "created": moment(endpoint.created_at),
        "id": endpoint.number,
        "topic": None if endpoint.topic is None else WORDS.get(endpoint.topic, endpoint.topic),
        "updated": moment(endpoint.updated_at),
    }
