"""backhaul shipment …: scans by hand, for carriers without tracking."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.shipping.model import ShipmentId, Tracking
from backhaul.domain.shipping.operations import record_scan, replace_tracking_number

app = typer.Typer(no_args_is_help=True)
Id = Annotated[UUID, typer.Argument(help="The shipment's id.")]


@app.command()
def scan(
    org: Org,
    shipment_id: Id,
    status: Tracking,
    text: Annotated[str, typer.Option()] = "Recorded by hand",
    at: Annotated[datetime | None, typer.Option(help="UTC; default: now.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Record what a carrier reported."""

    async def work(session: Session) -> None:
        now = session.clock.now()
        moved = await record_scan(
            session.db,
            actor=await session.operator_in(org),
            shipment_id=ShipmentId(shipment_id),
            status=status,
            text=text,
            happened_at=now if at is None else at.replace(tzinfo=UTC),
            now=now,
        )
        print(f"The parcel is {moved.status.value}.")

    run(data_dir, work)


@app.command()
def number(
    org: Org,
    shipment_id: Id,
    tracking_number: str,
    url: Annotated[str | None, typer.Option()] = None,
    data_dir: DataDir = None,
) -> None:
    """Enter the tracking number of a label that was bought elsewhere."""

    async def work(session: Session) -> None:
        await replace_tracking_number(
            session.db,
            actor=await session.operator_in(org),
            shipment_id=ShipmentId(shipment_id),
            tracking_number=tracking_number,
            tracking_url=url,
            now=session.clock.now(),
        )
        print("The number is kept.")

    run(data_dir, work)
