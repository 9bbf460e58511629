"""backhaul campaign preview, contacts, mute, unmute."""

from datetime import datetime
from typing import Annotated

import typer

from backhaul.cli.listing import Listing, one_line
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.recovery import reminding
from backhaul.domain.recovery.contacting import LoggedContact, list_logged
from backhaul.domain.recovery.reminding import Assumptions
from backhaul.domain.recovery.reminding.queries import Preview
from backhaul.kernel.countries import is_country

MAX_DAYS = 3650
LAST_YEAR = 2999

Recovery = Annotated[str, typer.Argument(help="The recovery id or recovery code.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


def add_to(app: typer.Typer) -> None:
    """Add the commands about reminders to those about campaigns."""
    for command in (preview, contacts, mute, unmute):
        app.command()(command)


def preview(
    org: Org,
    number: Annotated[
        str | None, typer.Argument(help="The campaign's number; without one, a ladder's calendar.")
    ] = None,
    ladder: Annotated[
        str | None,
        typer.Option("--ladder", help="Without a campaign; by default the organization's default."),
    ] = None,
    starts: Day = None,
    deadline: Day = None,
    box_after_days: Annotated[
        int, typer.Option("--box-after-days", min=0, max=MAX_DAYS, help="Assumed.")
    ] = 5,
    silent_after_days: Annotated[
        int, typer.Option("--silent-after-days", min=0, max=MAX_DAYS, help="Assumed for the last scan.")
    ] = 10,
    people: Annotated[int, typer.Option("--people", min=1)] = 1,
    country: Annotated[str, typer.Option("--country", help="Where those people are.")] = "US",
    data_dir: DataDir = None,
) -> None:
    """Print a calendar: when who would be written to if nobody sent anything back."""
    if number is not None and (ladder, starts, deadline, country, people) != (None, None, None, "US", 1):
        said = "a campaign has its own ladder, dates and people"
        raise typer.BadParameter(f"{said}: leave out --ladder, --starts, --deadline, --people and --country")
    if not is_country(country.upper()):
        raise typer.BadParameter("a country is two letters, such as US or DE", param_hint="--country")
    if any(day is not None and day.year > LAST_YEAR for day in (starts, deadline)):
        raise typer.BadParameter(
            f"no calendar goes beyond the year {LAST_YEAR}", param_hint="--starts, --deadline"
        )

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        if number is not None:
            _print(
                await reminding.preview_campaign(
                    session.db,
                    actor=actor,
                    campaign_number=number,
                    now=session.clock.now(),
                    box_after_days=box_after_days,
                    silent_after_days=silent_after_days,
                )
            )
            return
        assumptions = Assumptions(
            starts_on=(starts or session.clock.now()).date(),
            box_after_days=box_after_days,
            silent_after_days=silent_after_days,
            deadline_on=deadline and deadline.date(),
        )
        _print(
            await reminding.preview_ladder(
                session.db,
                actor=actor,
                name=ladder,
                assumptions=assumptions,
                country_code=country.upper(),
                people=people,
            )
        )

    run(data_dir, work)


def contacts(
    org: Org,
    case: Recovery,
    page: Annotated[int, typer.Option("--page", min=1)] = 1,
    data_dir: DataDir = None,
) -> None:
    """List everything that was written about a recovery and its parcels, and the reminders left out; newest first."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        found = await list_logged(session.db, actor=actor, case=case, page=page)
        table = Listing(
            "decided at",
            "planned at",
            "kind",
            "letter",
            "channel",
            "parcel",
            "outcome",
            "subject",
            "recipient",
        )
        for one in found:
            step = one.reminder
            table.add_row(
                f"{one.at:%Y-%m-%d %H:%M}",
                "–" if step is None else f"{step.planned_at:%Y-%m-%d %H:%M}",
                "letter" if step is None else f"reminder to {step.audience.value}",
                one.template if step is None else step.step,
                one.channel.value,
                "–" if one.position is None else str(one.position),
                _outcome(one),
                one_line(one.subject or "–"),
                one.recipient or "–",
            )
        table.show()

    run(data_dir, work)


def _outcome(one: LoggedContact) -> str:
    if one.status is not None:
        return one.status.value if one.failure is None else f"{one.status.value}: {one_line(one.failure)}"
    assert one.reminder is not None
    step = one.reminder
    return step.outcome.value if step.reason is None else f"{step.outcome.value}: {step.reason.value}"


def mute(org: Org, case: Recovery, data_dir: DataDir = None) -> None:
    """Send no more reminders about a recovery."""
    _switch(org, case, data_dir, is_muted=True)


def unmute(org: Org, case: Recovery, data_dir: DataDir = None) -> None:
    """Send reminders about a recovery again. What fell due meanwhile stays passed over."""
    _switch(org, case, data_dir, is_muted=False)


def _switch(org: str, case: str, data_dir: DataDir, *, is_muted: bool) -> None:
    async def work(session: Session) -> None:
        actor, now = await session.operator_in(org), session.clock.now()
        done = await reminding.mute_case(session.db, actor=actor, case=case, is_muted=is_muted, now=now)
        print(f"Recovery {done.public_number} is {'muted' if is_muted else 'not muted'}.")

    run(data_dir, work)


def _print(found: Preview) -> None:
    assumed = found.assumptions
    opened = "cases opened" if found.opened_count == 0 else "cases not opened yet are opened"
    deadline = "no deadline" if assumed.deadline_on is None else f"deadline {assumed.deadline_on}"
    print(
        f"Ladder {found.ladder}: {opened} {assumed.starts_on}, boxes there after {assumed.box_after_days} days, "
        f"last scan after {assumed.silent_after_days} days, {deadline}. Everybody is invited as their case is opened, "
        "and told about each box and label as it travels; these are reminders."
    )
    table = Listing(
        "local time",
        "zone",
        "UTC",
        "counted from",
        "days",
        "channel",
        "audience",
        "template",
        "people",
        "step",
    )
    for one in found.contacts:
        table.add_row(
            f"{one.local:%a %Y-%m-%d %H:%M}",
            one.zone_name,
            f"{one.at:%Y-%m-%d %H:%M}",
            f"{one.step.anchor.value} {one.anchor_on}",
            f"{one.step.offset_days:+d}",
            one.step.channel.value,
            one.step.audience.value,
            one.step.template,
            str(one.people),
            one.step.name,
        )
    table.show()
