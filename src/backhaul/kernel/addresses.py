"""Postal addresses, as every capability and carrier passes them on."""

import re

import msgspec

_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{0,31}")
PHONE_SHAPE = "must be a telephone number of at most 32 digits and signs like +1 (412) 555-0198"


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A postal address as it was given; carriers get it unchanged."""

    name: str | None = None  # organization or person
    attention: str | None = None
    line_1: str
    line_2: str | None = None
    city: str
    state_code: str | None = None
    postal_code: str | None = None
    country_code: str  # ISO 3166-1 alpha-2
    notification_emails: tuple[str, ...] = ()
    phone: str | None = None  # of whoever is there; as it was given


def is_phone(text: str) -> bool:
    """Return whether a text can be a telephone number as people write them."""
    return _PHONE.fullmatch(text) is not None
