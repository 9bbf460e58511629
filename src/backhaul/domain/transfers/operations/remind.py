"""Remind the sender: day 3, 6 and 9 after the box arrived, unless muted or a pickup is booked (§1.8)."""

from datetime import datetime, timedelta

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.shipping import queries as shipping_queries
from backhaul.domain.shipping import tables as shipping_tables
from backhaul.domain.shipping.model import Leg, Shipment
from backhaul.domain.transfers import tables
from backhaul.domain.transfers.letters import write_letter
from backhaul.domain.transfers.model import Policy, Transfer, TransferId
from backhaul.storage import history
from backhaul.storage.database import Database, Scope, Tx


def next_reminder_at(policy: Policy, *, sender_ready_at: datetime, reminders_due: int) -> datetime | None:
    """Return when the next step of the ladder is due; None after the last."""
    if reminders_due >= len(policy.reminder_days):
        return None
    return sender_ready_at + timedelta(seconds=policy.reminder_days[reminders_due] * policy.day_seconds)


def give_up_at(policy: Policy, *, sender_ready_at: datetime) -> datetime:
    """Return when waiting for the device ends."""
    return sender_ready_at + timedelta(seconds=policy.give_up_days * policy.day_seconds)


def steps_behind(policy: Policy, *, sender_ready_at: datetime, now: datetime) -> int:
    """Return how many steps of the ladder have come by now."""
    spans = (timedelta(seconds=days * policy.day_seconds) for days in policy.reminder_days)
    return sum(sender_ready_at + span <= now for span in spans)


async def remind(
    db: Database, *, scope: Scope, transfer_id: TransferId, policy: Policy, now: datetime
) -> None:
    """Send the reminder that is due, or pass its step over. Safe to run twice: a step is taken once.

    Steps that were missed together, because no worker ran, are one reminder. A transfer that belongs to a recovery is
    never reminded of here, muted or not: the campaign's ladder does that.
    """
    async with db.transaction(scope) as tx:
        before = await tables.lock(tx, transfer_id)
        ready_at = before.sender_ready_at
        if before.next_reminder_at is None or before.next_reminder_at > now or ready_at is None:
            return
        steps = max(before.reminders_due, steps_behind(policy, sender_ready_at=ready_at, now=now))
        after = msgspec.structs.replace(
            before,
            reminders_due=steps,
            next_reminder_at=next_reminder_at(policy, sender_ready_at=ready_at, reminders_due=steps),
            updated_at=now,
            version=before.version + 1,
        )
        await tables.save(tx, after)
        device = (await shipping_tables.lock_of_subject(tx, "transfer", transfer_id)).get(Leg.DEVICE)
        is_sent = (
            steps > before.reminders_due
            and not before.is_muted
            and await _is_kept(tx, device, now)
            and not await tables.is_of_recovery(tx, transfer_id)
        )
        history.note(
            tx,
            history.SYSTEM,
            subject=("transfer", after.id),
            action="reminded" if is_sent else "reminder_passed_over",
            at=now,
            before=before,
            after=after,
        )
        if is_sent:
            days = policy.reminder_days[steps - 1]
            await write_letter(tx, after, "reminder", at=now, shipment=device, days_since_delivery=days)


async def _is_kept(tx: Tx, device: Shipment | None, now: datetime) -> bool:
    """Return whether the device is still with its sender and no pickup is pending."""
    if device is None or device.shipped_at is not None:
        return False
    # On a day that has passed, nobody came.
    coming = await shipping_queries.find_live_pickup(
        tx, Scope(tx.org_id), shipment_id=device.id, today=now.date()
    )
    return coming is None


async def mute_reminders(
    db: Database, *, actor: Actor, transfer_id: TransferId, is_muted: bool, now: datetime
) -> Transfer:
    """Switch a transfer's reminders off or on. Steps that fall due meanwhile are passed over for good."""
    async with db.transaction(actor.scope(Right.TRANSFERS_WRITE)) as tx:
        before = await tables.lock(tx, transfer_id)
        if before.is_muted == is_muted:
            return before
        after = msgspec.structs.replace(before, is_muted=is_muted, updated_at=now, version=before.version + 1)
        await tables.save(tx, after)
        action = "muted" if is_muted else "unmuted"
        history.note(
            tx,
            actor.author,
            subject=("transfer", after.id),
            action=action,
            at=now,
            before=before,
            after=after,
        )
    return after
