"""backhaul key …"""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from backhaul.cli.listing import Listing
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.identity import (
    ApiKeyId,
    Right,
    create_api_key,
    get_user,
    list_api_keys,
    revoke_api_key,
    rotate_signing_key,
)

app = typer.Typer(no_args_is_help=True)


@app.command()
def create(
    org: Org,
    user: Annotated[str, typer.Option("--user", help="E-mail of the member the key belongs to.")],
    name: Annotated[str, typer.Option("--name", help="What the key is for.")] = "command line",
    scope: Annotated[
        list[Right] | None, typer.Option("--scope", help="Rights; default: all of the user's.")
    ] = None,
    network: Annotated[list[str] | None, typer.Option("--network", help="CIDR it may be used from.")] = None,
    days: Annotated[int | None, typer.Option("--days", help="Valid for so many days.", min=1)] = None,
    data_dir: DataDir = None,
) -> None:
    """Make an API key and print it: it is shown this once."""

    async def work(session: Session) -> None:
        now = session.clock.now()
        owner = await get_user(session.db, email=user)
        _, secret = await create_api_key(
            session.db,
            actor=await session.operator_in(org),
            user_id=owner.id,
            name=name,
            scopes=scope or (),
            allowed_networks=network or (),
            expires_at=None if days is None else now + timedelta(days=days),
            now=now,
        )
        print(secret)

    run(data_dir, work)


@app.command("list")
def list_all(org: Org, data_dir: DataDir = None) -> None:
    """List an organization's keys, without their secrets."""

    async def work(session: Session) -> None:
        table = Listing("prefix", "name", "created", "last used", "expires", "revoked", "id")
        for key in await list_api_keys(session.db, actor=await session.operator_in(org)):
            moments = (key.created_at, key.last_used_at, key.expires_at, key.revoked_at)
            shown = ("–" if at is None else f"{at:%Y-%m-%d %H:%M}" for at in moments)
            table.add_row(key.prefix, key.name, *shown, str(key.id))
        table.show()

    run(data_dir, work)


@app.command()
def revoke(org: Org, key_id: UUID, data_dir: DataDir = None) -> None:
    """Revoke a key; running servers refuse it within a second."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        key = await revoke_api_key(session.db, actor=actor, key_id=ApiKeyId(key_id), now=session.clock.now())
        print(f"{key.name} ({key.prefix}…) is revoked.")

    run(data_dir, work)


@app.command("rotate-signing")
def rotate_signing(
    end_sessions: Annotated[
        bool,
        typer.Option("--end-sessions", help="After a leak: forget the former keys, and sign everybody out."),
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Sign access tokens with a new key; those already given out go on working."""

    async def work(session: Session) -> None:
        key_id = await rotate_signing_key(
            session.db, actor=session.operator, now=session.clock.now(), ends_sessions=end_sessions
        )
        print(f"Tokens are signed with the key {key_id} from now on.")
        if end_sessions:
            print("Everybody who had signed in has to sign in again.")

    run(data_dir, work)
