"""backhaul invoice …: what an organization was charged, week by week."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from backhaul import outside
from backhaul.cli.exports import Out, opened
from backhaul.cli.listing import Before, Listing, LongLimit, amount
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.billing import invoices

app = typer.Typer(no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="As `backhaul invoice list` shows it.")]


@app.command("list")
def list_all(
    org: Org,
    after: Before = None,
    limit: LongLimit = 50,
    data_dir: DataDir = None,
) -> None:
    """List invoices, newest first."""

    async def work(session: Session) -> None:
        table = Listing("name", "from", "to", "total", "to be paid", "currency", "number")
        actor = await session.operator_in(org)
        for one in await invoices.list_invoices(session.db, actor=actor, after=after, limit=limit):
            table.add_row(
                one.name,
                str(one.starts_on),
                str(one.ends_on),
                amount(one.total_minor),
                amount(one.total_billed_minor),
                one.currency,
                str(one.number),
            )
        table.show()

    run(data_dir, work)


@app.command()
def show(org: Org, number: Number, data_dir: DataDir = None) -> None:
    """Print an invoice with its lines, as JSON."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        detail = await invoices.get_invoice(session.db, actor=actor, number=number)
        print(msgspec.json.format(msgspec.json.encode(detail), indent=2).decode())

    run(data_dir, work)


@app.command()
def pdf(org: Org, number: Number, out: Out, data_dir: DataDir = None) -> None:
    """Write an invoice as PDF."""

    async def work(session: Session) -> bytes:
        actor = await session.operator_in(org)
        detail = await invoices.get_invoice(session.db, actor=actor, number=number)
        return outside.invoice_printer().to_pdf(detail)

    written = run(data_dir, work)
    with opened(out) as write:
        write(written)
    if out != "-":
        print(Path(out))
