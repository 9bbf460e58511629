"""backhaul campaign start."""

from datetime import datetime
from typing import Annotated

import typer

from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.recovery import Campaign, CampaignStatus
from backhaul.domain.recovery.starting import is_waiting, start_campaign

Day = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="By default today, where things are returned to."),
]


def add_to(app: typer.Typer) -> None:
    """Add the command about a campaign's start to those about campaigns."""
    app.command()(start)


def start(
    org: Org,
    number: Annotated[str, typer.Argument(help="The campaign's number.")],
    on: Day = None,
    data_dir: DataDir = None,
) -> None:
    """Start a campaign that waits for its day now, or have it start on another day."""

    async def work(session: Session) -> None:
        actor, now = await session.operator_in(org), session.clock.now()
        campaign = await start_campaign(
            session.db, actor=actor, campaign_number=number, starts_on=on and on.date(), now=now
        )
        if is_waiting(campaign, now):
            print_start(campaign, now)
        else:
            print(f"{campaign.name} has started: whoever waits in it is asked now.")

    run(data_dir, work)


def print_start(campaign: Campaign, now: datetime) -> None:
    """Say when a campaign starts, if that is still to come."""
    if campaign.status is CampaignStatus.ACTIVE and is_waiting(campaign, now):
        print(f"It starts on {campaign.starts_on}: nothing is sent, ordered or written to anybody before.")
