"""Give money back, or do not take it in the first place."""

from datetime import datetime
from uuid import UUID

import msgspec

from backhaul.domain.billing import bookkeeping, lifecycle, tables, tasks
from backhaul.domain.billing.events import PaymentRefunded
from backhaul.domain.billing.model import Charge, ChargeId, Refund, RefundId, RefundStatus
from backhaul.domain.billing.reasons import reason_problems
from backhaul.domain.billing.wallet.errors import OnceKeyReused
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.identity.operating import operator_author, operator_scope
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import OrgId, new_id
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Scope, Tx

MAX_KEY = 200


async def refund(
    tx: Tx,
    *,
    charge_id: ChargeId,
    amount_minor: int | None,  # None: all that is left; if nothing is left, nothing happens
    reason: str,
    at: datetime,
    author: history.Author = history.SYSTEM,
) -> Charge:
    """Give back some or all of a charge.

    Captured: a job pays it back. In flight: it waits for the gateway's answer. Not taken yet: a refund of
    everything cancels the charge; a part waits until there is something to give back.
    """
    locked = await tables.lock(tx, charge_id)
    return await _refund(tx, locked, amount_minor=amount_minor, reason=reason, at=at, author=author)


async def refund_subject(
    tx: Tx,
    *,
    subject_kind: str,
    subject_id: UUID,
    reason: str,
    at: datetime,
    author: history.Author = history.SYSTEM,
) -> list[Charge]:
    """Give back all that a subject was charged, whatever for. Repeating changes nothing."""
    charges = await tables.lock_of_subject(tx, subject_kind, subject_id)
    return [
        await _refund(tx, charge, amount_minor=None, reason=reason, at=at, author=author)
        for charge in charges
    ]


async def request_refund(
    db: Database,
    *,
    actor: Actor,
    org_id: OrgId,
    charge_id: ChargeId,
    amount_minor: int | None,
    reason: str,
    now: datetime,
    once_key: str | None = None,
) -> Charge:
    """Give back some or all of an organization's charge because the operator decided so; nobody else may.

    Safe to repeat with the same key: the charge comes back as it stands by now. The same key with another amount is
    refused (`OnceKeyReused`).
    """
    operator_scope(actor, Right.INSTALLATION_OPERATE)
    _check(reason, once_key)
    async with db.transaction(Scope(org_id)) as tx:
        locked = await tables.lock(tx, charge_id)
        if once_key is not None:
            found = await tables.find_refund(tx, charge_id, once_key)
            if found is not None:
                if amount_minor not in (None, found.amount_minor):
                    raise OnceKeyReused(
                        once_key=once_key, booked_minor=found.amount_minor, currency=locked.currency
                    )
                return locked
        return await _refund(
            tx,
            locked,
            amount_minor=amount_minor,
            reason=reason.strip(),
            at=now,
            author=operator_author(actor),
            once_key=once_key,
        )


def _check(reason: str, once_key: str | None) -> None:
    problems = reason_problems(reason)
    if once_key is not None and not 1 <= len(once_key) <= MAX_KEY:
        problems.append(FieldProblem("key", "length", f"must have from 1 to {MAX_KEY} characters"))
    if problems:
        raise InvalidInput(problems)


async def _refund(
    tx: Tx,
    before: Charge,
    *,
    amount_minor: int | None,
    reason: str,
    at: datetime,
    author: history.Author,
    once_key: str | None = None,
) -> Charge:
    if amount_minor is None:
        amount_minor = lifecycle.refundable_minor(before)
        if amount_minor == 0:
            return before
    after = lifecycle.request_refund(before, amount_minor, now=at)
    if lifecycle.is_unwanted(after) and lifecycle.is_untouched(after):
        return await _cancel(tx, before, after, at, author)
    wanted = Refund(
        id=RefundId(new_id()),
        org_id=tx.org_id,
        charge_id=after.id,
        amount_minor=amount_minor,
        status=RefundStatus.REQUESTED,
        reason=reason,
        refusal=None,
        created_at=at,
        updated_at=at,
    )
    await tables.save(tx, before, after)
    await tables.insert_refund(tx, wanted, once_key=once_key)
    history.note(tx, author, subject=("refund", wanted.id), action="requested", at=at, after=wanted)
    if after.is_paid:
        tasks.pay_refund.enqueue(tx, refund_id=wanted.id)
    return after


async def _cancel(tx: Tx, before: Charge, after: Charge, at: datetime, author: history.Author) -> Charge:
    cancelled = lifecycle.cancel(after, now=at)
    await tables.save(tx, before, cancelled)
    if before.refund_requested_minor:
        await tables.drop_refunds(tx, before.id, at=at)
    if not cancelled.is_top_up:  # nothing was booked yet
        tables.post(tx, bookkeeping.cancelled(cancelled), at=at)
    history.note(
        tx, author, subject=("charge", before.id), action="cancelled", at=at, before=before, after=cancelled
    )
    return cancelled


async def settle_refund(
    db: Database, *, scope: Scope, charge_id: ChargeId, refund_id: RefundId, now: datetime
) -> Charge:
    """Note that the gateway paid a refund. Safe to run twice."""
    async with db.transaction(scope) as tx:
        before = await tables.lock(tx, charge_id)
        wanted = await tables.get_refund(tx, charge_id, refund_id)
        if wanted.status is not RefundStatus.REQUESTED:
            return before
        after = lifecycle.pay_refund(before, wanted.amount_minor, now=now)
        paid = msgspec.structs.replace(wanted, status=RefundStatus.PAID, updated_at=now)
        await tables.save(tx, before, after)
        await tables.save_refund(tx, paid)
        tables.post(tx, bookkeeping.refunded(after, paid), at=now)
        history.note(
            tx, history.SYSTEM, subject=("charge", after.id), action="refunded", at=now,
            before=before, after=after,
        )  # fmt: skip
        outbox.record(tx, _refunded(after, paid), at=now)
    return after


async def refuse_refund(
    db: Database, *, scope: Scope, charge_id: ChargeId, refund_id: RefundId, reason: str, now: datetime
) -> Charge:
    """Note that the gateway refused a refund for good; it can be asked for anew. Safe to run twice."""
    async with db.transaction(scope) as tx:
        before = await tables.lock(tx, charge_id)
        wanted = await tables.get_refund(tx, charge_id, refund_id)
        if wanted.status is not RefundStatus.REQUESTED:
            return before
        after = lifecycle.refuse_refund(before, wanted.amount_minor, now=now)
        refused = msgspec.structs.replace(wanted, status=RefundStatus.REFUSED, refusal=reason, updated_at=now)
        await tables.save(tx, before, after)
        await tables.save_refund(tx, refused)
        history.note(
            tx, history.SYSTEM, subject=("refund", refund_id), action="refused", at=now,
            before=wanted, after=refused,
        )  # fmt: skip
    return after


def _refunded(charge: Charge, paid: Refund) -> PaymentRefunded:
    return PaymentRefunded(
        subject_id=charge.subject_id,
        subject_kind=charge.subject_kind,
        purpose=charge.purpose,
        charge_id=charge.id,
        refund_id=paid.id,
        amount_minor=paid.amount_minor,
        currency=charge.currency,
    )
