"""Messages to people: decided once in the transaction that gives the reason, sent afterwards by a job.

Not here: when somebody is written to (that belongs to transfers, recovery and the rest), nor how mail and text messages
travel (adapters). Start with `model`, then `operations.deciding`; the words themselves are in `templates/en`, and which
letters there are in `catalog`.
"""

from backhaul.domain.notify.catalog import Template, preview, sample, templates
from backhaul.domain.notify.errors import (
    ChannelMissing,
    LetterUnknown,
    MailRefused,
    MailUnavailable,
    MailUnknown,
    MessageMoveRefused,
    MessageUnknown,
    PhoneRefused,
    RecipientRefused,
    TextRefused,
    TextUnavailable,
)
from backhaul.domain.notify.model import (
    Channel,
    Letter,
    MembershipLetter,
    Message,
    MessageId,
    RecoveryLetter,
    Rendered,
    Status,
    TransferLetter,
    WebhookLetter,
)
from backhaul.domain.notify.operations import decide, send_test
from backhaul.domain.notify.ports import (
    KeptMail,
    Mail,
    Mailbox,
    Mailboxes,
    Mailer,
    OpenedMail,
    Text,
    Texter,
)
from backhaul.domain.notify.queries import get_message, list_messages
from backhaul.domain.notify.recipients import parse_phone, parse_recipient

__all__ = [
    "Channel",
    "ChannelMissing",
    "KeptMail",
    "Letter",
    "LetterUnknown",
    "Mail",
    "MailRefused",
    "MailUnavailable",
    "MailUnknown",
    "Mailbox",
    "Mailboxes",
    "Mailer",
    "MembershipLetter",
    "Message",
    "MessageId",
    "MessageMoveRefused",
    "MessageUnknown",
    "OpenedMail",
    "PhoneRefused",
    "RecipientRefused",
    "RecoveryLetter",
    "Rendered",
    "Status",
    "Template",
    "Text",
    "TextRefused",
    "TextUnavailable",
    "Texter",
    "TransferLetter",
    "WebhookLetter",
    "decide",
    "get_message",
    "list_messages",
    "parse_phone",
    "parse_recipient",
    "preview",
    "sample",
    "send_test",
    "templates",
]
