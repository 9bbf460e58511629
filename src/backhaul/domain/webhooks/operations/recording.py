"""Write down what came of an attempt, and what follows from it."""

from datetime import datetime

import msgspec

from backhaul.domain.webhooks import lifecycle, tables
from backhaul.domain.webhooks.events import DeliveryFailed, EndpointDisabled
from backhaul.domain.webhooks.lifecycle import EndpointAction
from backhaul.domain.webhooks.model import (
    MAX_EXCERPT_BYTES,
    Attempt,
    AttemptId,
    Delivery,
    DeliveryStatus,
    Endpoint,
    EndpointStatus,
    Outcome,
)
from backhaul.domain.webhooks.operations.endpoints import cancel_pending, save_endpoint
from backhaul.domain.webhooks.ports import Reply
from backhaul.kernel.ids import new_id
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Scope, Tx


async def record_attempt(
    db: Database,
    *,
    sent: Delivery,
    reply: Reply,
    ladder: tuple[int, ...],
    at: datetime,
    duration_ms: int,
    now: datetime,
    disable_after: int | None = None,
) -> Delivery:
    """Note one attempt and move its delivery; a 410, or `disable_after` failures in a row, disables the endpoint.

    The attempt is kept in any case. The delivery stays where it is if it was moved or replayed since it was `sent`.
    """
    outcome = lifecycle.outcome_of(reply.status)
    async with db.transaction(Scope(sent.org_id)) as tx:
        # The endpoint first, as everybody else does: two that lock in another order lock each other up.
        endpoint = None if sent.endpoint_id is None else await tables.lock_endpoint(tx, sent.endpoint_id)
        before = await tables.lock_delivery(tx, sent.id)
        tables.note_attempt(tx, _attempt(before, reply, outcome, at=at, duration_ms=duration_ms))
        if before.status is not DeliveryStatus.PENDING or before.version != sent.version:
            after = msgspec.structs.replace(before, attempts=before.attempts + 1)
        else:
            moved = lifecycle.follow(
                before,
                outcome,
                ladder=ladder,
                asked_to_wait=lifecycle.asked_to_wait(reply.status, reply.retry_after, at=now),
                at=now,
            )
            after = msgspec.structs.replace(moved, failure=_failure(reply, outcome))
        await tables.save_delivery(tx, after)
        _note_end(tx, before, after, now=now)
        if endpoint is not None and before.url == sent.url:  # what its former URL answered is not its fault
            await _judge_endpoint(tx, endpoint, outcome, disable_after=disable_after, now=now)
    return after


def _note_end(tx: Tx, before: Delivery, after: Delivery, *, now: datetime) -> None:
    if after.status is before.status:
        return
    subject = ("webhook_delivery", after.id)
    history.note(
        tx, history.SYSTEM, subject=subject, action=after.status.value, at=now, before=before, after=after
    )
    if after.status is not DeliveryStatus.DELIVERED:
        failed = DeliveryFailed(subject_id=after.id, status=after.status, endpoint_id=after.endpoint_id)
        outbox.record(tx, failed, at=now)


async def _judge_endpoint(
    tx: Tx, endpoint: Endpoint, outcome: Outcome, *, disable_after: int | None, now: datetime
) -> None:
    failures = 0 if outcome is Outcome.ACCEPTED else endpoint.consecutive_failures + 1
    is_over = outcome is Outcome.GONE or (disable_after is not None and failures >= disable_after)
    counted = msgspec.structs.replace(endpoint, consecutive_failures=failures)
    if is_over and endpoint.status is EndpointStatus.ACTIVE:
        after = lifecycle.advance_endpoint(counted, EndpointAction.DISABLE, at=now)
        await save_endpoint(tx, history.SYSTEM, endpoint, after, action="disabled", at=now)
        cancelled = await cancel_pending(tx, history.SYSTEM, endpoint.id, at=now)
        disabled = EndpointDisabled(
            subject_id=endpoint.id, is_gone=outcome is Outcome.GONE, failures=failures, cancelled=cancelled
        )
        outbox.record(tx, disabled, at=now)
    elif failures != endpoint.consecutive_failures:
        await tables.count_failures(tx, endpoint.id, failures)


def _attempt(
    delivery: Delivery, reply: Reply, outcome: Outcome, *, at: datetime, duration_ms: int
) -> Attempt:
    return Attempt(
        id=AttemptId(new_id()),
        delivery_id=delivery.id,
        number=delivery.attempts + 1,
        at=at,
        duration_ms=duration_ms,
        outcome=outcome,
        http_status=reply.status,
        error=reply.failure,
        excerpt=_excerpt(reply.text),
    )


def _failure(reply: Reply, outcome: Outcome) -> str | None:
    if outcome is Outcome.ACCEPTED:
        return None
    return (
        f"answered {reply.status}" if reply.status is not None else f"{reply.failure}: {_excerpt(reply.text)}"
    )


def _excerpt(text: str) -> str:
    """Return the beginning of a text as PostgreSQL takes it: no NUL, no half characters, not too long."""
    raw = text.replace("\0", "").encode("utf-8", "replace")[:MAX_EXCERPT_BYTES]
    return raw.decode("utf-8", "ignore")
