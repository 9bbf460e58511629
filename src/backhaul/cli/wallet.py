"""backhaul wallet …: what an organization can spend, and what of it is spoken for."""

from typing import Annotated
from uuid import UUID, uuid4

import typer

from backhaul.cli.listing import Listing, LongLimit, amount, one_line
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain.billing import wallet
from backhaul.domain.billing.wallet import FeeId, FeeKind, HoldStatus
from backhaul.kernel.money import Money

app = typer.Typer(no_args_is_help=True)
Currency = Annotated[str, typer.Option(help="An ISO 4217 code.")]


@app.command()
def show(org: Org, data_dir: DataDir = None) -> None:
    """Print what an organization's wallets hold."""

    async def work(session: Session) -> None:
        table = Listing("available", "held", "credit limit", "currency")
        for one in await wallet.list_balances(session.db, actor=await session.operator_in(org)):
            table.add_row(
                amount(one.available_minor),
                amount(one.held_minor),
                amount(one.credit_limit_minor),
                one.currency,
            )
        table.show()

    run(data_dir, work)


@app.command("top-up")
def top_up(
    org: Org,
    cents: int,
    currency: Currency = "USD",
    key: Annotated[str | None, typer.Option(help="The same key pays once.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Have the gateway pay some cents into a wallet; a worker does it."""

    async def work(session: Session) -> None:
        charge = await wallet.top_up(
            session.db,
            actor=await session.operator_in(org),
            amount=Money(cents, currency),
            key=key or str(uuid4()),
            now=session.clock.now(),
        )
        print(f"{charge.id}  The top-up is {charge.status.value}.")

    run(data_dir, work)


@app.command("credit-limit")
def credit_limit(org: Org, cents: int, currency: Currency = "USD", data_dir: DataDir = None) -> None:
    """Let a wallet be overdrawn by so many cents."""

    async def work(session: Session) -> None:
        after = await wallet.set_credit_limit(
            session.db,
            actor=session.operator,
            org_id=(await session.organization(org)).id,
            limit=Money(cents, currency),
            now=session.clock.now(),
        )
        print(f"{amount(after.spendable_minor)} {after.currency} can be spent.")

    run(data_dir, work)


@app.command()
def holds(
    org: Org,
    status: Annotated[HoldStatus | None, typer.Option(help="Only those that are so.")] = None,
    limit: LongLimit = 50,
    data_dir: DataDir = None,
) -> None:
    """List what money was set aside for, newest first."""

    async def work(session: Session) -> None:
        table = Listing("placed", "amount", "captured", "status", "expires", "for", "id")
        actor = await session.operator_in(org)
        for hold in await wallet.list_holds(session.db, actor=actor, status=status, limit=limit):
            table.add_row(
                f"{hold.created_at:%Y-%m-%d %H:%M}",
                f"{amount(hold.amount_minor)} {hold.currency}",
                "–" if hold.captured_minor is None else amount(hold.captured_minor),
                hold.status.value,
                f"{hold.expires_at:%Y-%m-%d %H:%M}",
                f"{hold.subject_kind} {hold.subject_id}",
                str(hold.id),
            )
        table.show()

    run(data_dir, work)


@app.command()
def fees(
    org: Org,
    kind: Annotated[FeeKind | None, typer.Option(help="Only those for this.")] = None,
    before: Annotated[UUID | None, typer.Option(help="Only those older than this one.")] = None,
    limit: LongLimit = 50,
    data_dir: DataDir = None,
) -> None:
    """List what was taken from the wallets, newest first."""

    async def work(session: Session) -> None:
        table = Listing("charged", "amount", "kind", "refunded", "for", "text", "id")
        actor = await session.operator_in(org)
        past = None if before is None else FeeId(before)
        for fee in await wallet.list_fees(session.db, actor=actor, kind=kind, before=past, limit=limit):
            table.add_row(
                f"{fee.charged_at:%Y-%m-%d %H:%M}",
                f"{amount(fee.amount_minor)} {fee.currency}",
                fee.kind.value,
                "–" if fee.refunded_at is None else f"{fee.refunded_at:%Y-%m-%d %H:%M}",
                f"{fee.subject_kind} {fee.subject_id}",
                one_line(fee.text),
                str(fee.id),
            )
        table.show()

    run(data_dir, work)


@app.command()
def refund(
    org: Org,
    fee_id: Annotated[UUID, typer.Argument(help="As `backhaul wallet fees` shows it.")],
    reason: Annotated[str, typer.Argument(help="The customer sees it.")],
    data_dir: DataDir = None,
) -> None:
    """Give the whole of a fee back to the wallet it was taken from; once, however often it is said."""

    async def work(session: Session) -> None:
        fee = await wallet.refund_fee(
            session.db,
            actor=session.operator,
            org_id=(await session.organization(org)).id,
            fee_id=FeeId(fee_id),
            reason=reason,
            now=session.clock.now(),
        )
        print(f"{amount(fee.amount_minor)} {fee.currency} are back in the wallet.")

    run(data_dir, work)
