"""Sending: the slow part, between deciding a message and noting what came of it: two short transactions."""

from functools import partial

from backhaul.domain.notify import operations, queries, tasks
from backhaul.domain.notify.errors import MailRefused, MailUnavailable, TextRefused, TextUnavailable
from backhaul.domain.notify.lifecycle import Action
from backhaul.domain.notify.model import Channel, Message, MessageId, Rendered, Status
from backhaul.domain.notify.ports import Mail, Mailer, Text, Texter
from backhaul.jobqueue import Run
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Scope


@tasks.send.handler
async def send(run: Run, *, org_id: OrgId, message_id: MessageId) -> None:
    """Hand one message to whoever carries its channel.

    Safe to run twice: what is noted as sent is not sent again, and a run cut short before that note repeats
    the same bytes under the same Message-ID.
    """
    scope = Scope(org_id)
    async with run.db.read(scope) as reader:
        message, body = await queries.get_message(reader, scope, message_id=message_id)
    if message.status is not Status.QUEUED:
        return
    record = partial(operations.record_attempt, run.db, org_id=org_id, message_id=message_id)
    try:
        await _hand_over(run, message, body)
    except (MailRefused, TextRefused) as refusal:
        await record(Action.REFUSE, failure=refusal.data["reason"], now=run.now())
    except (MailUnavailable, TextUnavailable) as outage:
        await record(Action.DELAY, failure=outage.data["reason"], now=run.now())
        raise
    else:
        await record(Action.SEND, failure=None, now=run.now())


async def _hand_over(run: Run, message: Message, body: Rendered) -> None:
    if message.channel is Channel.TEXT:
        await run.port(Texter).send(text_of(message, body))
    else:
        await run.port(Mailer).send(mail_of(message, body))


def mail_of(message: Message, body: Rendered) -> Mail:
    """Return the mail that carries a message, the same on every attempt."""
    return Mail(
        message_id=message.internet_message_id,
        sender_name=message.sender_name,
        to=message.recipient,
        reply_to=message.reply_to,
        subject=body.subject,
        text=body.text,
        html=body.html,
        dated=message.decided_at,
    )


def text_of(message: Message, body: Rendered) -> Text:
    """Return the text message that carries a message, the same on every attempt."""
    return Text(
        message_id=message.internet_message_id,
        to=message.recipient,
        words=body.text,
        dated=message.decided_at,
    )
