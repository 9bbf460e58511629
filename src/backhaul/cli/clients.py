"""backhaul client …"""

from typing import Annotated

import typer

from backhaul.cli.listing import Listing
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.identity import get_user
from backhaul.domain.identity.clients import (
    add_client,
    disable_client,
    list_clients,
    rotate_client_secret,
    rotate_client_signing_key,
)

app = typer.Typer(no_args_is_help=True)
ClientArgument = Annotated[str, typer.Argument(help="The client id that it shows.")]


@app.command()
def add(
    org: Org,
    user: Annotated[str, typer.Option("--user", help="E-mail of the member it acts for.")],
    name: Annotated[str, typer.Option("--name", help="What people see when they are asked to agree.")],
    scope: Annotated[list[str], typer.Option("--scope", help="What it may ask for, for example returns.")],
    redirect: Annotated[
        list[str] | None, typer.Option("--redirect", help="Where people are sent back to; compared exactly.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Add an OAuth client; print its id and its secret, which is shown this once."""

    async def work(session: Session) -> None:
        owner = await get_user(session.db, email=user)
        client, secret = await add_client(
            session.db,
            actor=await session.operator_in(org),
            user_id=owner.id,
            name=name,
            scopes=scope,
            redirect_uris=redirect or (),
            most=session.settings.identity.clients_per_account,
            now=session.clock.now(),
        )
        print(f"client_id {client.client_id}\nclient_secret {secret}")

    run(data_dir, work)


@app.command("list")
def list_all(org: Org, data_dir: DataDir = None) -> None:
    """List an organization's clients, without their secrets."""

    async def work(session: Session) -> None:
        table = Listing("client id", "name", "scopes", "redirects", "created", "disabled")
        for client in await list_clients(session.db, actor=await session.operator_in(org)):
            moments = (client.created_at, client.disabled_at)
            shown = ("–" if at is None else f"{at:%Y-%m-%d %H:%M}" for at in moments)
            redirects = " ".join(client.redirect_uris) or "–"
            table.add_row(client.client_id, client.name, " ".join(client.scopes), redirects, *shown)
        table.show()

    run(data_dir, work)


@app.command()
def rotate(org: Org, client_id: ClientArgument, data_dir: DataDir = None) -> None:
    """Give a client another secret and print it; the former one ends, tokens stay valid."""

    async def work(session: Session) -> None:
        _, secret = await rotate_client_secret(
            session.db,
            actor=await session.operator_in(org),
            client_id=client_id,
            now=session.clock.now(),
        )
        print(f"client_secret {secret}")

    run(data_dir, work)


@app.command()
def disable(org: Org, client_id: ClientArgument, data_dir: DataDir = None) -> None:
    """Disable a client; running servers refuse it and its tokens within a second."""

    async def work(session: Session) -> None:
        client = await disable_client(
            session.db,
            actor=await session.operator_in(org),
            client_id=client_id,
            now=session.clock.now(),
        )
        print(f"{client.name} ({client.client_id}) is disabled.")

    run(data_dir, work)


@app.command("rotate-keys")
def rotate_keys(
    end_tokens: Annotated[
        bool,
        typer.Option("--end-tokens", help="After a leak: believe no token of before any more."),
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Sign clients' tokens with a new key; those already given out go on working."""

    async def work(session: Session) -> None:
        key_id = await rotate_client_signing_key(
            session.db, actor=session.operator, now=session.clock.now(), ends_tokens=end_tokens
        )
        print(f"Clients' tokens are signed with the key {key_id} from now on.")
        if end_tokens:
            print("Every client has to ask for a new token.")

    run(data_dir, work)
