"""Postal addresses, as every capability and carrier passes them on."""

import msgspec


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
