"""How a message's status moves."""

from enum import StrEnum

import msgspec

from backhaul.domain.notify.errors import MessageMoveRefused
from backhaul.domain.notify.model import Message, Status


class Action(StrEnum):
    """What can happen to a message."""

    SEND = "be sent"
    DELAY = "be delayed"  # the mailer was not available; the job comes back
    REFUSE = "be refused"


MOVES: dict[tuple[Status, Action], Status] = {
    (Status.QUEUED, Action.SEND): Status.SENT,
    (Status.QUEUED, Action.DELAY): Status.QUEUED,
    (Status.QUEUED, Action.REFUSE): Status.FAILED,
}


def advance(message: Message, action: Action) -> Message:
    """Return the message as it stands after one more attempt that ended in `action`."""
    after = MOVES.get((message.status, action))
    if after is None:
        raise MessageMoveRefused(message_id=message.id, status=message.status.value, action=action.value)
    return msgspec.structs.replace(
        message, status=after, attempts=message.attempts + 1, version=message.version + 1
    )
