"""backhaul hold …: placing legal holds, and releasing them by two people."""

from typing import Annotated

import typer

from backhaul.cli.listing import Before, Limit, Listing, one_line
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain import holds, recovery
from backhaul.domain.holds import NewSubject, Release, Subject, SubjectKind

app = typer.Typer(no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="As `backhaul hold list` shows it.")]
Ticket = Annotated[int, typer.Argument(help="As `backhaul hold show` shows it.")]
Summary = Annotated[str, typer.Option(help="Why, in a line.")]
Description = Annotated[str, typer.Option(help="Why, in full.")]


@app.command()
def place(
    org: Org,
    summary: Summary,
    description: Description,
    asset: Annotated[list[str] | None, typer.Option(help="A serial number; repeatable.")] = None,
    employee: Annotated[
        list[str] | None,
        typer.Option(help="An e-mail address: held with every device they have; repeatable."),
    ] = None,
    case: Annotated[list[str] | None, typer.Option(help="A recovery's id or code; repeatable.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Place a legal hold; its devices cannot be deployed from this moment on."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        # Holds know no recoveries: a mistyped one would be held in name only.
        found = [await recovery.get_case(session.db, actor=actor, ref=ref.strip()) for ref in case or ()]
        named = {
            SubjectKind.ASSET: asset,
            SubjectKind.EMPLOYEE: employee,
            SubjectKind.CASE: [one.detail.case.public_number for one in found],
        }
        subjects = [NewSubject(kind=kind, name=name) for kind, names in named.items() for name in names or ()]
        hold = await holds.place_hold(
            session.db,
            actor=actor,
            summary=summary,
            description=description,
            subjects=subjects,
            now=session.clock.now(),
        )
        print(f"{hold.number}  {hold.ticket}: {hold.summary}")

    run(data_dir, work)


@app.command("list")
def list_all(
    org: Org,
    before: Before = None,
    limit: Limit = 50,
    data_dir: DataDir = None,
) -> None:
    """List holds, newest first, those that are over included."""

    async def work(session: Session) -> None:
        table = Listing("status", "held", "placed", "summary", "number")
        actor = await session.operator_in(org)
        for listed in await holds.list_holds(session.db, actor=actor, before=before, limit=limit):
            table.add_row(
                "active" if listed.active_count else "released",
                str(listed.active_count),
                f"{listed.hold.placed_at:%Y-%m-%d %H:%M}",
                one_line(listed.hold.summary),
                str(listed.hold.number),
            )
        table.show()

    run(data_dir, work)


@app.command()
def show(org: Org, hold: Number, data_dir: DataDir = None) -> None:
    """Print a hold: what it covers, and who asked for its release."""

    async def work(session: Session) -> None:
        found = await holds.get_hold(session.db, actor=await session.operator_in(org), hold=hold)
        print(
            f"{found.hold.ticket}  {one_line(found.hold.summary)}  placed {found.hold.placed_at:%Y-%m-%d %H:%M}"
        )
        print(found.hold.description)
        table = Listing("kind", "what", "held since", "released", "release")
        for one in found.subjects:
            table.add_row(
                one.kind.value,
                _what(one),
                f"{one.held_at:%Y-%m-%d %H:%M}",
                "–" if one.released_at is None else f"{one.released_at:%Y-%m-%d %H:%M}",
                "–" if one.release_number is None else str(one.release_number),
            )
        table.show()
        for release in found.releases:
            print(_sentence(release))

    run(data_dir, work)


@app.command("request-release")
def request_release(
    org: Org,
    hold: Number,
    summary: Summary,
    description: Description,
    serial: Annotated[str | None, typer.Option(help="Only this device of it.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Ask for the release of a hold, or of one of its devices; another person has to approve."""

    async def work(session: Session) -> None:
        release, is_new = await holds.request_release(
            session.db,
            actor=await session.operator_in(org),
            hold=hold,
            serial_number=serial,
            summary=summary,
            description=description,
            now=session.clock.now(),
        )
        asked = "waits for another person's approval" if is_new else "was asked for before"
        print(f"{release.number}  {release.ticket} {asked}.")

    run(data_dir, work)


@app.command()
def approve(
    org: Org,
    release: Ticket,
    data_dir: DataDir = None,
) -> None:
    """Approve a release that another person asked for. The command line's operator counts as one person."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        done = await holds.approve_release(session.db, actor=actor, release=release, now=session.clock.now())
        print(f"{done.ticket} is approved.")

    run(data_dir, work)


@app.command()
def refuse(
    org: Org,
    release: Ticket,
    reason: Annotated[str, typer.Option(help="Why the hold goes on.")],
    data_dir: DataDir = None,
) -> None:
    """Refuse a release that another person asked for; the hold goes on."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        done = await holds.refuse_release(
            session.db, actor=actor, release=release, reason=reason, now=session.clock.now()
        )
        print(f"{done.ticket} is refused.")

    run(data_dir, work)


@app.command()
def withdraw(
    org: Org,
    release: Ticket,
    reason: Annotated[str, typer.Option(help="Why the release is not wanted any more.")],
    data_dir: DataDir = None,
) -> None:
    """Withdraw a release that you asked for yourself; the hold goes on."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        done = await holds.withdraw_release(
            session.db, actor=actor, release=release, reason=reason, now=session.clock.now()
        )
        print(f"{done.ticket} is withdrawn.")

    run(data_dir, work)


def _what(one: Subject) -> str:
    return one.serial_number or one.case_number or str(one.employee_id)


def _sentence(release: Release) -> str:
    asked = f"{release.ticket}  asked for {release.requested_at:%Y-%m-%d %H:%M} by {release.requested_by}"
    if release.ended_at is not None:
        return (
            f"{asked}, {release.status.value} {release.ended_at:%Y-%m-%d %H:%M} by {release.ended_by}: "
            f"{one_line(release.ended_reason or '')}"
        )
    if release.approved_at is None:
        return f"{asked}, waits for another person: backhaul hold approve {release.number}"
    return f"{asked}, approved {release.approved_at:%Y-%m-%d %H:%M} by {release.approved_by}"
