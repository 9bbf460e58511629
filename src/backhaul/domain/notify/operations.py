"""Decide messages, and note what came of sending them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from backhaul.domain.notify import lifecycle, rendering, tables
from backhaul.domain.notify.lifecycle import Action
from backhaul.domain.notify.model import Message, MessageId, Status, TransferLetter, internet_message_id
from backhaul.domain.notify.recipients import distinct
from backhaul.domain.notify.tasks import send
from backhaul.kernel.ids import OrgId, new_id
from backhaul.storage import history
from backhaul.storage.database import Database, Scope, Tx

MAX_FAILURE_LENGTH = 500  # a server's refusal can be a page long


async def decide(
    tx: Tx,
    *,
    key: str,
    template: str,
    to: Sequence[str],
    about: tuple[str, UUID],
    context: TransferLetter | Mapping[str, Any],
    at: datetime,
    reply_to: str | None = None,
    locale: str = rendering.DEFAULT_LOCALE,
) -> list[MessageId]:
    """Write one message per address and have them sent; return the ids of those that are new.

    A message is decided once by (organization, key, recipient): deciding it again, at the same time or a year
    later, writes nothing. No addresses, no message. An address that cannot be written to becomes a failed
    message that says why, so that a typing error never holds up what the message is about; refuse it with
    `parse_recipient` where it enters. A reply address that is none is left out. Rendering costs half a
    millisecond of processor time: decide in a reaction or a job rather than in a request.
    """
    recipients = distinct(to)
    if not recipients:
        return []
    letter = context
    if not isinstance(letter, TransferLetter):
        letter = msgspec.convert(dict(letter), TransferLetter)
    answers_to = next((r.address for r in distinct([reply_to or ""]) if r.refusal is None), None)
    body = rendering.render(template, letter, locale=locale, can_reply=answers_to is not None)
    messages = [
        Message(
            id=(message_id := MessageId(new_id())),
            org_id=tx.org_id,
            key=key,
            template=template,
            locale=locale,
            subject_kind=about[0],
            subject_id=about[1],
            recipient=recipient.address,
            reply_to=answers_to,
            sender_name=rendering.sender_name(letter),
            subject=body.subject,
            internet_message_id=internet_message_id(message_id),
            status=Status.QUEUED if recipient.refusal is None else Status.FAILED,
            attempts=0,
            decided_at=at,
            sent_at=None,
            failure=recipient.refusal,
            version=1,
        )
        for recipient in recipients
    ]
    added = await tables.insert(tx, messages, body)
    for message in messages:
        if message.id in added and message.status is Status.QUEUED:
            send.enqueue(tx, message_id=message.id)
    return added


async def record_attempt(
    db: Database, action: Action, *, org_id: OrgId, message_id: MessageId, failure: str | None, now: datetime
) -> Message:
    """Note what came of an attempt to send; nothing, when another run of the job was quicker."""
    async with db.transaction(Scope(org_id)) as tx:
        before = await tables.lock(tx, message_id)
        if before.status is not Status.QUEUED:
            return before
        moved = lifecycle.advance(before, action)
        after = msgspec.structs.replace(
            moved,
            sent_at=now if moved.status is Status.SENT else None,
            failure=None if failure is None else failure[:MAX_FAILURE_LENGTH],
        )
        await tables.save(tx, after)
        if after.status is not before.status:
            history.note(
                tx,
                history.SYSTEM,
                subject=("message", message_id),
                action=after.status.value,
                at=now,
                before=before,
                after=after,
            )
    return after
