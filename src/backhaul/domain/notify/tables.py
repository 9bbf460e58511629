"""Writing messages."""

from collections.abc import Sequence

from backhaul.domain.notify.errors import MessageUnknown
from backhaul.domain.notify.model import Message, MessageId, Rendered
from backhaul.storage.database import Tx
from backhaul.storage.rows import record

COLUMNS = """
id, org_id, key, channel, template, locale, subject_kind, subject_id, recipient, reply_to, sender_name, subject,
internet_message_id, status, attempts, decided_at, sent_at, failure, version
"""

# Two transactions that decide the same message at once: the second waits for the first, then inserts nothing.
INSERT = """
INSERT INTO messages (org_id, id, internet_message_id, recipient, status, failure, key, channel, template, locale,
                      subject_kind, subject_id, reply_to, sender_name, subject, text, html, decided_at)
SELECT $1, new.*, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[]) AS new
ON CONFLICT (org_id, key, recipient) DO NOTHING
RETURNING id
"""

LOCK = f"SELECT {COLUMNS} FROM messages WHERE org_id = $1 AND id = $2 FOR UPDATE"

SAVE = """
UPDATE messages SET status = $3, attempts = $4, sent_at = $5, failure = $6, version = $7
WHERE org_id = $1 AND id = $2 AND version = $7 - 1
"""


async def insert(tx: Tx, messages: Sequence[Message], body: Rendered) -> list[MessageId]:
    """Add messages that differ in id, recipient and status alone; return the ids of those that are new."""
    first = messages[0]
    rows = await tx.fetch(
        INSERT, tx.org_id, [m.id for m in messages], [m.internet_message_id for m in messages],
        [m.recipient for m in messages], [m.status.value for m in messages], [m.failure for m in messages],
        first.key, first.channel.value, first.template, first.locale, first.subject_kind, first.subject_id,
        first.reply_to, first.sender_name, body.subject, body.text, body.html, first.decided_at,
    )  # fmt: skip
    return [MessageId(row["id"]) for row in rows]


async def lock(tx: Tx, message_id: MessageId) -> Message:
    """Return a message, locked until the transaction ends."""
    row = await tx.fetchrow(LOCK, tx.org_id, message_id)
    if row is None:
        raise MessageUnknown(message_id=message_id)
    return record(Message, row)


async def save(tx: Tx, m: Message) -> None:
    """Write a locked message back; its version has grown by one."""
    await tx.execute(SAVE, tx.org_id, m.id, m.status.value, m.attempts, m.sent_at, m.failure, m.version)
