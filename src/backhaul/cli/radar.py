"""backhaul radar …: parcels that need somebody."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from backhaul.cli.listing import Before, Limit, Listing, one_line
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain import radar
from backhaul.domain.radar import ExceptionKind, ListedException

app = typer.Typer(no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="As `backhaul radar list` shows it.")]


@app.command("list")
def list_all(
    org: Org,
    kind: Annotated[ExceptionKind | None, typer.Option(help="Only of this kind.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only of this owner, by e-mail address.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Those that are over instead.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Without those somebody takes care of.")] = False,
    before: Before = None,
    limit: Limit = 50,
    data_dir: DataDir = None,
) -> None:
    """List parcels that need somebody, newest first."""

    async def work(session: Session) -> None:
        table = Listing("kind", "leg", "tracking", "since", "due", "state", "owner", "to do", "number")
        actor = await session.operator_in(org)
        found = await radar.list_exceptions(
            session.db,
            actor=actor,
            kind=kind,
            owner=owner,
            is_open=not closed,
            is_acknowledged=False if quiet else None,
            before=before,
            limit=limit,
        )
        for listed in found:
            one = listed.exception
            table.add_row(
                one.kind.value,
                one.leg.value,
                one.tracking_number or "–",
                _minute(one.since),
                _minute(one.due_at),
                _state(listed, session.clock.now()),
                one.owner_email,
                one.suggested_action.value,
                str(one.number),
            )
        table.show()

    run(data_dir, work)


@app.command()
def show(org: Org, exception: Number, data_dir: DataDir = None) -> None:
    """Print one exception: which parcel, whose, and what to do."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        found = await radar.get_exception(session.db, actor=actor, exception=exception)
        one = found.exception
        print(f"{one.number}  {one.kind.value}  {_state(found, session.clock.now())}")
        print(one.suggested_action.sentence)
        print(f"parcel    {one.carrier or 'no carrier'} {one.tracking_number or '–'} ({one.leg.value})")
        print(f"transfer  {one.transfer_id}")
        if found.recovery_code is not None:
            print(f"recovery  {found.recovery_code}")
        print(f"owner     {one.owner_email}")
        print(f"since     {_minute(one.since)}")
        print(f"opened    {_minute(one.opened_at)}")
        print(f"due       {_minute(one.due_at)}")
        if one.acknowledged_at is not None:
            print(f"taken up  {_minute(one.acknowledged_at)} by {one.acknowledged_by}")
        if one.note is not None:
            print(f"note      {one_line(one.note)}")

    run(data_dir, work)


@app.command()
def acknowledge(
    org: Org,
    exception: Number,
    note: Annotated[str | None, typer.Option(help="What is done about it.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Say that somebody takes care of it: it is quiet from now on, or closed when its transfer is over."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        now = session.clock.now()
        after = await radar.acknowledge(session.db, actor=actor, exception=exception, note=note, now=now)
        done = "stays open until its cause goes" if after.closed_at is None else "is closed"
        print(f"Exception {after.number} {done}.")

    run(data_dir, work)


@app.command()
def snooze(
    org: Org,
    exception: Number,
    days: Annotated[int, typer.Option(min=0, help="Come back in so many days; 0 wakes it now.")],
    data_dir: DataDir = None,
) -> None:
    """Put an exception off: nobody needs to look at it before."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        now = session.clock.now()
        if days == 0:
            after = await radar.wake(session.db, actor=actor, exception=exception, now=now)
            print(f"Exception {after.number} needs somebody now.")
            return
        until = now + timedelta(days=days)
        after = await radar.snooze(session.db, actor=actor, exception=exception, until=until, now=now)
        print(f"Exception {after.number} is put off until {_minute(until)}.")

    run(data_dir, work)


@app.command()
def assign(
    org: Org,
    exception: Number,
    owner: Annotated[str, typer.Argument(help="E-mail address of a member.")],
    data_dir: DataDir = None,
) -> None:
    """Give an exception another owner."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        now = session.clock.now()
        after = await radar.assign(session.db, actor=actor, exception=exception, owner=owner, now=now)
        print(f"Exception {after.number} is {after.owner_email}'s.")

    run(data_dir, work)


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _state(listed: ListedException, now: datetime) -> str:
    one = listed.exception
    if one.closed_at is not None:
        return f"closed {_minute(one.closed_at)} ({one.closed_because})"
    if one.acknowledged_at is not None:
        return "acknowledged"
    if one.snoozed_until is not None and one.is_snoozed(now):
        return f"snoozed until {_minute(one.snoozed_until)}"
    return "overdue" if one.due_at <= now else "open"
