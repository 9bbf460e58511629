"""Messages to people: decided once in the transaction that gives the reason, sent afterwards by a job.

Not here: when somebody is written to (that belongs to transfers, recovery and the rest), nor how mail travels
(adapters). Start with `model`, then `operations.decide`; the words themselves are in `templates/en`.
"""

from backhaul.domain.notify.errors import (
    MailRefused,
    MailUnavailable,
    MessageMoveRefused,
    MessageUnknown,
    RecipientRefused,
)
from backhaul.domain.notify.model import Message, MessageId, Rendered, Status, TransferLetter
from backhaul.domain.notify.operations import decide
from backhaul.domain.notify.ports import Mail, Mailer
from backhaul.domain.notify.queries import get_message, list_messages
from backhaul.domain.notify.recipients import parse_recipient

__all__ = [
    "Mail",
    "MailRefused",
    "MailUnavailable",
    "Mailer",
    "Message",
    "MessageId",
    "MessageMoveRefused",
    "MessageUnknown",
    "RecipientRefused",
    "Rendered",
    "Status",
    "TransferLetter",
    "decide",
    "get_message",
    "list_messages",
    "parse_recipient",
]
