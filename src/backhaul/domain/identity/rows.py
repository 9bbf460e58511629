"""Rows as models."""

from collections.abc import Mapping
from typing import Any

import msgspec

from backhaul.domain.identity.model import (
    RIGHTS,
    Actor,
    ApiKey,
    ApiKeyId,
    Member,
    Membership,
    Organization,
    Plan,
    Right,
    Role,
    User,
)
from backhaul.domain.identity.tokens import Bearer
from backhaul.kernel.addresses import Address
from backhaul.kernel.ids import OrgId, UserId
from backhaul.storage.author import Author

Row = Mapping[str, Any]

_KNOWN_SCOPES = frozenset(right.value for right in Right)


def organization_from(row: Row) -> Organization:
    address = row["default_address"]
    return Organization(
        id=OrgId(row["org_id"]),
        number=row["number"],
        name=row["name"],
        slug=row["slug"],
        plan=Plan(row["plan"]),
        parent_id=row["parent_id"],
        is_operator=row["is_operator"],
        default_address=None if address is None else msgspec.convert(address, Address),
        created_at=row["created_at"],
        version=row["version"],
    )


def user_from(row: Row) -> User:
    return User(
        id=UserId(row["id"]),
        email=row["email"],
        name=row["name"],
        is_enabled=row["is_enabled"],
        created_at=row["created_at"],
    )


def membership_from(row: Row) -> Membership:
    return Membership(
        org_id=OrgId(row["org_id"]),
        user_id=UserId(row["user_id"]),
        role=Role(row["role"]),
        is_default=row["is_default"],
    )


def member_from(row: Row) -> Member:
    return Member(
        user_id=UserId(row["user_id"]),
        email=row["email"],
        name=row["name"],
        role=Role(row["role"]),
        is_default=row["is_default"],
        is_enabled=row["is_enabled"],
        is_last=row["is_last"],
    )


def bearer_from(row: Row) -> Bearer:
    return Bearer(
        user_number=row["user_number"],
        email=row["user_email"],
        org_number=row["org_number"],
        valid_from=row["valid_from"],
    )


def token_actor_from(row: Row) -> Actor:
    """Return who calls with a token: the person, with everything their role allows."""
    return Actor(
        org_id=OrgId(row["org_id"]),
        plan=Plan(row["plan"]),
        user_id=UserId(row["user_id"]),
        user_email=row["user_email"],
        rights=RIGHTS[Role(row["role"])],
        author=Author(kind="user", id=row["user_id"]),
        org_number=row["org_number"],
    )


def api_key_from(row: Row) -> ApiKey:
    return ApiKey(
        id=ApiKeyId(row["id"]),
        org_id=OrgId(row["org_id"]),
        user_id=UserId(row["user_id"]),
        name=row["name"],
        prefix=row["prefix"],
        scopes=tuple(Right(scope) for scope in row["scopes"] if scope in _KNOWN_SCOPES),
        allowed_networks=tuple(str(network) for network in row["allowed_networks"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        last_used_at=row["last_used_at"],
        revoked_at=row["revoked_at"],
    )
