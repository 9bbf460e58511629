"""What notify refuses."""

from backhaul.kernel.errors import DomainError, Kind


class RecipientRefused(DomainError):
    """Mail cannot be sent to what was given as an address."""

    code = "notify.recipient_refused"
    kind = Kind.INVALID
    message = "{recipient} is not an e-mail address we can write to: {reason}."


class MessageUnknown(DomainError):
    """No such message in this organization."""

    code = "notify.message_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no message {message_id}."


class MessageMoveRefused(DomainError):
    """The message's status does not allow this action."""

    code = "notify.move_refused"
    kind = Kind.CONFLICT
    message = "The message is {status}; it cannot {action} now."


class MailRefused(DomainError):
    """The mail was refused for good; sending it again unchanged is useless."""

    code = "notify.mail_refused"
    kind = Kind.CONFLICT
    message = "The mail was refused: {reason}"


class MailUnavailable(DomainError):
    """The mail could not be handed over now; the same mail may be sent again."""

    code = "notify.mail_unavailable"
    kind = Kind.UNAVAILABLE
    message = "The mail cannot be sent at the moment: {reason}"
