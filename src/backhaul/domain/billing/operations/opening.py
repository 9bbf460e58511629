"""Open a charge: the money is owed from here on, and a job goes and gets it."""

from datetime import datetime
from uuid import UUID

from backhaul.domain.billing import bookkeeping, lifecycle, tables, tasks
from backhaul.domain.billing.model import Charge, ChargeId, Quote, Status
from backhaul.storage import history
from backhaul.storage.database import Tx


async def open_charge(
    tx: Tx,
    *,
    charge_id: ChargeId,
    subject_kind: str,
    subject_id: UUID,
    purpose: str,
    quote: Quote,
    reference: str,
    at: datetime,
    author: history.Author = history.SYSTEM,
) -> Charge:
    """Charge a subject for a purpose, once: a repeat returns the charge that exists and changes nothing.

    A quote of zero leaves nothing to collect; its charge is captured from the start.
    """
    is_free = quote.total.amount_minor == 0
    charge = Charge(
        id=charge_id,
        org_id=tx.org_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        purpose=purpose,
        amount_minor=quote.total.amount_minor,
        refund_requested_minor=0,
        refunded_minor=0,
        currency=quote.total.currency,
        status=Status.CAPTURED if is_free else Status.PENDING,
        reference=reference,
        lines=quote.lines,
        gateway=None,
        gateway_reference=None,
        attempts=0,
        next_attempt_at=None if is_free else at + lifecycle.LOOK_AGAIN_AFTER,
        decline_code=None,
        decline_text=None,
        captured_at=at if is_free else None,
        created_at=at,
        updated_at=at,
        version=1,
    )
    if not await tables.insert(tx, charge):
        return await tables.get_of_purpose(tx, subject_kind, subject_id, purpose)
    history.note(tx, author, subject=("charge", charge.id), action="opened", at=at, after=charge)
    if not is_free:
        if not charge.is_top_up:
            tables.post(tx, bookkeeping.opened(charge), at=at)
        tasks.collect.enqueue(tx, charge_id=charge.id, key=str(charge.id))
    return charge
