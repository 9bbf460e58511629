"""backhaul user …"""

from typing import Annotated

import typer

from backhaul.cli.listing import Listing
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.identity import (
    Role,
    add_member,
    create_user,
    disable_user,
    enable_user,
    find_user,
    get_user,
    list_members,
    remove_member,
    set_password,
    set_role,
)

app = typer.Typer(no_args_is_help=True)
Email = Annotated[str, typer.Argument(help="The account's e-mail address.")]
RoleOption = Annotated[Role, typer.Option("--role")]


@app.command()
def add(
    email: Email,
    org: Org,
    role: RoleOption = Role.MEMBER,
    name: Annotated[str | None, typer.Option(help="Needed for a new account.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Bring an account into an organization; an account that does not exist is created."""

    async def work(session: Session) -> None:
        now = session.clock.now()
        actor = await session.operator_in(org)
        user = await find_user(session.db, email=email)
        if user is None:
            user = await create_user(
                session.db, actor=session.operator, email=email, name=name or email.split("@")[0], now=now
            )
        await add_member(session.db, actor=actor, user_id=user.id, role=role, now=now)
        print(f"{user.email} is {role.value} of {org}.")

    run(data_dir, work)


@app.command("list")
def list_all(org: Org, data_dir: DataDir = None) -> None:
    """List an organization's members."""

    async def work(session: Session) -> None:
        table = Listing("e-mail", "name", "role", "enabled")
        for member in await list_members(session.db, actor=await session.operator_in(org)):
            enabled = "yes" if member.is_enabled else "no"
            table.add_row(member.email, member.name, member.role.value, enabled)
        table.show()

    run(data_dir, work)


@app.command()
def role(email: Email, org: Org, new: Annotated[Role, typer.Argument()], data_dir: DataDir = None) -> None:
    """Give a member another role."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        user = await get_user(session.db, email=email)
        await set_role(session.db, actor=actor, user_id=user.id, role=new, now=session.clock.now())
        print(f"{user.email} is {new.value} of {org}.")

    run(data_dir, work)


@app.command()
def remove(email: Email, org: Org, data_dir: DataDir = None) -> None:
    """End a membership and revoke the member's keys there."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        user = await get_user(session.db, email=email)
        await remove_member(session.db, actor=actor, user_id=user.id, now=session.clock.now())
        print(f"{user.email} is no member of {org} any more.")

    run(data_dir, work)


@app.command()
def password(
    email: Email,
    secret: Annotated[
        str, typer.Option("--password", prompt=True, confirmation_prompt=True, hide_input=True)
    ],
    data_dir: DataDir = None,
) -> None:
    """Set an account's password; it is asked for and not shown."""

    async def work(session: Session) -> None:
        user = await get_user(session.db, email=email)
        now = session.clock.now()
        await set_password(session.db, actor=session.operator, user_id=user.id, password=secret, now=now)
        print(f"{user.email} has a new password.")

    run(data_dir, work)


@app.command()
def disable(email: Email, data_dir: DataDir = None) -> None:
    """Shut an account out everywhere, its keys included."""

    async def work(session: Session) -> None:
        user = await get_user(session.db, email=email)
        await disable_user(session.db, actor=session.operator, user_id=user.id, now=session.clock.now())
        print(f"{user.email} is disabled.")

    run(data_dir, work)


@app.command()
def enable(email: Email, data_dir: DataDir = None) -> None:
    """Let a disabled account back in."""

    async def work(session: Session) -> None:
        user = await get_user(session.db, email=email)
        await enable_user(session.db, actor=session.operator, user_id=user.id, now=session.clock.now())
        print(f"{user.email} is enabled.")

    run(data_dir, work)
