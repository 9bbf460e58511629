"""Endpoints, deliveries and what came of each attempt."""

import base64
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from backhaul.kernel.ids import OrgId
from backhaul.kernel.internet import Networks

EndpointId = NewType("EndpointId", UUID)
DeliveryId = NewType("DeliveryId", UUID)
AttemptId = NewType("AttemptId", UUID)
SecretId = NewType("SecretId", UUID)

MAX_URL_LENGTH = 2048
MAX_BODY_BYTES = 1_048_576
MAX_EXCERPT_BYTES = 1024
SECRET_PREFIX = "whsec_"  # noqa: S105 -- Standard Webhooks: how a secret is recognised
MIN_SECRET_LENGTH, MAX_SECRET_LENGTH = 16, 200
SECRET_BYTES = 32  # Standard Webhooks: 24 to 64
# Pauses after a failed attempt. The attempts are thus at 0 s and 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and
# 24 h after the one before (Standard Webhooks, operational considerations): ten in three days.
RETRY_SECONDS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)


class EndpointStatus(StrEnum):
    """Whether an endpoint is told anything."""

    ACTIVE = "active"
    DISABLED = "disabled"  # it answered 410 Gone
    REMOVED = "removed"


class DeliveryStatus(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"  # answered with 2xx
    GONE = "gone"  # answered with 410: do not call again
    EXHAUSTED = "exhausted"  # every attempt of the ladder failed
    CANCELLED = "cancelled"  # its endpoint was removed or disabled


class Outcome(StrEnum):
    """What came of one attempt."""

    ACCEPTED = "accepted"  # 2xx
    GONE = "gone"  # 410
    REJECTED = "rejected"  # any other answer, redirects included
    UNANSWERED = "unanswered"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What is said: a topic and the bytes as they will be sent."""

    topic: str
    body: bytes
    content_type: str = "application/json"


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A URL that an organization has told news to. Its secret is kept apart and never shown with it."""

    id: EndpointId
    org_id: OrgId
    url: str
    family: str  # what it is told about; endpoints of a family are counted together
    wording: str  # the version of a dialect in which it is told
    topic: str | None  # None: everything of its family
    status: EndpointStatus
    consecutive_failures: int  # attempts since one was accepted
    created_at: datetime
    updated_at: datetime
    version: int  # grows by one with every saved change, not with counted attempts
    account_number: int | None = (
        None  # who asked for it, as some dialects tell its receiver; None: nobody is told
    )
    number: int = 0  # the installation's, given when it is added; some dialects name it so


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One message on its way to one URL, without its body."""

    id: DeliveryId  # also the header webhook-id, the same on every attempt
    org_id: OrgId
    endpoint_id: EndpointId | None  # None: a callback URL that came with a request
    url: str
    host: str  # of the URL, with its port; attempts are spread over hosts
    wording: str | None
    topic: str
    once_key: str | None  # why it was decided; unique per organization and endpoint
    status: DeliveryStatus
    attempts: int  # altogether
    tries: int  # attempts since it was decided or last replayed: the place on the ladder
    next_attempt_at: datetime | None
    decided_at: datetime
    ended_at: datetime | None
    failure: str | None  # of the last attempt
    version: int
    account_number: int | None = None  # its endpoint's


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one attempt. Never changed; it goes when its delivery does."""

    id: AttemptId
    delivery_id: DeliveryId
    number: int
    at: datetime
    duration_ms: int
    outcome: Outcome
    http_status: int | None
    error: str | None  # one word: timed_out, name_unknown, address_refused, connect_failed, tls_failed, …
    excerpt: str  # of the answer, or of the error's text


class Secret(msgspec.Struct, frozen=True, kw_only=True):
    """What requests are signed with; its text is left out of every representation."""

    id: SecretId
    endpoint_id: EndpointId | None  # None: the organization's own, for callbacks
    text: str
    created_at: datetime
    expires_at: datetime | None  # None: the present one

    def __repr__(self) -> str:
        return f"Secret(id={self.id})"


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How this installation delivers."""

    allowed_networks: Networks = ()  # private ones that may be called all the same
    retry_seconds: tuple[int, ...] = RETRY_SECONDS
    lease_seconds: float = 60.0  # after that a claimed delivery counts as lost with its worker
    at_once: int = 32  # requests in flight in one worker
    at_once_per_host: int = 2
    kept_days: int = 90  # how long a delivery that ended can still be looked at, and be replayed

    @property
    def at_once_per_organization(self) -> int:
        """Return how many of them one organization may have: half of the places are always for others."""
        return (self.at_once + 1) // 2


def new_secret_text(random: bytes) -> str:
    """Return a secret in the form of Standard Webhooks."""
    return SECRET_PREFIX + base64.b64encode(random).decode()
