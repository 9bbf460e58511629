"""What a return's owner and the warehouse write to each other."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.returns import tables
from backhaul.domain.returns.errors import MessagesFull, ReturnUnknown
from backhaul.domain.returns.events import MessageAdded
from backhaul.domain.returns.model import (
    MAX_MESSAGE_LENGTH,
    MAX_MESSAGES,
    MessageAuthor,
    Return,
    ReturnMessage,
    Status,
)
from backhaul.domain.returns.operations.visible import lock_visible
from backhaul.domain.returns.operations.working import at_table
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.storage import history, outbox
from backhaul.storage.author import Author
from backhaul.storage.database import Database, Tx


async def add_message(db: Database, *, actor: Actor, number: int, body: str, now: datetime) -> ReturnMessage:
    """Write to the warehouse about a return: 1 to 200 characters (contract §3.6). Refuses more than a thousand."""
    body = clean_body(body)
    async with db.transaction(actor.scope(Right.RETURNS_WRITE)) as tx:
        one = await lock_visible(tx, number)
        return await _add(tx, actor.author, one, MessageAuthor.USER, body, at=now)


async def add_operator_message(
    db: Database, *, actor: Actor, number: int, body: str, now: datetime
) -> ReturnMessage:
    """Write to a return's owner. A discarded one is known to nobody there any more."""
    body = clean_body(body)
    table = await at_table(db, actor=actor, number=number)
    async with db.transaction(table.scope) as tx:
        one = await tables.lock(tx, number)
        if one.status is Status.DISCARDED:
            raise ReturnUnknown(number=number)
        return await _add(tx, table.author, one, MessageAuthor.OPERATOR, body, at=now)


def clean_body(body: str) -> str:
    """Return a message without surrounding space, or refuse."""
    cleaned = body.strip()
    if not 1 <= len(cleaned) <= MAX_MESSAGE_LENGTH:
        text = f"must have 1 to {MAX_MESSAGE_LENGTH} characters"
        raise InvalidInput([FieldProblem("body", "returns.message_length", text)])
    if "\x00" in cleaned or any("\ud800" <= sign <= "\udfff" for sign in cleaned):
        raise InvalidInput([FieldProblem("body", "returns.message_characters", "must be readable text")])
    return cleaned


async def _add(
    tx: Tx, author: Author, one: Return, side: MessageAuthor, body: str, *, at: datetime
) -> ReturnMessage:
    if one.message_count >= MAX_MESSAGES:
        raise MessagesFull(number=one.number, most=MAX_MESSAGES)
    message = ReturnMessage(id=new_id(), number=0, return_id=one.id, author=side, body=body, created_at=at)
    after = msgspec.structs.replace(
        one, message_count=one.message_count + 1, updated_at=at, version=one.version + 1
    )
    added = await tables.add_message(tx, after, message, author)
    history.note(
        tx,
        author,
        subject=("return", one.id),
        action="message_added",
        at=at,
        before=one,
        after=after,
        reason=body,
    )
    outbox.record(tx, MessageAdded(subject_id=one.id, message_id=added.id, author=side.value), at=at)
    return added
