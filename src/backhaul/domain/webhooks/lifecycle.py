"""How deliveries and endpoints move, and when a failed attempt is repeated."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from hashlib import blake2b

import msgspec

from backhaul.domain.webhooks.errors import DeliveryMoveRefused, EndpointMoveRefused
from backhaul.domain.webhooks.model import (
    Delivery,
    DeliveryId,
    DeliveryStatus,
    Endpoint,
    EndpointStatus,
    Outcome,
)

MAX_RETRY_AFTER = timedelta(hours=24)
JITTER = 0.1  # at most so much longer than the ladder says
STEADY_PAUSES = 1  # the first pauses, without jitter: nobody else fails in step with them
_GONE = 410
_RETRY_AFTER_STATUSES = frozenset({429, 503})


class Action(StrEnum):
    """What can happen to a delivery."""

    ACCEPT = "be accepted"
    FAIL = "fail"  # and be tried again
    EXHAUST = "be given up"
    REFUSE = "be refused for good"
    CANCEL = "be cancelled"
    REPLAY = "be replayed"


class EndpointAction(StrEnum):
    """What can happen to an endpoint."""

    DISABLE = "be disabled"
    ENABLE = "be enabled"
    REMOVE = "be removed"


_D, _A, _E = DeliveryStatus, Action, EndpointStatus

MOVES: dict[tuple[DeliveryStatus, Action], DeliveryStatus] = {
    (_D.PENDING, _A.ACCEPT): _D.DELIVERED,
    (_D.PENDING, _A.FAIL): _D.PENDING,
    (_D.PENDING, _A.EXHAUST): _D.EXHAUSTED,
    (_D.PENDING, _A.REFUSE): _D.GONE,
    (_D.PENDING, _A.CANCEL): _D.CANCELLED,
    # A receiver that lost what it accepted may be told again; one that was repaired need not wait for its turn.
    **{(status, _A.REPLAY): _D.PENDING for status in DeliveryStatus},
}

ENDPOINT_MOVES: dict[tuple[EndpointStatus, EndpointAction], EndpointStatus] = {
    (_E.ACTIVE, EndpointAction.DISABLE): _E.DISABLED,
    (_E.DISABLED, EndpointAction.ENABLE): _E.ACTIVE,
    (_E.ACTIVE, EndpointAction.REMOVE): _E.REMOVED,
    (_E.DISABLED, EndpointAction.REMOVE): _E.REMOVED,
}


def advance(
    delivery: Delivery, action: Action, *, at: datetime, next_attempt_at: datetime | None = None
) -> Delivery:
    """Return the delivery after `action`, or refuse; one that stays pending needs a time for its next attempt."""
    status = MOVES.get((delivery.status, action))
    if status is None:
        raise DeliveryMoveRefused(delivery_id=delivery.id, status=delivery.status.value, action=action.value)
    is_pending = status is DeliveryStatus.PENDING
    return msgspec.structs.replace(
        delivery,
        status=status,
        tries=0 if action is Action.REPLAY else delivery.tries,
        next_attempt_at=next_attempt_at if is_pending else None,
        ended_at=None if is_pending else at,
        version=delivery.version + 1,
    )


def redirect(delivery: Delivery, *, url: str, host: str) -> Delivery:
    """Return the delivery on its way to another URL; what is in flight to the old one moves it no more."""
    return msgspec.structs.replace(delivery, url=url, host=host, version=delivery.version + 1)


def advance_endpoint(endpoint: Endpoint, action: EndpointAction, *, at: datetime) -> Endpoint:
    """Return the endpoint after `action`, or refuse; an enabled one has its failures forgiven."""
    status = ENDPOINT_MOVES.get((endpoint.status, action))
    if status is None:
        raise EndpointMoveRefused(endpoint_id=endpoint.id, status=endpoint.status.value, action=action.value)
    failures = 0 if action is EndpointAction.ENABLE else endpoint.consecutive_failures
    return msgspec.structs.replace(
        endpoint, status=status, consecutive_failures=failures, updated_at=at, version=endpoint.version + 1
    )


def change_endpoint(endpoint: Endpoint, *, url: str, is_active: bool, at: datetime) -> Endpoint:
    """Return the endpoint with another URL, told news or not; one that is active already has its failures forgiven.

    A removed one is refused.
    """
    if endpoint.status is EndpointStatus.REMOVED:
        raise EndpointMoveRefused(
            endpoint_id=endpoint.id, status=endpoint.status.value, action=EndpointAction.ENABLE.value
        )
    return msgspec.structs.replace(
        endpoint,
        url=url,
        status=EndpointStatus.ACTIVE if is_active else EndpointStatus.DISABLED,
        consecutive_failures=0,
        updated_at=at,
        version=endpoint.version + 1,
    )


def outcome_of(status: int | None) -> Outcome:
    """Return what an answer means: only 2xx is acceptance, and a redirect is none (Standard Webhooks)."""
    if status is None:
        return Outcome.UNANSWERED
    if status == _GONE:
        return Outcome.GONE
    return Outcome.ACCEPTED if 200 <= status < 300 else Outcome.REJECTED  # noqa: PLR2004 -- HTTP's own classes


def follow(
    delivery: Delivery,
    outcome: Outcome,
    *,
    ladder: tuple[int, ...],
    asked_to_wait: timedelta | None,
    at: datetime,
) -> Delivery:
    """Return the delivery after an attempt that ended at `at`."""
    tried = msgspec.structs.replace(delivery, attempts=delivery.attempts + 1, tries=delivery.tries + 1)
    if outcome is Outcome.ACCEPTED:
        return advance(tried, Action.ACCEPT, at=at)
    if outcome is Outcome.GONE:
        return advance(tried, Action.REFUSE, at=at)
    if tried.tries > len(ladder):
        return advance(tried, Action.EXHAUST, at=at)
    pause = pause_after(delivery.id, tried.tries, ladder=ladder)
    return advance(tried, Action.FAIL, at=at, next_attempt_at=at + max(pause, asked_to_wait or pause))


def pause_after(delivery_id: DeliveryId, tries: int, *, ladder: tuple[int, ...]) -> timedelta:
    """Return how long to wait after failed try number `tries` (the first is 1).

    From the third attempt on up to a tenth is added, by a hash: what failed together does not return together, and a
    test can still tell when.
    """
    seconds = float(ladder[tries - 1])
    if tries > STEADY_PAUSES:
        mark = blake2b(f"{delivery_id}:{tries}".encode(), digest_size=4).digest()
        seconds *= 1 + JITTER * int.from_bytes(mark) / 2**32
    return timedelta(seconds=seconds)


def asked_to_wait(status: int | None, retry_after: str | None, *, at: datetime) -> timedelta | None:
    """Return how long a busy receiver asks to wait: seconds or a date (RFC 9110 §10.2.3), at most a day.

    None when it does not ask, or in words nobody understands. Only 429 and 503 are listened to.
    """
    if status not in _RETRY_AFTER_STATUSES or retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        # Longer numbers would be years, and too large to count with.
        wait = timedelta(seconds=int(text)) if len(text) < 10 else MAX_RETRY_AFTER  # noqa: PLR2004
    else:
        try:
            until = parsedate_to_datetime(text)
        except (ValueError, TypeError, OverflowError):
            return None
        wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - at
    return min(max(wait, timedelta(0)), MAX_RETRY_AFTER)
