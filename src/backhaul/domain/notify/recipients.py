"""Who can be written to: addresses and telephone numbers that are plausible, in the one form they are kept in."""

import re
from collections.abc import Iterable

import msgspec
import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from backhaul.domain.notify.errors import PhoneRefused, RecipientRefused
from backhaul.domain.notify.model import Channel

MAX_ADDRESS_LENGTH = 254  # RFC 5321 §4.5.3.1.3, without the angle brackets
MAX_LOCAL_LENGTH = 64  # RFC 5321 §4.5.3.1.1

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_SHOWN_LENGTH = 80
_DIALLED = re.compile(r"\+?[0-9 ()./\xa0-]{4,40}")
_TEXTED = frozenset(
    {
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,  # where the two share their numbers: all of North America
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.VOIP,
        PhoneNumberType.UNKNOWN,
    }
)


def parse_recipient(address: str) -> str:
    """Return the address as it is written to (domain in lower-case ASCII), or refuse it by name.

    Only addresses every mail server accepts: no quoted local part, no address literal, nothing outside
    ASCII before the @. Whether somebody reads mail there, only mail can tell.
    """
    trimmed = address.strip(" ")
    if not trimmed.isprintable():
        raise _refusal(address, "it holds control characters")
    local, at, domain = trimmed.partition("@")
    if not at or "@" in domain:
        raise _refusal(address, "it needs exactly one @")
    if len(local) > MAX_LOCAL_LENGTH:
        raise _refusal(address, f"the part before the @ is longer than {MAX_LOCAL_LENGTH} characters")
    if not _LOCAL.fullmatch(local):
        raise _refusal(address, "the part before the @ is empty or holds a character mail does not allow")
    written = f"{local}@{_ascii_domain(address, domain)}"
    if len(written) > MAX_ADDRESS_LENGTH:
        raise _refusal(address, f"it is longer than {MAX_ADDRESS_LENGTH} characters")
    return written


def parse_phone(number: str, *, region: str | None = None) -> str:
    """Return the number as it is texted (E.164), or refuse it by name.

    `region` is the country, an ISO code, in which a number without + is read. Whether a number that can be given out
    belongs to somebody, only a text message can tell; what is no mobile line by its country's plan is refused.
    """
    trimmed = number.strip(" ")
    if not _DIALLED.fullmatch(trimmed):
        raise _phone_refusal(number, "it needs 4 to 40 digits, spaces and signs such as + ( ) . / -")
    if not trimmed.startswith("+") and region is None:
        raise _phone_refusal(number, "without + and a country code nobody knows which country it is in")
    try:
        parsed = phonenumbers.parse(trimmed, region and region.upper())
    except phonenumbers.NumberParseException:
        raise _phone_refusal(number, "no country has such a number") from None
    if not phonenumbers.is_valid_number(parsed):
        raise _phone_refusal(number, "no country has such a number")
    if phonenumbers.number_type(parsed) not in _TEXTED:
        raise _phone_refusal(number, "its country does not use it for mobile telephones")
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


class Recipient(msgspec.Struct, frozen=True):
    """Somebody to write to, or the reason why that is impossible."""

    address: str  # or number, as it is written to; of a refused one, what can be shown of it
    refusal: str | None


def distinct(
    addresses: Iterable[str], *, channel: Channel = Channel.EMAIL, region: str | None = None
) -> list[Recipient]:
    """Return each address once, in order: two writers of the same rows then never lock each other out."""
    found: dict[str, Recipient] = {}
    for address in addresses:
        try:
            recipient = Recipient(parse(address, channel=channel, region=region), None)
        except (RecipientRefused, PhoneRefused) as refused:
            recipient = Recipient(refused.data["recipient"], refused.text)
        found.setdefault(recipient.address.lower(), recipient)
    return [found[folded] for folded in sorted(found)]


def parse(address: str, *, channel: Channel, region: str | None = None) -> str:
    """Return an address or a number, whichever the channel has, or refuse it by name."""
    if channel is Channel.TEXT:
        return parse_phone(address, region=region)
    return parse_recipient(address)


def _ascii_domain(address: str, domain: str) -> str:
    try:
        ascii_domain = domain.lower().encode("idna").decode()
    except UnicodeError:
        raise _refusal(address, "the part after the @ is not a domain name") from None
    labels = ascii_domain.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(map(_LABEL.fullmatch, labels)):  # noqa: PLR2004 -- name.top
        raise _refusal(address, "the part after the @ is not a domain name")
    return ascii_domain


def _refusal(address: str, reason: str) -> RecipientRefused:
    return RecipientRefused(recipient=_shown(address), reason=reason)


def _phone_refusal(number: str, reason: str) -> PhoneRefused:
    return PhoneRefused(recipient=_shown(number), reason=reason)


def _shown(text: str) -> str:
    shown = "".join(
        sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[:_SHOWN_LENGTH]
    )
    return shown or "(nothing)"
