"""backhaul ladder …"""

import json
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from backhaul.cli.listing import Listing
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain import ladders
from backhaul.domain.identity import Actor
from backhaul.domain.ladders import BUILT_IN, BUILT_IN_NAME, Policy
from backhaul.kernel.errors import FieldProblem, InvalidInput

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The ladder's name.")]
File = Annotated[
    Path,
    typer.Argument(help="What `backhaul ladder show` prints, as TOML or JSON.", exists=True, dir_okay=False),
]


@app.command("list")
def list_all(org: Org, data_dir: DataDir = None) -> None:
    """List an organization's reminder ladders. Campaigns that name none get the default."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        found = await ladders.list_ladders(session.db, actor=actor)
        table = Listing("default", "version", "steps", "quiet hours", "weekends", "name")
        has_default = any(ladder.is_default for ladder in found)
        rows = [(ladder.is_default, ladder.version, ladder.policy, ladder.name) for ladder in found]
        for is_default, version, policy, name in [(not has_default, 0, BUILT_IN, BUILT_IN_NAME), *rows]:
            table.add_row(
                "yes" if is_default else "no",
                str(version),
                str(len(policy.steps)),
                _quiet(policy),
                policy.weekends.value,
                name,
            )
        table.show()

    run(data_dir, work)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="The ladder's name.")] = BUILT_IN_NAME,
    org: Annotated[str | None, typer.Option("--org", help="Not needed for the built-in ladder.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Print a ladder as TOML: the built-in one to start from, or one of an organization."""
    if name.strip().lower() == BUILT_IN_NAME:
        typer.echo(ladders.write_toml(BUILT_IN), nl=False)
        return
    if org is None:
        raise typer.BadParameter("needed for a ladder of an organization", param_hint="--org")

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        found = await ladders.get_ladder(session.db, actor=actor, name=name)
        typer.echo(f"# {found.name}, version {found.version}")
        typer.echo(ladders.write_toml(found.policy), nl=False)

    run(data_dir, work)


@app.command()
def add(name: Name, file: File, org: Org, data_dir: DataDir = None) -> None:
    """Make a ladder of what a file says."""
    policy = _read(file)

    async def work(session: Session) -> None:
        actor, now = await session.operator_in(org), session.clock.now()
        made = await ladders.create_ladder(session.db, actor=actor, name=name, policy=policy, now=now)
        print(f"{made.name} has {len(policy.steps)} steps.")

    run(data_dir, work)


@app.command()
def change(
    name: Name,
    file: File,
    org: Org,
    version: Annotated[int, typer.Option("--version", help="The one you looked at: `ladder show` says it.")],
    new_name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Give a ladder other steps. Running campaigns follow it: steps not yet taken are the new ones."""
    policy = _read(file)

    async def work(session: Session) -> None:
        changed = await ladders.change_ladder(
            session.db,
            actor=await session.operator_in(org),
            name=name,
            version=version,
            policy=policy,
            now=session.clock.now(),
            new_name=new_name,
        )
        print(f"{changed.name} has version {changed.version}.")

    run(data_dir, work)


@app.command()
def default(
    name: Annotated[str, typer.Argument(help=f"A ladder's name, or {BUILT_IN_NAME}.")],
    org: Org,
    data_dir: DataDir = None,
) -> None:
    """Choose the ladder of campaigns that name none. Campaigns that are there keep theirs."""

    async def work(session: Session) -> None:
        actor: Actor = await session.operator_in(org)
        chosen = await ladders.choose_default(session.db, actor=actor, name=name, now=session.clock.now())
        print(f"New campaigns of {org} follow {BUILT_IN_NAME if chosen is None else chosen.name}.")

    run(data_dir, work)


def _read(file: Path) -> Policy:
    """Return the policy a file holds, or refuse it."""
    try:
        text = file.read_text(encoding="utf-8")
        document: Any = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except ValueError as error:
        problem = FieldProblem("file", "ladder.file_unreadable", f"must be TOML or JSON in UTF-8: {error}")
        raise InvalidInput([problem]) from error
    if not isinstance(document, dict):
        raise InvalidInput([FieldProblem("file", "ladder.not_a_table", "must be a table")])
    return ladders.read_policy(document)


def _quiet(policy: Policy) -> str:
    hours = policy.quiet_hours
    return "–" if hours is None else f"{hours.start:%H:%M}–{hours.end:%H:%M}"
