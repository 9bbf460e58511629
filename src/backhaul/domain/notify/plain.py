"""Values that stay in their place: whatever a letter is told, it cannot add a line, a tag or a link of its own."""

import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit

from backhaul.domain.notify.errors import RecipientRefused
from backhaul.domain.notify.recipients import parse_recipient

MAX_VALUE_LENGTH = 200
MAX_NAME_LENGTH = 80  # a name is no place for a message of one's own

_NAMES = frozenset(
    {
        "person_name", "organization_name", "campaign_name", "reader_name", "items", "device_type", "device_make",
        "device_model", "carrier", "inviter_name",
    }
)  # fmt: skip
# They turn the reading direction of what follows; letters are read in their own direction without them.
_DIRECTION_SIGNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_UNPRINTABLE = frozenset({"Cc", "Cs", "Cn", "Co", "Zl", "Zp"})


def plain(name: str, value: Any) -> Any:
    """Return a value that stays in its line: no line ends, control or direction signs, and not too long."""
    if isinstance(value, tuple):
        return tuple(kept for one in value if (kept := plain(name, one)))
    if not isinstance(value, str):
        return value
    if name.endswith("_url"):
        return web_address(value)
    if name.endswith("_email"):
        return mail_address(value)
    visible = _DIRECTION_SIGNS.sub("", value)
    line = "".join(" " if unicodedata.category(sign) in _UNPRINTABLE else sign for sign in visible)
    limit = MAX_NAME_LENGTH if name in _NAMES else MAX_VALUE_LENGTH
    line = " ".join(line.split())
    return (line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…") or None


def web_address(value: str) -> str | None:
    """Return a link that is safe to offer, or None: nothing but http and https is followed from a mail."""
    if not value.isascii() or not value.isprintable() or set(value) & set(" <>\"'\\"):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    is_plain = parts.scheme in {"http", "https"} and parts.hostname and not parts.username
    return value if is_plain else None


def mail_address(value: str) -> str | None:
    """Return an address people can be told to write to, or None."""
    try:
        return parse_recipient(value)
    except RecipientRefused:
        return None
