"""What people and scripts try the demo out with."""

import contextlib
import os
import secrets
from datetime import datetime
from pathlib import Path

import msgspec

from backhaul.domain.identity import (
    OPERATOR_ORG_ID,
    Actor,
    Role,
    add_member,
    create_api_key,
    create_user,
    find_user,
    set_password,
    system_actor,
)
from backhaul.domain.identity.clients import add_client
from backhaul.domain.identity.errors import AlreadyMember
from backhaul.kernel.clock import SystemClock
from backhaul.kernel.ids import UserId
from backhaul.storage.database import Database

OPERATOR_EMAIL = "operator@demo.example"
CLIENT_SCOPES = ["returns", "billing", "read_webhooks", "write_webhooks"]
MOST_CLIENTS = 100  # runs that were cut short have left some, whose secrets nobody knows


class Credentials(msgspec.Struct, frozen=True):
    """What `--demo` leaves in the data directory, for people and scripts that try it out."""

    base_url: str
    reready_token: str
    unduit_email: str
    unduit_password: str
    operator_email: str
    operator_password: str
    boxc_client_id: str
    boxc_client_secret: str


async def give_credentials(db: Database, owner: Actor, *, base_url: str) -> Credentials:
    """Return one of each kind of credentials, new every time: nobody knows the secrets of a run cut short."""
    now = SystemClock().now()
    _, secret = await create_api_key(db, actor=owner, user_id=owner.user_id, name="Demo", now=now)
    operator = system_actor(OPERATOR_ORG_ID)
    assert owner.user_id is not None
    assert owner.user_email is not None
    client, client_secret = await add_client(
        db,
        actor=owner,
        user_id=owner.user_id,
        name="Demo",
        scopes=CLIENT_SCOPES,
        redirect_uris=[],
        most=MOST_CLIENTS,
        now=now,
    )
    unduit_password = await _give_password(db, owner.user_id, now=now)
    user = await find_user(db, email=OPERATOR_EMAIL)
    if user is None:
        user = await create_user(db, actor=operator, email=OPERATOR_EMAIL, name="Demo operator", now=now)
    with contextlib.suppress(AlreadyMember):
        await add_member(db, actor=operator, user_id=user.id, role=Role.OPERATOR, now=now)
    operator_password = await _give_password(db, user.id, now=now)
    return Credentials(
        base_url=base_url,
        reready_token=secret,
        unduit_email=owner.user_email,
        unduit_password=unduit_password,
        operator_email=OPERATOR_EMAIL,
        operator_password=operator_password,
        boxc_client_id=client.client_id,
        boxc_client_secret=client_secret,
    )


async def _give_password(db: Database, user_id: UserId, *, now: datetime) -> str:
    password = secrets.token_urlsafe(15)
    actor = system_actor(OPERATOR_ORG_ID)
    await set_password(db, actor=actor, user_id=user_id, password=password, now=now)
    return password


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads; it appears complete or not at all."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)
