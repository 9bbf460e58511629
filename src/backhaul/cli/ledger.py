"""backhaul ledger …"""

import sys
from uuid import UUID

import typer

from backhaul.cli.exports import NobodyReads, Out, end_unread, opened
from backhaul.cli.listing import Listing, amount
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.billing.exporting import export_ledger
from backhaul.domain.billing.model import ChargeId
from backhaul.domain.billing.operations import request_refund, retry_declined
from backhaul.domain.billing.queries import audit, ledger_balance, list_charges
from backhaul.domain.identity import Right

app = typer.Typer(no_args_is_help=True)


@app.command()
def charges(org: Org, data_dir: DataDir = None) -> None:
    """List an organization's latest charges."""

    async def work(session: Session) -> None:
        table = Listing("created", "amount", "refunded", "status", "declined", "for", "id")
        for charge in await list_charges(session.db, actor=await session.operator_in(org)):
            table.add_row(
                f"{charge.created_at:%Y-%m-%d %H:%M}",
                f"{amount(charge.amount_minor)} {charge.currency}",
                amount(charge.refunded_minor),
                charge.status.value,
                charge.decline_code or "–",
                f"{charge.subject_kind} {charge.subject_id}",
                str(charge.id),
            )
        table.show()

    run(data_dir, work)


@app.command()
def balance(org: Org, data_dir: DataDir = None) -> None:
    """Print the balance of an organization's accounts, and whether all books hold."""

    async def work(session: Session) -> None:
        scope = (await session.operator_in(org)).scope(Right.BILLING_READ)
        async with session.db.read(scope) as reader:
            for line in await ledger_balance(reader, scope):
                print(f"{line.account.value:<20}{line.amount_minor:>12} {line.currency}")
        async with session.db.system() as reader:
            books = await audit(reader)
        print(f"{'sum of all entries':<20}{books.sum_minor:>12}")
        if not books.holds:
            print(f"{books.unbalanced_transactions} unbalanced, {books.disagreements} disagreements")
            raise typer.Exit(1)

    run(data_dir, work)


@app.command()
def retry(org: Org, charge_id: UUID, data_dir: DataDir = None) -> None:
    """Try a declined charge again now."""

    async def work(session: Session) -> None:
        actor = await session.operator_in(org)
        now = session.clock.now()
        charge = await retry_declined(session.db, actor=actor, charge_id=ChargeId(charge_id), now=now)
        print(f"The charge is {charge.status.value}.")

    run(data_dir, work)


@app.command()
def refund(
    org: Org, charge_id: UUID, reason: str, cents: int | None = None, data_dir: DataDir = None
) -> None:
    """Give back a charge, or some cents of it."""

    async def work(session: Session) -> None:
        charge = await request_refund(
            session.db,
            actor=session.operator,
            org_id=(await session.organization(org)).id,
            charge_id=ChargeId(charge_id),
            amount_minor=cents,
            reason=reason,
            now=session.clock.now(),
        )
        print(
            f"The charge is {charge.status.value}; {charge.refund_requested_minor} cents are given back in all."
        )

    run(data_dir, work)


@app.command()
def export(org: Org, out: Out = "-", data_dir: DataDir = None) -> None:
    """Write every entry of an organization's ledger as CSV."""

    async def work(session: Session) -> int:
        with opened(out) as write:
            return await export_ledger(session.db, actor=await session.operator_in(org), write=write)

    try:
        count = run(data_dir, work)
    except NobodyReads:
        end_unread()
    print(f"{count} entries written.", file=sys.stderr)
