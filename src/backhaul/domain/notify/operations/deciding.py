"""Decide messages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from backhaul.domain.notify import catalog, rendering, tables
from backhaul.domain.notify.model import Channel, Letter, Message, MessageId, Status, internet_message_id
from backhaul.domain.notify.recipients import distinct
from backhaul.domain.notify.tasks import send
from backhaul.kernel.ids import new_id
from backhaul.storage.database import Tx


async def decide(
    tx: Tx,
    *,
    key: str,
    template: str,
    to: Sequence[str],
    about: tuple[str, UUID],
    context: Letter | Mapping[str, Any],
    at: datetime,
    reply_to: str | None = None,
    locale: str = rendering.DEFAULT_LOCALE,
    channel: Channel = Channel.EMAIL,
    region: str | None = None,
    is_test: bool = False,
) -> list[MessageId]:
    """Write one message per recipient and have them sent; return the ids of those that are new.

    A message is decided once by (organization, key, recipient): deciding it again, at the same time or a year
    later, writes nothing. No recipients, no message. An address or number that cannot be written to becomes a failed
    message that says why, so that a typing error never holds up what the message is about; refuse it with
    `parse_recipient` or `parse_phone` where it enters. `region` is the country in which telephone numbers without +
    are read. A reply address that is none is left out; a text message has none. Rendering costs a millisecond of
    processor time: decide in a reaction or a job rather than in a request.
    """
    recipients = distinct(to, channel=channel, region=region)
    if not recipients:
        return []
    letter = catalog.letter_of(template, context)
    answers_to = next((r.address for r in distinct([reply_to or ""]) if r.refusal is None), None)
    if channel is Channel.TEXT:
        answers_to = None
    body = rendering.render(
        template,
        letter,
        locale=locale,
        channel=channel,
        can_reply=answers_to is not None,
        is_test=is_test,
    )
    messages = [
        Message(
            id=(message_id := MessageId(new_id())),
            org_id=tx.org_id,
            key=key,
            channel=channel,
            template=template,
            locale=rendering.locale_of(template, locale),
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
