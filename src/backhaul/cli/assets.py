"""backhaul asset …"""

from datetime import datetime
from typing import Annotated

import typer

from backhaul.cli.listing import Listing
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.inventory import queries
from backhaul.domain.inventory.answers import AssetDetail, CustodyLine, Holder, ListedAsset
from backhaul.domain.inventory.model import (
    Asset,
    Condition,
    Custody,
    NewAsset,
    PurchaseType,
    Reason,
    StatusType,
    asset_number,
)
from backhaul.domain.inventory.operations import (
    add_asset,
    add_status_label,
    assign_asset,
    take_in,
    unassign_asset,
)
from backhaul.domain.recovery import Expectation, list_expectations

app = typer.Typer(no_args_is_help=True)
Serial = Annotated[str, typer.Argument(help="The asset's serial number, in any spelling.")]
Meant = Annotated[str, typer.Argument(help="The asset's serial number, asset number or tag.")]
Email = Annotated[str, typer.Argument(help="The employee's e-mail address.")]
Page = Annotated[int, typer.Option(min=1)]
PER_PAGE = 50


@app.command()
def add(
    org: Org,
    serial: Annotated[str, typer.Argument(help="The serial number.")],
    product_type: Annotated[str, typer.Option("--type", help="Laptop, Mobile, …; made when new.")],
    name: Annotated[str, typer.Option("--name", help="The model; made when new.")],
    manufacturer: Annotated[str, typer.Option(help="Made when new.")],
    status: Annotated[str, typer.Option(help="One of `backhaul asset statuses`.")] = "Available",
    assign_to: Annotated[str | None, typer.Option(help="An employee's e-mail address.")] = None,
    tag: Annotated[str | None, typer.Option(help="Your own asset id.")] = None,
    model_number: Annotated[str | None, typer.Option()] = None,
    sku: Annotated[str | None, typer.Option()] = None,
    condition: Annotated[Condition | None, typer.Option()] = None,
    purchased: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    purchase_type: Annotated[PurchaseType | None, typer.Option()] = None,
    department: Annotated[str | None, typer.Option(help="Made when new.")] = None,
    location: Annotated[str | None, typer.Option(help="Made when new.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Add a device to the inventory."""
    new = NewAsset(
        product_type=product_type,
        product_name=name,
        manufacturer=manufacturer,
        serial_number=serial,
        status_name=status,
        assign_to_email=assign_to,
        tag=tag,
        model_number=model_number,
        sku=sku,
        condition=condition,
        purchased_on=None if purchased is None else purchased.date(),
        purchase_type=purchase_type,
        department=department,
        location_name=location,
    )

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        detail = await add_asset(session.db, actor=actor, new=new, now=session.clock.now())
        print(f"{_number(detail.asset)} is {detail.status.name}.")

    run(data_dir, work)


@app.command("list")
def list_all(
    org: Org,
    page: Page = 1,
    serial: Annotated[str | None, typer.Option()] = None,
    tag: Annotated[str | None, typer.Option()] = None,
    data_dir: DataDir = None,
) -> None:
    """List an organization's devices, newest first, fifty a page."""

    async def work(session: Session) -> None:
        found = await queries.list_assets(
            session.db,
            actor=await session.operator_in(org),
            page=page,
            per_page=PER_PAGE,
            serial_number=serial,
            tag=tag,
        )
        table = Listing("serial number", "model", "status", "with", "tag", "asset number")
        for item in found.items:
            holder = _name(item.holder) if item.holder else "–"
            table.add_row(
                item.serial_number, item.model_name, item.status_name, holder, item.tag or "–", _number(item)
            )
        table.show()

    run(data_dir, work)


@app.command()
def show(org: Org, asset: Serial, data_dir: DataDir = None) -> None:
    """Show a device: what it is, who has it since when, and every hand-over."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        detail = await queries.get_asset(session.db, actor=actor, serial_number=asset)
        hand_overs = await queries.list_custody(session.db, actor=actor, asset=detail.asset.serial_number)
        for line in _described(detail):
            print(line)
        print(f"custody: {_holder(hand_overs[-1])} since {detail.asset.custody_since:%Y-%m-%d %H:%M:%S}")
        for expected in await list_expectations(session.db, actor=actor, asset_id=detail.asset.id):
            print(f"recovery: {_expected(expected)}")
        print("\nhand-overs")
        for one in hand_overs:
            evidence = " ".join(
                f"{name}={value}" for name, value in one.evidence.items() if _is_readable(name)
            )
            print(
                f"  {one.at:%Y-%m-%d %H:%M:%S}  {one.reason.value:<12} {_holder(one):<30} by {one.author_kind}  "
                f"{evidence}".rstrip()
            )

    run(data_dir, work)


@app.command()
def assign(org: Org, asset: Serial, email: Email, data_dir: DataDir = None) -> None:
    """Give a deployable device to an employee."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        detail = await queries.get_asset(session.db, actor=actor, serial_number=asset)
        number = _number(detail.asset)
        now = session.clock.now()
        await assign_asset(session.db, actor=actor, asset_number=number, email=email, now=now)
        print(f"{detail.asset.serial_number} is with {email}.")

    run(data_dir, work)


@app.command()
def unassign(
    org: Org,
    asset: Serial,
    email: Email,
    status: Annotated[str, typer.Option(help="Its status from now on.")] = "Ready to Deploy",
    data_dir: DataDir = None,
) -> None:
    """Take a device back from an employee."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        detail = await queries.get_asset(session.db, actor=actor, serial_number=asset)
        await unassign_asset(
            session.db,
            actor=actor,
            asset_number=_number(detail.asset),
            email=email,
            status_name=status,
            now=session.clock.now(),
        )
        print(f"{detail.asset.serial_number} is back from {email}.")

    run(data_dir, work)


@app.command("take-in")
def take_in_by_hand(
    org: Org,
    asset: Meant,
    note: Annotated[str | None, typer.Option(help="What there is to say about it.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Say that the organization has a device that was in a parcel, or with somebody outside the directory."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        taken = await take_in(session.db, actor=actor, asset=asset, note=note, now=session.clock.now())
        print(f"{taken.serial_number} is with the organization.")

    run(data_dir, work)


@app.command()
def history(org: Org, asset: Meant, data_dir: DataDir = None) -> None:
    """Show what happened to a device, newest first."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        for line in await queries.list_history(session.db, actor=actor, asset=asset):
            print(f"{line.at:%Y-%m-%d %H:%M:%S}  {line.action:<12} {line.description}")

    run(data_dir, work)


@app.command()
def statuses(org: Org, data_dir: DataDir = None) -> None:
    """List what an organization calls the states of its devices."""

    async def work(session: Session) -> None:
        table = Listing("name", "type")
        for label in await queries.list_status_labels(session.db, actor=await session.operator_in(org)):
            table.add_row(label.name, label.type.value)
        table.show()

    run(data_dir, work)


@app.command("status-add")
def status_add(
    org: Org,
    name: Annotated[str, typer.Argument()],
    kind: Annotated[StatusType, typer.Option("--type", help="What Backhaul knows of it.")],
    data_dir: DataDir = None,
) -> None:
    """Add a status of a type."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        label = await add_status_label(session.db, actor=actor, name=name, kind=kind, now=session.clock.now())
        print(f"{label.name} is a status of type {label.type.value}.")

    run(data_dir, work)


def _is_readable(evidence: str) -> bool:
    # The parcel's number stands before; ids and places in the ledger are for programs, which read them elsewhere.
    return evidence not in {"tracking_number", "undoes", "replaces"} and not evidence.endswith("_id")


def _number(asset: Asset | ListedAsset) -> str:
    return asset_number(asset.number, asset.created_at)


def _name(holder: Holder) -> str:
    return f"{holder.first_name} {holder.last_name}"


def _expected(one: Expectation) -> str:
    outcome = "expected" if one.outcome is None else one.outcome.value.replace("_", " ")
    return (
        f"{one.item_name}, {outcome}, of {one.email} in {one.campaign_name}: {one.public_number} ({one.code})"
    )


def _holder(line: CustodyLine) -> str:
    if line.reason is Reason.REMOVED or line.to_custody is None:
        return "removed"
    if line.to_name is not None:
        return line.to_name
    if line.to_custody is Custody.WAREHOUSE and "warehouse" in line.evidence:
        return f"warehouse {line.evidence['warehouse']}"
    tracking_number = line.evidence.get("tracking_number")
    return (
        f"parcel {tracking_number}"
        if line.to_custody == "parcel" and tracking_number
        else line.to_custody.value
    )


def _described(detail: AssetDetail) -> list[str]:
    asset = detail.asset
    lines = [
        f"{detail.manufacturer.name} {detail.model.name} ({detail.product_type.name}) {asset.serial_number}",
        f"asset number {_number(asset)}, tag {asset.tag or '–'}",
        f"status {detail.status.name} ({detail.status.type.value})",
    ]
    named = {"department": detail.department, "location": detail.location}
    lines += [f"{name} {value.name}" for name, value in named.items() if value is not None]
    if detail.holder is not None:
        lines.append(f"assigned to {_name(detail.holder)} <{detail.holder.email}>")
    return lines
