"""How a charge moves.

The hard part is silence: a gateway that was asked and whose answer we never wrote down may or may not have
taken the money. Such a charge stays `collecting`: it is asked about again with the same key, and nobody may
cancel it until the answer is known. Refunds wished for meanwhile wait for that answer.
"""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from backhaul.domain.billing.errors import ChargeMoveRefused, RefundTooLarge, TopUpNotRefundable
from backhaul.domain.billing.model import Captured, Charge, Declined, Status


class Action(StrEnum):
    """What can be done with a charge."""

    ATTEMPT = "attempt"
    CAPTURE = "capture"
    DECLINE = "decline"
    RETRY = "retry"
    CANCEL = "cancel"
    REFUND_PART = "refund_part"
    REFUND_REST = "refund_rest"


_S, _A = Status, Action

MOVES: dict[tuple[Status, Action], Status] = {
    (_S.PENDING, _A.ATTEMPT): _S.COLLECTING,
    (_S.PENDING, _A.CANCEL): _S.CANCELLED,
    (_S.COLLECTING, _A.CAPTURE): _S.CAPTURED,
    (_S.COLLECTING, _A.DECLINE): _S.DECLINED,
    (_S.DECLINED, _A.RETRY): _S.DECLINED,
    (_S.DECLINED, _A.ATTEMPT): _S.COLLECTING,
    (_S.DECLINED, _A.CANCEL): _S.CANCELLED,
    (_S.CAPTURED, _A.REFUND_PART): _S.PARTLY_REFUNDED,
    (_S.CAPTURED, _A.REFUND_REST): _S.REFUNDED,
    (_S.PARTLY_REFUNDED, _A.REFUND_PART): _S.PARTLY_REFUNDED,
    (_S.PARTLY_REFUNDED, _A.REFUND_REST): _S.REFUNDED,
}

# After the first, second and third decline, counted from each; after that a person decides.
RETRY_AFTER = (timedelta(hours=1), timedelta(hours=24), timedelta(hours=72))
# A charge whose job was lost or gave up is looked at again; longer than all of the job's own retries.
LOOK_AGAIN_AFTER = timedelta(hours=1)


def advance(charge: Charge, action: Action) -> Charge:
    """Return the charge as it stands after `action`."""
    after = MOVES.get((charge.status, action))
    if after is None:
        raise ChargeMoveRefused(charge_id=charge.id, status=charge.status.value, action=action.value)
    return msgspec.structs.replace(charge, status=after, version=charge.version + 1)


def attempt(charge: Charge, *, gateway: str, now: datetime) -> Charge | None:
    """Return the charge ready to be asked for, or None when there is nothing to ask now.

    A charge in flight is returned as it is: same attempt, same key.
    """
    again_at = now + LOOK_AGAIN_AFTER
    is_due = charge.next_attempt_at is not None and charge.next_attempt_at <= now
    if charge.status is Status.COLLECTING:
        return _changed(charge, now, next_attempt_at=again_at) if is_due else charge
    if charge.status is Status.PENDING or (charge.status is Status.DECLINED and is_due):
        return msgspec.structs.replace(
            advance(charge, Action.ATTEMPT),
            gateway=gateway,
            attempts=charge.attempts + 1,
            next_attempt_at=again_at,
            updated_at=now,
        )
    return None


def settle(charge: Charge, answer: Captured | Declined, *, now: datetime) -> Charge:
    """Return the charge after the gateway's answer to its present attempt."""
    if isinstance(answer, Captured):
        return msgspec.structs.replace(
            advance(charge, Action.CAPTURE),
            gateway_reference=answer.gateway_reference,
            next_attempt_at=None,
            decline_code=None,
            decline_text=None,
            captured_at=now,
            updated_at=now,
        )
    declined = msgspec.structs.replace(
        advance(charge, Action.DECLINE),
        # Nothing waits for a top-up but the person who asked for it, and they are told.
        next_attempt_at=None if charge.is_top_up else next_attempt_at(charge.attempts, declined_at=now),
        decline_code=answer.code,
        decline_text=answer.text,
        updated_at=now,
    )
    return cancel(declined, now=now) if is_unwanted(declined) else declined


def next_attempt_at(attempts: int, *, declined_at: datetime) -> datetime | None:
    """Return when to try again after so many declined attempts, or None."""
    return declined_at + RETRY_AFTER[attempts - 1] if attempts <= len(RETRY_AFTER) else None


def retry(charge: Charge, *, now: datetime) -> Charge:
    """Return a declined charge due at once."""
    return msgspec.structs.replace(advance(charge, Action.RETRY), next_attempt_at=now, updated_at=now)


def cancel(charge: Charge, *, now: datetime) -> Charge:
    """Return the charge given up: nothing was taken, nothing will be."""
    return msgspec.structs.replace(
        advance(charge, Action.CANCEL), refund_requested_minor=0, next_attempt_at=None, updated_at=now
    )


def refundable_minor(charge: Charge) -> int:
    """Return what has not been promised back yet."""
    return 0 if charge.status is Status.CANCELLED else charge.amount_minor - charge.refund_requested_minor


def request_refund(charge: Charge, amount_minor: int, *, now: datetime) -> Charge:
    """Return the charge with so much more promised back."""
    left = refundable_minor(charge)
    if not 1 <= amount_minor <= left:
        raise RefundTooLarge(
            charge_id=charge.id, asked_minor=amount_minor, left_minor=left, currency=charge.currency
        )
    if charge.is_top_up and not (is_untouched(charge) and amount_minor == left):
        raise TopUpNotRefundable(charge_id=charge.id)
    return _changed(charge, now, refund_requested_minor=charge.refund_requested_minor + amount_minor)


def is_unwanted(charge: Charge) -> bool:
    """Whether all of it is to be given back."""
    return charge.refund_requested_minor == charge.amount_minor


def is_untouched(charge: Charge) -> bool:
    """Whether it can be given up for certain: no money was taken and no answer is outstanding."""
    return (charge.status, Action.CANCEL) in MOVES


def pay_refund(charge: Charge, amount_minor: int, *, now: datetime) -> Charge:
    """Return the charge after so much of a requested refund was paid back."""
    refunded = charge.refunded_minor + amount_minor
    action = Action.REFUND_REST if refunded == charge.amount_minor else Action.REFUND_PART
    return msgspec.structs.replace(advance(charge, action), refunded_minor=refunded, updated_at=now)


def refuse_refund(charge: Charge, amount_minor: int, *, now: datetime) -> Charge:
    """Return the charge after the gateway refused to pay so much back."""
    return _changed(charge, now, refund_requested_minor=charge.refund_requested_minor - amount_minor)


def _changed(charge: Charge, now: datetime, **fields: object) -> Charge:
    return msgspec.structs.replace(charge, **fields, updated_at=now, version=charge.version + 1)
