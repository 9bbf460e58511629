"""Place an order: nothing but the order itself is written here; `reactions` does what follows from it."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Plan, Right
from backhaul.domain.identity.queries import require_member_by_email
from backhaul.domain.transfers import tables
from backhaul.domain.transfers.errors import InsuredAmountTooHigh
from backhaul.domain.transfers.events import TransferPlaced
from backhaul.domain.transfers.lifecycle import first_status
from backhaul.domain.transfers.model import MAX_INSURED_MINOR, Order, Transfer, TransferId
from backhaul.kernel.ids import UserId, new_id
from backhaul.storage import history, idempotency, outbox
from backhaul.storage.database import Database, Tx


class Repeatable(msgspec.Struct, frozen=True):
    """A request that carries an idempotency key, and how its answer is worded."""

    key: str
    mark: bytes  # fingerprint of the request
    answer: Callable[[Transfer], idempotency.Answer]


async def place_transfer(
    db: Database, *, actor: Actor, order: Order, now: datetime, repeatable: Repeatable | None = None
) -> Transfer:
    """Order a transfer.

    With `repeatable`, the answer is kept with the order; `idempotency.RaceLost` says that an equal
    request was quicker and nothing was written.
    """
    scope = actor.scope(Right.TRANSFERS_WRITE)
    async with db.transaction(scope) as tx:
        user = await _orderer(tx, actor, order)
        transfer = place_order(tx, author=actor.author, user=user, plan=actor.plan, order=order, at=now)
        if repeatable is not None:
            answer = repeatable.answer(transfer)
            await idempotency.keep(tx, key=repeatable.key, mark=repeatable.mark, answer=answer, at=now)
    return transfer


def place_order(
    tx: Tx,
    *,
    author: history.Author,
    user: tuple[UserId, str],
    plan: Plan,
    order: Order,
    at: datetime,
    is_muted: bool = False,
) -> Transfer:
    """Note an order in the name of a member, (id, address); it is written at commit. Muted: without reminders."""
    if order.insured_minor > MAX_INSURED_MINOR:  # sold now, it would be refused when the label is bought
        raise InsuredAmountTooHigh(limit=MAX_INSURED_MINOR // 100)
    user_id, user_email = user
    transfer = Transfer(
        id=TransferId(new_id()),
        org_id=tx.org_id,
        direction=order.direction,
        status=first_status(is_box_waived=order.is_box_waived),
        user_id=user_id,
        user_email=user_email,
        organization_address=order.organization_address,
        employee_address=order.employee_address,
        device_type=order.device_type,
        device_make=order.device_make,
        device_model=order.device_model,
        device_serial_number=order.device_serial_number,
        device_condition=order.device_condition,
        box_carrier=order.box_carrier,
        is_box_rush=order.is_box_rush,
        is_box_waived=order.is_box_waived,
        device_carrier=order.device_carrier,
        is_device_rush=order.is_device_rush,
        insured_minor=order.insured_minor,
        pickup_wish=order.pickup_wish,
        plan_code=order.plan_code,
        ticket_reference=order.ticket_reference,
        is_muted=is_muted,
        sender_ready_at=None,
        reminders_due=0,
        next_reminder_at=None,
        give_up_at=None,
        created_at=at,
        updated_at=at,
        version=1,
        parcel_size=order.parcel_size,
    )
    tables.add(tx, transfer)
    history.note(tx, author, subject=("transfer", transfer.id), action="placed", at=at, after=transfer)
    outbox.record(tx, TransferPlaced(subject_id=transfer.id, plan=plan), at=at)
    return transfer


async def _orderer(tx: Tx, actor: Actor, order: Order) -> tuple[UserId, str]:
    """Return who orders: the caller, or the member named in the order (contract §1.2)."""
    is_caller = order.user_email is None or order.user_email.casefold() == (actor.user_email or "").casefold()
    if is_caller and actor.user_id is not None and actor.user_email is not None:
        return actor.user_id, actor.user_email
    member = await require_member_by_email(tx, email=order.user_email or "", path="user_email")
    return member.id, member.email
