"""A browser that somebody is signed in with."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec

from backhaul.domain.identity.model import Actor, Role
from backhaul.kernel.ids import OrgId, UserId


class Theme(StrEnum):
    """How the console looks; `system` follows the computer."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How long sessions last."""

    idle: timedelta = timedelta(hours=12)  # without a request
    lasting: timedelta = timedelta(days=30)  # whatever happens
    second_factor: timedelta = timedelta(minutes=10)  # between the password and the code


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """What a browser says of itself and where it is: so that people recognise their sessions."""

    remote_address: str  # at most 64 characters
    user_agent: str  # at most 200


class Choice(msgspec.Struct, frozen=True):
    """An organization that the person may work in."""

    id: OrgId
    number: int
    name: str


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """An account that may begin a session."""

    user_id: UserId
    email: str
    org_id: OrgId  # the default one
    valid_from: datetime
    has_second_factor: bool


class Browsing(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in, where, and where else they could be."""

    session_id: UUID
    csrf_secret: bytes
    is_second_factor_due: bool  # the password was right; until the code is, they may do nothing
    created_at: datetime
    last_seen_at: datetime
    user_id: UserId
    email: str
    name: str
    theme: Theme
    time_zone: str  # of the IANA database
    has_second_factor: bool
    valid_from: datetime
    actor: Actor
    role: Role
    organization: Choice
    organizations: tuple[Choice, ...]


class NewSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session just begun: the token is for the cookie alone and is not kept."""

    token: str
    expires_at: datetime
    is_second_factor_due: bool


class ListedSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its owner sees it in a list."""

    id: UUID
    org_name: str
    remote_address: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
