"""Whom mail can be sent to: addresses that are plausible, in the one form they are kept in."""

import re
from collections.abc import Iterable

import msgspec

from backhaul.domain.notify.errors import RecipientRefused

MAX_ADDRESS_LENGTH = 254  # RFC 5321 §4.5.3.1.3, without the angle brackets
MAX_LOCAL_LENGTH = 64  # RFC 5321 §4.5.3.1.1

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_SHOWN_LENGTH = 80


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


class Recipient(msgspec.Struct, frozen=True):
    """Somebody to write to, or the reason why that is impossible."""

    address: str  # as it is written to; of a refused one, what can be shown of it
    refusal: str | None


def distinct(addresses: Iterable[str]) -> list[Recipient]:
    """Return each address once, in order: two writers of the same rows then never lock each other out."""
    found: dict[str, Recipient] = {}
    for address in addresses:
        try:
            recipient = Recipient(parse_recipient(address), None)
        except RecipientRefused as refused:
            recipient = Recipient(refused.data["recipient"], refused.text)
        found.setdefault(recipient.address.lower(), recipient)
    return [found[folded] for folded in sorted(found)]


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
    shown = "".join(
        sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in address[:_SHOWN_LENGTH]
    )
    return RecipientRefused(recipient=shown or "(nothing)", reason=reason)
