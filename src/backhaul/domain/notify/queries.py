"""Reading messages: one statement a question."""

from uuid import UUID

from backhaul.domain.notify.errors import MessageUnknown
from backhaul.domain.notify.model import Message, MessageId, Rendered
from backhaul.domain.notify.tables import COLUMNS
from backhaul.storage.database import Reader, Scope
from backhaul.storage.rows import record

MAX_PAGE = 200

GET = f"SELECT {COLUMNS}, text, html FROM messages WHERE org_id = $1 AND id = $2"

# Ids grow with time (UUIDv7), so the newest message has the greatest id.
LIST = f"""
SELECT {COLUMNS} FROM messages
WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
"""
LIST_ABOUT = f"""
SELECT {COLUMNS} FROM messages
WHERE org_id = $1 AND subject_kind = $4 AND subject_id = $5 AND ($2::uuid IS NULL OR id < $2)
ORDER BY id DESC LIMIT $3
"""


async def get_message(reader: Reader, scope: Scope, *, message_id: MessageId) -> tuple[Message, Rendered]:
    """Return one message with its words, or refuse."""
    row = await reader.fetchrow(GET, scope.org_id, message_id)
    if row is None:
        raise MessageUnknown(message_id=message_id)
    columns = dict(row)
    text, html = columns.pop("text"), columns.pop("html")
    return record(Message, columns), Rendered(columns["subject"], text, html)


async def list_messages(
    reader: Reader,
    scope: Scope,
    *,
    about: tuple[str, UUID] | None = None,
    before: MessageId | None = None,
    limit: int = 50,
) -> list[Message]:
    """Return a page of messages, newest first; `before` is the last id of the page before."""
    size = min(limit, MAX_PAGE)
    if about is None:
        rows = await reader.fetch(LIST, scope.org_id, before, size)
    else:
        rows = await reader.fetch(LIST_ABOUT, scope.org_id, before, size, *about)
    return [record(Message, row) for row in rows]
