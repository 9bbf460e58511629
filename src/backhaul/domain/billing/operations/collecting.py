"""Collect a charge: note that the gateway is about to be asked, and afterwards what it said."""

from datetime import datetime

from backhaul.domain.billing import bookkeeping, lifecycle, tables, tasks
from backhaul.domain.billing.errors import GatewayUnavailable
from backhaul.domain.billing.events import PaymentCaptured, PaymentDeclined
from backhaul.domain.billing.model import Charge, ChargeId, GatewayAnswer, Status
from backhaul.domain.billing.wallet import crediting
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Scope, Tx


async def begin_attempt(
    db: Database, *, scope: Scope, charge_id: ChargeId, gateway: str, now: datetime
) -> Charge | None:
    """Note that the gateway is about to be asked, or return None when there is nothing to ask.

    Written down before the call: from here on nobody may assume that no money moved. Whoever comes while an
    answer is outstanding gets the same attempt with the same key.
    """
    async with db.transaction(scope) as tx:
        before = await tables.lock(tx, charge_id)
        after = lifecycle.attempt(before, gateway=gateway, now=now)
        if after is None or after == before:
            return _asked_of(gateway, after)
        await tables.save(tx, before, after)
        history.note(
            tx, history.SYSTEM, subject=("charge", after.id), action="attempted", at=now,
            before=before, after=after,
        )  # fmt: skip
    return _asked_of(gateway, after)


def _asked_of(gateway: str, charge: Charge | None) -> Charge | None:
    # Only the gateway that was asked can tell what became of the attempt; another one would charge anew.
    if charge is not None and charge.gateway != gateway:
        raise GatewayUnavailable(gateway=charge.gateway)
    return charge


async def settle_attempt(
    db: Database, *, scope: Scope, charge_id: ChargeId, attempt: int, answer: GatewayAnswer, now: datetime
) -> Charge:
    """Write down the gateway's answer to an attempt. Safe to run twice: a known answer changes nothing."""
    async with db.transaction(scope) as tx:
        before = await tables.lock(tx, charge_id)
        if before.status is not Status.COLLECTING or before.attempts != attempt:
            return before
        after = lifecycle.settle(before, answer, now=now)
        await tables.save(tx, before, after)
        history.note(
            tx, history.SYSTEM, subject=("charge", after.id), action=after.status.value, at=now,
            before=before, after=after,
        )  # fmt: skip
        await _follow(tx, after, at=now)
    return after


async def _follow(tx: Tx, charge: Charge, *, at: datetime) -> None:
    if charge.status is Status.CAPTURED:
        tables.post(tx, bookkeeping.captured(charge), at=at)
        if charge.is_top_up:
            await crediting.credit(tx, charge.amount, reason=charge.reference, at=at)
        outbox.record(tx, _captured(charge), at=at)
        if charge.refund_requested_minor:
            for refund_id in await tables.waiting_refunds(tx, charge.id):
                tasks.pay_refund.enqueue(tx, refund_id=refund_id)
        return
    outbox.record(tx, _declined(charge), at=at)
    if charge.status is Status.CANCELLED:
        if not charge.is_top_up:
            tables.post(tx, bookkeeping.cancelled(charge), at=at)
        await tables.drop_refunds(tx, charge.id, at=at)


def _captured(charge: Charge) -> PaymentCaptured:
    return PaymentCaptured(
        subject_id=charge.subject_id,
        subject_kind=charge.subject_kind,
        purpose=charge.purpose,
        charge_id=charge.id,
        amount_minor=charge.amount_minor,
        currency=charge.currency,
    )


def _declined(charge: Charge) -> PaymentDeclined:
    return PaymentDeclined(
        subject_id=charge.subject_id,
        subject_kind=charge.subject_kind,
        purpose=charge.purpose,
        charge_id=charge.id,
        code=charge.decline_code or "",
        next_attempt_at=charge.next_attempt_at,
    )
