"""Ids and keys computed from numbers, alike in Python, in Lua and in SQL: nobody has to look anything up.

The last twelve characters of an id are its number in decimal digits, so that `lpad` is all SQL needs.
"""

import hashlib
from enum import StrEnum
from uuid import UUID

DIGITS = 12


class Prefix(StrEnum):
    """What an id begins with, by what it belongs to: all of them proper UUIDs of version 7."""

    ORGANIZATION = "01900000-0000-7000-8000-"
    USER = "01900000-0000-7001-8000-"
    KEY = "01900000-0000-7002-8000-"
    TRANSFER = "01910000-0000-7000-8000-"
    BOX = "01910000-0000-7001-8000-"
    DEVICE = "01910000-0000-7002-8000-"
    CHARGE = "01910000-0000-7003-8000-"
    PRODUCT_TYPE = "01920000-0000-7000-8000-"
    MANUFACTURER = "01920000-0000-7001-8000-"
    MODEL = "01920000-0000-7002-8000-"
    DEPARTMENT = "01920000-0000-7003-8000-"
    LOCATION = "01920000-0000-7004-8000-"
    EMPLOYEE = "01920000-0000-7005-8000-"
    ASSET = "01920000-0000-7006-8000-"
    CAMPAIGN = "01930000-0000-7000-8000-"
    CASE = "01930000-0000-7001-8000-"
    ITEM = "01930000-0000-7002-8000-"
    PARCEL = "01930000-0000-7003-8000-"  # the transfer that carries it
    PARCEL_BOX = "01930000-0000-7004-8000-"
    PARCEL_DEVICE = "01930000-0000-7005-8000-"
    WAREHOUSE = "01940000-0000-7000-8000-"
    INTAKE = "01940000-0000-7001-8000-"
    RETURN = "01940000-0000-7002-8000-"
    RETURN_ITEM = "01940000-0000-7003-8000-"
    RESHIPMENT = "01940000-0000-7004-8000-"
    RESHIPMENT_HOLD = "01940000-0000-7005-8000-"
    RESHIPMENT_PARCEL = "01940000-0000-7006-8000-"
    CLIENT = "01940000-0000-7007-8000-"


def fresh_prefix(position: int) -> str:
    """Return what the ids begin with that pgbench makes, by their place in the request."""
    return f"01990000-0000-70{position:02d}-8000-"


def id_of(prefix: str, number: int) -> UUID:
    """Return the id of what has this number."""
    return UUID(f"{prefix}{number:0{DIGITS}d}")


def id_in_sql(prefix: str, number: str) -> str:
    """Return the same in SQL, for a number that is an expression."""
    return f"('{prefix}' || lpad(({number})::text, {DIGITS}, '0'))::uuid"


def id_in_script(prefix: str, variable: str, *, behind: int = 0) -> str:
    """Return the same as text in a pgbench script, whose variables are texts for PostgreSQL."""
    number = f"({behind} + :{variable})::text" if behind else f":{variable}"
    return f"('{prefix}' || lpad({number}, {DIGITS}, '0'))"


def email_of(organization: int) -> str:
    """Return the address of an organization's user."""
    return f"hr{organization:0{DIGITS}d}@example.com"


def secret_of(organization: int) -> str:
    """Return an API key of the real form; only its randomness is missing."""
    return f"bh_{organization:08d}_{hashlib.sha256(str(organization).encode()).hexdigest()[:43]}"
