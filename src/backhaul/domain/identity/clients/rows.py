"""Rows as models."""

from collections.abc import Mapping
from typing import Any

from backhaul.domain.identity.clients.model import (
    Client,
    ClientCaller,
    ClientId,
    Grant,
    KnownClient,
    rights_within,
)
from backhaul.domain.identity.model import Actor, Plan, Role
from backhaul.kernel.ids import OrgId, UserId
from backhaul.storage.author import Author

Row = Mapping[str, Any]


def client_from(row: Row) -> Client:
    return Client(
        id=ClientId(row["id"]),
        org_id=OrgId(row["org_id"]),
        user_id=UserId(row["user_id"]),
        name=row["name"],
        client_id=row["client_id"],
        redirect_uris=tuple(row["redirect_uris"]),
        scopes=tuple(row["scopes"]),
        created_at=row["created_at"],
        secret_made_at=row["secret_made_at"],
        disabled_at=row["disabled_at"],
    )


def known_client_from(row: Row) -> KnownClient:
    return KnownClient(
        id=ClientId(row["id"]),
        org_id=OrgId(row["org_id"]),
        org_name=row["org_name"],
        name=row["name"],
        client_id=row["client_id"],
        secret_hash=row["secret_hash"],
        secret_made_at=row["secret_made_at"],
        redirect_uris=tuple(row["redirect_uris"]),
        scopes=tuple(row["scopes"]),
        user_id=UserId(row["user_id"]),
        user_number=row["user_number"],
    )


def grant_from(row: Row) -> Grant:
    return Grant(
        client_id=ClientId(row["client_id"]),
        user_id=UserId(row["user_id"]),
        user_number=row["user_number"],
        redirect_uri=row["redirect_uri"],
        scopes=tuple(row["scopes"]),
        nonce=row["nonce"],
        code_challenge=row["code_challenge"],
        expires_at=row["expires_at"],
        used_at=row["used_at"],
    )


def caller_from(row: Row) -> ClientCaller:
    client_id = ClientId(row["client_id"])
    actor = Actor(
        org_id=OrgId(row["org_id"]),
        plan=Plan(row["plan"]),
        user_id=UserId(row["user_id"]),
        user_email=row["user_email"],
        rights=rights_within(Role(row["role"]), row["scopes"]),
        author=Author(kind="client", id=client_id),
        org_number=row["org_number"],
    )
    return ClientCaller(
        actor=actor,
        user_number=row["user_number"],
        client_id=client_id,
        scopes=frozenset(row["scopes"]),
    )
