"""What notify refuses."""

from backhaul.kernel.errors import DomainError, Kind


class RecipientRefused(DomainError):
    """Mail cannot be sent to what was given as an address."""

    code = "notify.recipient_refused"
    kind = Kind.INVALID
    message = "{recipient} is not an e-mail address we can write to: {reason}."


class PhoneRefused(DomainError):
    """Text messages cannot be sent to what was given as a telephone number."""

    code = "notify.phone_refused"
    kind = Kind.INVALID
    message = "{recipient} is not a telephone number we can text: {reason}."


class LetterUnknown(DomainError):
    """There is no such letter."""

    code = "notify.letter_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no letter {template}; `backhaul letter list` names them."


class ChannelMissing(DomainError):
    """The letter is not written for this channel."""

    code = "notify.channel_missing"
    kind = Kind.UNSUPPORTED
    message = "The letter {template} is not written for the channel {channel}; choose another one."


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


class MailUnknown(DomainError):
    """No such mail or text message was kept."""

    code = "notify.mail_unknown"
    kind = Kind.NOT_FOUND
    message = "There is no kept message {name}."


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


class TextRefused(DomainError):
    """The text message was refused for good; sending it again unchanged is useless."""

    code = "notify.text_refused"
    kind = Kind.CONFLICT
    message = "The text message was refused: {reason}"


class TextUnavailable(DomainError):
    """The text message could not be handed over now; the same one may be sent again."""

    code = "notify.text_unavailable"
    kind = Kind.UNAVAILABLE
    message = "The text message cannot be sent at the moment: {reason}"
