"""backhaul transfer …: what ReReady's API has no call for."""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from backhaul.cli.listing import Listing
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.identity import Right
from backhaul.domain.inventory.model import asset_number
from backhaul.domain.shipping.errors import LabelUnknown
from backhaul.domain.shipping.model import LabelFormat, Leg
from backhaul.domain.shipping.queries import find_of_subject, get_label, list_events
from backhaul.domain.transfers import operations
from backhaul.domain.transfers.model import Status, TransferId
from backhaul.domain.transfers.queries import find_linked_asset, get_detail, list_recent
from backhaul.storage.history import of_subject

app = typer.Typer(no_args_is_help=True)
Id = Annotated[UUID, typer.Argument(help="The transfer's id.")]
Reason = Annotated[str | None, typer.Option("--reason")]


@app.command("list")
def list_all(
    org: Org, status: Annotated[Status | None, typer.Option()] = None, data_dir: DataDir = None
) -> None:
    """List an organization's latest transfers."""

    async def work(session: Session) -> None:
        table = Listing("created", "status", "direction", "person", "device", "ticket", "id")
        for found in await list_recent(session.db, actor=await session.operator_in(org), status=status):
            table.add_row(
                f"{found.created_at:%Y-%m-%d %H:%M}",
                found.status.value,
                found.direction.value,
                found.employee_address.name or "–",
                " ".join(filter(None, (found.device_make, found.device_model))) or found.device_type,
                found.ticket_reference or "–",
                str(found.id),
            )
        table.show()

    run(data_dir, work)


@app.command()
def show(org: Org, transfer_id: Id, data_dir: DataDir = None) -> None:
    """Show a transfer: its asset and who holds it, parcels, payments, history."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        detail = await get_detail(session.db, actor=actor, transfer_id=TransferId(transfer_id))
        scope = actor.scope(Right.TRANSFERS_READ)
        print(
            f"{detail.transfer.direction.value} of a {detail.transfer.device_type}: {detail.transfer.status.value}"
        )
        asset = await find_linked_asset(session.db, actor=actor, transfer_id=TransferId(transfer_id))
        if asset is not None:
            number = asset_number(asset.number, asset.created_at)
            print(f"asset {number}, serial number {asset.serial_number}: {asset.custody.value}")
        for payment in detail.payments:
            print(f"payment {payment.amount_minor} {payment.currency}: {payment.status}")
        async with session.db.read(scope) as reader:
            shipments = await find_of_subject(reader, scope, kind="transfer", subject_id=transfer_id)
            for leg, parcel in shipments.items():
                print(
                    f"\n{leg.value} parcel {parcel.id}: {parcel.carrier} {parcel.tracking_number} {parcel.status.value}"
                )
                for event in await list_events(reader, scope, shipment_id=parcel.id):
                    print(f"  {event.at:%Y-%m-%d %H:%M:%S}  {event.status.value:<22} {event.text}")
            print("\nhistory")
            for entry in await of_subject(reader, scope, kind="transfer", subject_id=transfer_id):
                print(f"  {entry.at:%Y-%m-%d %H:%M:%S}  {entry.action:<22} by {entry.actor_kind}")

    run(data_dir, work)


@app.command()
def label(
    org: Org,
    transfer_id: Id,
    leg: Leg = Leg.BOX,
    form: Annotated[LabelFormat, typer.Option("--format")] = LabelFormat.PDF,
    out: Annotated[Path | None, typer.Option("--out")] = None,
    data_dir: DataDir = None,
) -> None:
    """Write a parcel's label to a file."""

    async def work(session: Session) -> None:
        scope = (await session.operator_in(org)).scope(Right.TRANSFERS_READ)
        async with session.db.read(scope) as reader:
            shipments = await find_of_subject(reader, scope, kind="transfer", subject_id=transfer_id)
            if leg not in shipments:
                raise LabelUnknown(shipment_id=leg.value)
            shipment_id = shipments[leg].id
            content = await get_label(reader, scope, shipment_id=shipment_id, form=form)
        path = out or Path(f"{transfer_id}-{leg.value}.{form.value}")
        path.write_bytes(content)
        print(path)

    run(data_dir, work)


@app.command()
def cancel(org: Org, transfer_id: Id, reason: Reason = None, data_dir: DataDir = None) -> None:
    """Cancel a transfer whose first parcel was not handed over yet, and give the money back."""

    async def work(session: Session) -> None:
        await operations.cancel_transfer(
            session.db,
            actor=await session.operator_in(org),
            transfer_id=TransferId(transfer_id),
            reason=reason,
            now=session.clock.now(),
        )
        print("The transfer is cancelled.")

    run(data_dir, work)


@app.command("not-returned")
def not_returned(org: Org, transfer_id: Id, reason: Reason = None, data_dir: DataDir = None) -> None:
    """Record that the device will not come."""

    async def work(session: Session) -> None:
        await operations.mark_not_returned(
            session.db,
            actor=await session.operator_in(org),
            transfer_id=TransferId(transfer_id),
            reason=reason,
            now=session.clock.now(),
        )
        print("The transfer is closed as not returned.")

    run(data_dir, work)


@app.command()
def mute(org: Org, transfer_id: Id, off: bool = False, data_dir: DataDir = None) -> None:
    """Switch a transfer's reminders off; --off switches them on again."""

    async def work(session: Session) -> None:
        await operations.mute_reminders(
            session.db,
            actor=await session.operator_in(org),
            transfer_id=TransferId(transfer_id),
            is_muted=not off,
            now=session.clock.now(),
        )
        print(f"Reminders are {'on' if off else 'off'}.")

    run(data_dir, work)


@app.command()
def pickup(
    org: Org,
    transfer_id: Id,
    on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"])],
    instructions: Annotated[str | None, typer.Option()] = None,
    data_dir: DataDir = None,
) -> None:
    """Have the device's parcel collected on a weekday within the next ten days."""

    async def work(session: Session) -> None:
        booked = await operations.schedule_pickup(
            session.db,
            actor=await session.operator_in(org),
            transfer_id=TransferId(transfer_id),
            on_date=on.date(),
            instructions=instructions,
            now=session.clock.now(),
        )
        print(f"A pickup on {booked.on_date} is requested; the carrier confirms it by mail.")

    run(data_dir, work)


@app.command("cancel-pickup")
def cancel_pickup(org: Org, transfer_id: Id, data_dir: DataDir = None) -> None:
    """Cancel the pickup."""

    async def work(session: Session) -> None:
        cancelled = await operations.cancel_pickup(
            session.db,
            actor=await session.operator_in(org),
            transfer_id=TransferId(transfer_id),
            now=session.clock.now(),
        )
        print(f"The pickup on {cancelled.on_date} is cancelled.")

    run(data_dir, work)
