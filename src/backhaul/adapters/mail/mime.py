"""A mail as bytes: RFC 5322 with a plain and an HTML body. The same mail always gives the same bytes."""

import hashlib
import re
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from backhaul.domain.notify import Mail, MailRefused

_MESSAGE_ID = re.compile(r"<([A-Za-z0-9][A-Za-z0-9._-]{0,99})@([A-Za-z0-9.-]{1,100})>")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")


def message_name(mail: Mail) -> str:
    """Return the Message-ID's left side, which is fit for a file's name; refuses any other."""
    found = _MESSAGE_ID.fullmatch(mail.message_id)
    if found is None:
        raise MailRefused(reason="its Message-ID is not one of ours")
    return found[1]


def sender_address(written: str) -> str:
    """Return the bare address of a setting such as `Backhaul <box@example.com>`; raises when there is none.

    Its name is not used: each mail brings the name of the organization it is written for.
    """
    address = parseaddr(written)[1]
    if not written.isprintable() or not address.isascii() or not re.fullmatch(r"[^@ ]+@[^@ ]+", address):
        raise ValueError(f"{written!r} is not an address to send mail from")
    return address


def build(mail: Mail, *, sender: str) -> EmailMessage:
    """Return the mail from the address `sender`; refuses header values that hold more than one line."""
    name = message_name(mail)
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = _address("sender", sender, name=_line("sender's name", mail.sender_name))
        message["To"] = _address("recipient", mail.to)
        if mail.reply_to is not None:
            message["Reply-To"] = _address("reply address", mail.reply_to)
        message["Subject"] = _line("subject", mail.subject)
        message["Date"] = mail.dated
        message["Message-ID"] = mail.message_id
        for header, value in mail.headers:
            if not _HEADER_NAME.fullmatch(header):
                raise MailRefused(reason=f"{header!r} is no header name")
            message[header] = _line(header, value)
    except (ValueError, IndexError, MessageError) as error:  # the parser's answers to an unreadable address
        raise MailRefused(reason=f"a header cannot be written: {error}") from error
    # Quoted-printable is 7 bit and readable: it passes every server, and a person can read the file.
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    # The library's own boundary is random; ours is the same on every attempt.
    message.set_boundary(f"backhaul-{hashlib.sha256(name.encode()).hexdigest()[:32]}")
    return message


def _address(what: str, written: str, *, name: str = "") -> Address:
    address = Address(display_name=name, addr_spec=_line(what, written))
    if not (address.username and address.domain and written.isascii()):
        raise MailRefused(reason=f"the {what} is not a mail address")
    return address


def _line(what: str, value: str) -> str:
    if not value or any(_breaks(sign) for sign in value):
        raise MailRefused(reason=f"the {what} is empty or holds a line end or control character")
    return value


def _breaks(sign: str) -> bool:
    return sign < " " or sign == "\x7f" or sign in "\x85\u2028\u2029" or "\ud800" <= sign <= "\udfff"
