"""Make the invoices of weeks that are over."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec
import structlog

from backhaul.domain.billing.invoices import queries, tables
from backhaul.domain.billing.invoices.events import InvoiceMade
from backhaul.domain.billing.invoices.model import (
    WEEK,
    Invoice,
    InvoiceId,
    InvoiceLine,
    billed_minor,
    monday_of,
    start_of,
)
from backhaul.kernel.addresses import Address
from backhaul.kernel.errors import Unavailable
from backhaul.kernel.ids import new_id
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Scope, Tx

logger = structlog.get_logger("backhaul.billing")

# What began before midnight is mostly committed by then; what is not stands on the next invoice.
SETTLES_WITHIN = timedelta(hours=1)


async def make_invoices(db: Database, *, now: datetime) -> int:
    """Make every invoice that is missing, and return how many; safe to repeat, and at the same time.

    A week in which nothing was charged has none. What came too late for its week's invoice stands on the next.
    """
    this_week = monday_of(now - SETTLES_WITHIN)
    async with db.system() as reader:
        found = await queries.list_open_weeks(reader, before=start_of(this_week))
    made = 0
    for one in found:
        for starts_on in sorted({*one.weeks, this_week - WEEK}):
            try:
                invoice = await make_invoice(
                    db, scope=Scope(one.org_id), starts_on=starts_on, currency=one.currency, now=now
                )
            except Unavailable:
                raise
            except Exception:  # one organization must not keep the others waiting
                logger.exception("invoice was not made", org_id=str(one.org_id), starts_on=str(starts_on))
                break
            made += invoice is not None
    return made


async def make_invoice(
    db: Database, *, scope: Scope, starts_on: date, currency: str, now: datetime
) -> Invoice | None:
    """Make one week's invoice, or return None when it is there already or has nothing to say."""
    ends_at = start_of(starts_on + WEEK)
    if starts_on.weekday() or ends_at > now:
        raise ValueError(f"{starts_on} does not begin a week that is over")
    async with db.transaction(scope) as tx:
        last = await tables.lock_series(tx)
        if await tables.is_made(tx, starts_on, currency):
            return None
        lines = await tables.open_lines(tx, currency, before=ends_at)
        if not lines:
            return None
        owed_minor = await tables.owed_minor(tx, currency, before=ends_at)
        drafted = await _draft(
            tx,
            lines,
            sequence=last + 1,
            starts_on=starts_on,
            currency=currency,
            owed_minor=owed_minor,
            now=now,
        )
        number = await tables.insert(tx, drafted, lines)
        invoice = msgspec.structs.replace(drafted, number=number)
        history.note(
            tx, history.SYSTEM, subject=("invoice", invoice.id), action="made", at=now, after=invoice
        )
        made = InvoiceMade(
            subject_id=invoice.id,
            number=number,
            starts_on=starts_on,
            total_minor=invoice.total_minor,
            currency=currency,
        )
        outbox.record(tx, made, at=now)
    return invoice


async def _draft(
    tx: Tx,
    lines: Sequence[InvoiceLine],
    *,
    sequence: int,
    starts_on: date,
    currency: str,
    owed_minor: int,
    now: datetime,
) -> Invoice:
    org_number, name, address = await tables.customer(tx)
    total = sum(line.amount_minor for line in lines)
    billed = billed_minor(total, owed_minor)
    return Invoice(
        id=InvoiceId(new_id()),
        org_id=tx.org_id,
        number=0,
        sequence=sequence,
        name=f"{org_number}-{sequence:04}",
        customer_name=name,
        customer_address=None if address is None else msgspec.convert(address, Address),
        starts_on=starts_on,
        ends_on=starts_on + WEEK - timedelta(days=1),
        currency=currency,
        total_minor=total,
        total_paid_minor=total - billed,
        total_billed_minor=billed,
        created_at=now,
    )
