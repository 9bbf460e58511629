"""backhaul return …: what an organization's parcels in warehouses hold, and what becomes of them."""

from enum import StrEnum
from typing import Annotated

import typer

from backhaul.cli.listing import Before, Limit, Listing, amount, one_line
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain import returns

app = typer.Typer(no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="As `backhaul return list` shows it.")]


class Shown(StrEnum):
    """The statuses that lists show: neither what is not processed yet, nor what was discarded."""

    PROCESSED = "processed"
    VERIFYING = "verifying"
    VERIFIED = "verified"
    RESHIPPING = "reshipping"
    RESHIPPED = "reshipped"


@app.command("list")
def list_all(
    org: Org,
    status: Annotated[Shown | None, typer.Option()] = None,
    tracking_number: Annotated[str | None, typer.Option()] = None,
    before: Before = None,
    limit: Limit = 50,
    data_dir: DataDir = None,
) -> None:
    """List an organization's returns, newest first, without those that were discarded."""

    async def work(session: Session) -> None:
        page = await returns.list_returns(
            session.db,
            actor=await session.operator_in(org),
            status=None if status is None else returns.Status(status.value),
            tracking_number=tracking_number,
            after=before,
            limit=limit,
        )
        table = Listing("status", "tracking number", "warehouse", "grams", "processed", "number")
        for one in page.items:
            processed = "–" if one.processed_at is None else f"{one.processed_at:%Y-%m-%d %H:%M}"
            table.add_row(
                one.status.value,
                one.tracking_number,
                one.warehouse_code,
                str(one.weight_grams),
                processed,
                str(one.number),
            )
        table.show()

    run(data_dir, work)


@app.command()
def show(org: Org, number: Number, data_dir: DataDir = None) -> None:
    """Print a return: what was in it, its pictures and messages."""

    async def work(session: Session) -> None:
        found = await returns.get_return(session.db, actor=await session.operator_in(org), number=number)
        one = found.one
        print(f"{one.number}  {one.status.value}  {one.tracking_number}  in {one.warehouse_code}")
        print(f"weight {one.weight_grams} g, RMA {one.rma_number or '–'}")
        fees = f"processing {amount(one.process_fee_minor)}, verification {amount(one.verify_fee_minor)}"
        print(f"fees: {fees} {one.currency}{' (processing is still owed)' if one.is_process_fee_due else ''}")
        table = Listing("verdict", "grade", "charger", "powers on", "unlocked", "serial number")
        for item in found.items:
            table.add_row(
                item.verdict.value.replace("_", " "),
                item.grade or "–",
                _said(item.has_charger),
                _said(item.is_powering_on),
                _said(item.is_lock_removed),
                item.serial_number,
            )
        table.show()
        files, now = session.port(returns.Files), session.clock.now()
        for photo in found.photos:
            key = returns.photo_key(one.org_id, one.id, photo.id)
            print(await files.url(key, media_type=photo.media_type, now=now))
        for message in found.messages:
            print(f"{message.created_at:%Y-%m-%d %H:%M} {message.author.value}: {one_line(message.body)}")

    run(data_dir, work)


@app.command()
def verify(org: Org, number: Number, data_dir: DataDir = None) -> None:
    """Ask for a processed return to be verified, for a fee."""

    async def work(session: Session) -> None:
        one = await returns.request_verification(
            session.db,
            actor=await session.operator_in(org),
            number=number,
            policy=session.port(returns.Policy),
            now=session.clock.now(),
        )
        print(f"{one.number}  {one.status.value}, fee {amount(one.verify_fee_minor)} {one.currency}")

    run(data_dir, work)


@app.command()
def discard(org: Org, number: Number, data_dir: DataDir = None) -> None:
    """Have the warehouse get rid of a return. There is no way back."""

    async def work(session: Session) -> None:
        await returns.discard_return(
            session.db, actor=await session.operator_in(org), number=number, now=session.clock.now()
        )
        print(f"{number}  discarded")

    run(data_dir, work)


@app.command()
def message(
    org: Org, number: Number, body: Annotated[str, typer.Argument()], data_dir: DataDir = None
) -> None:
    """Write to the warehouse about a return: up to 200 characters."""

    async def work(session: Session) -> None:
        await returns.add_message(
            session.db,
            actor=await session.operator_in(org),
            number=number,
            body=body,
            now=session.clock.now(),
        )
        print(f"{number}  written")

    run(data_dir, work)


def _said(value: bool | None) -> str:
    return "–" if value is None else "yes" if value else "no"
