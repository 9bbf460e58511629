"""Signatures by Standard Webhooks: an HMAC-SHA256 of id, time and body under each secret that is valid."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from backhaul.domain.webhooks.model import SECRET_PREFIX, Delivery


def standard_webhooks(
    delivery: Delivery, secrets: Sequence[str], at: datetime, body: bytes
) -> list[tuple[str, str]]:
    """Return the three headers of a request; several signatures while a secret is being replaced."""
    seconds = str(int(at.timestamp()))
    signed = b".".join((str(delivery.id).encode(), seconds.encode(), body))
    signatures = (base64.b64encode(hmac.digest(_key(text), signed, hashlib.sha256)) for text in secrets)
    return [
        ("webhook-id", str(delivery.id)),
        ("webhook-timestamp", seconds),
        ("webhook-signature", " ".join(f"v1,{signature.decode()}" for signature in signatures)),
    ]


def _key(text: str) -> bytes:
    try:
        return base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a secret is not base64") from error  # without the secret itself
