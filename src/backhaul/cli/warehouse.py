"""backhaul warehouse …: the operator's table. What comes in is received, and given to its owner."""

from typing import Annotated

import typer

from backhaul.cli.listing import Listing, one_line
from backhaul.cli.session import DataDir, Session, run
from backhaul.domain import returns
from backhaul.domain.identity import OPERATOR_ORG_ID
from backhaul.domain.returns import queries
from backhaul.kernel.addresses import Address
from backhaul.storage.database import Scope

app = typer.Typer(no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="As `backhaul warehouse receive` shows it.")]


@app.command()
def add(
    code: Annotated[str, typer.Argument(help="Eight letters and digits, such as WH0CVG01.")],
    name: Annotated[str, typer.Option()],
    line_1: Annotated[str, typer.Option(help="Street and number.")],
    city: Annotated[str, typer.Option()],
    country: Annotated[str, typer.Option(help="Two letters.")],
    entry_point: Annotated[str, typer.Option(help="Six letters and digits, such as CVG001.")],
    state: Annotated[str | None, typer.Option()] = None,
    postal_code: Annotated[str | None, typer.Option()] = None,
    language: Annotated[str, typer.Option()] = "English",
    language_code: Annotated[str, typer.Option()] = "en",
    data_dir: DataDir = None,
) -> None:
    """Add a warehouse."""
    address = Address(
        name=name,
        line_1=line_1,
        city=city,
        state_code=state,
        postal_code=postal_code,
        country_code=country.upper(),
    )

    async def work(session: Session) -> None:
        one = await returns.add_warehouse(
            session.db,
            actor=session.operator,
            code=code,
            name=name,
            address=address,
            entry_point=entry_point,
            language=language,
            language_code=language_code,
            now=session.clock.now(),
        )
        print(f"{one.code}  {one.name}")

    run(data_dir, work)


@app.command("list")
def list_all(data_dir: DataDir = None) -> None:
    """List the warehouses."""

    async def work(session: Session) -> None:
        table = Listing("name", "city", "country", "entry point", "id")
        for one in await returns.list_warehouses(session.db):
            table.add_row(one.name, one.address.city, one.address.country_code, one.entry_point, one.code)
        table.show()

    run(data_dir, work)


@app.command()
def receive(
    tracking_number: Annotated[str, typer.Argument(help="As the scanner reads it off the parcel.")],
    at: Annotated[str, typer.Option("--at", help="The warehouse's id.")],
    unannounced: Annotated[
        bool, typer.Option("--unannounced", help="Also a parcel that nobody expects.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Receive a parcel. Scanned again, it is found. What nobody expects is received only with --unannounced."""

    async def work(session: Session) -> None:
        got = await returns.receive_parcel(
            session.db,
            actor=session.operator,
            warehouse=at,
            tracking_number=tracking_number,
            is_announced_only=not unannounced,
            now=session.clock.now(),
        )
        seen = "received" if got.is_new else "was received before"
        if got.one is None:
            print(f"{got.intake.number}  {got.intake.tracking_number} {seen}; nobody knows yet whose it is.")
            print(f"Identify it: backhaul warehouse identify {got.intake.number} --org …")
            return
        owner = await session.organization(str(got.one.org_id))
        standing = "" if got.is_new else f": {got.one.status.value}"
        print(f"{got.intake.number}  {got.intake.tracking_number} {seen} for {owner.slug}{standing}")

    run(data_dir, work)


@app.command()
def unidentified(data_dir: DataDir = None) -> None:
    """List parcels that nobody has identified, newest first."""

    async def work(session: Session) -> None:
        table = Listing("tracking number", "received", "number")
        for one in await queries.list_unidentified(session.db, scope=Scope(OPERATOR_ORG_ID)):
            table.add_row(one.tracking_number, f"{one.received_at:%Y-%m-%d %H:%M}", str(one.number))
        table.show()

    run(data_dir, work)


@app.command()
def identify(
    number: Number,
    org: Annotated[str, typer.Option("--org", help="Whose parcel it is: slug, number or id.")],
    rma: Annotated[str | None, typer.Option(help="The RMA number on it.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Say whose parcel it is."""

    async def work(session: Session) -> None:
        owner = await session.organization(org)
        one = await returns.identify_intake(
            session.db,
            actor=session.operator,
            number=number,
            owner_org_id=owner.id,
            rma_number=rma,
            now=session.clock.now(),
        )
        print(f"{one.number}  belongs to {one_line(owner.name)}.")

    run(data_dir, work)


@app.command()
def drop(number: Number, data_dir: DataDir = None) -> None:
    """Drop a parcel that was received by mistake and has nothing in it. History keeps that it was here."""

    async def work(session: Session) -> None:
        one = await returns.drop_parcel(
            session.db, actor=session.operator, number=number, now=session.clock.now()
        )
        print(f"{one.number}  {one.tracking_number} dropped; its number can be received again.")

    run(data_dir, work)
