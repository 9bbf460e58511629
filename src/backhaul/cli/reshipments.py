"""backhaul reshipment …: received parcels sent on, as their owner sees it and as the warehouse does it.

What the warehouse does is said as `backhaul warehouse …`, too.
"""

from typing import Annotated

import typer

from backhaul.cli.listing import Before, Limit, Listing, LongLimit, amount, one_line
from backhaul.cli.opening import app as warehouse
from backhaul.cli.session import DataDir, Org, Session, run
from backhaul.domain import reshipping
from backhaul.domain.billing.rates import RateCard
from backhaul.domain.reshipping import Consignee, Decision, NewReshipment, Reshipment

app = typer.Typer(no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="A reshipment's, as `backhaul reshipment list` shows it.")]
Optional = Annotated[str | None, typer.Option()]


@app.command()
def create(
    org: Org,
    returns: Annotated[list[int], typer.Argument(help="As `backhaul return list` shows them.")],
    contents: Annotated[str, typer.Option(help="For customs.")],
    value_cents: Annotated[int, typer.Option(help="For customs.")],
    name: Annotated[str, typer.Option(help="Who gets it.")],
    line_1: Annotated[str, typer.Option(help="Street and number.")],
    city: Annotated[str, typer.Option()],
    country: Annotated[str, typer.Option(help="Two letters.")],
    company: Optional = None,
    line_2: Optional = None,
    state: Optional = None,
    postal_code: Optional = None,
    phone: Optional = None,
    email: Optional = None,
    data_dir: DataDir = None,
) -> None:
    """Have returns of one warehouse sent on as one parcel. A single one is quoted at once."""
    to = Consignee(
        company_name=company,
        name=name,
        phone=phone,
        email=email,
        line_1=line_1,
        line_2=line_2,
        city=city,
        state_code=state,
        postal_code=postal_code,
        country_code=country.upper(),
    )

    async def work(session: Session) -> None:
        one = await reshipping.create_reshipment(
            session.db,
            actor=await session.operator_in(org),
            new=NewReshipment(
                contents=contents, return_numbers=tuple(returns), to=to, value_minor=value_cents
            ),
            card=session.port(RateCard),
            policy=session.port(reshipping.Policy),
            now=session.clock.now(),
        )
        print(_line(one))

    run(data_dir, work)


@app.command("list")
def list_all(
    org: Org,
    before: Before = None,
    limit: Limit = 50,
    data_dir: DataDir = None,
) -> None:
    """List an organization's reshipments, newest first."""

    async def work(session: Session) -> None:
        page = await reshipping.list_reshipments(
            session.db, actor=await session.operator_in(org), after=before, limit=limit
        )
        table = Listing("status", "returns", "estimate", "fee", "tracking number", "number")
        for one in page.items:
            table.add_row(
                _standing(one),
                str(one.return_count),
                amount(one.estimated_fee_minor) if one.estimated_fee_minor else "–",
                amount(one.reship_fee_minor) if one.reship_fee_minor else "–",
                one.tracking_number or "–",
                str(one.number),
            )
        table.show()

    run(data_dir, work)


@app.command()
def show(org: Org, number: Number, data_dir: DataDir = None) -> None:
    """Print a reshipment: its returns, its address, and what it costs."""

    async def work(session: Session) -> None:
        one = await reshipping.get_reshipment(session.db, actor=await session.operator_in(org), number=number)
        print(_line(one))
        print(f"returns {', '.join(str(each) for each in one.return_numbers)} in {one.warehouse_code}")
        where = (one.to.line_1, one.to.line_2, one.to.city, one.to.state_code, one.to.postal_code)
        who = ", ".join(part for part in (one.to.name, one.to.company_name) if part)
        print(one_line(f"to {who}: {', '.join(part for part in where if part)}, {one.to.country_code}"))
        print(
            f"{one_line(one.contents)}, worth {amount(one.value_minor)} {one.currency}, "
            f"{f'{one.weight_grams} g' if one.weight_grams else 'not weighed yet'}"
        )
        for line in one.estimate_lines:
            print(f"  {amount(line.amount_minor):>8}  {line.text}")
        if one.dispatched_at is not None:
            charged = f"{amount(one.reship_fee_minor)} {one.currency} charged"
            print(f"{one.service} {one.tracking_number} since {one.dispatched_at:%Y-%m-%d %H:%M}, {charged}")
        if one.expires_at is not None:
            print(f"expires {one.expires_at:%Y-%m-%d %H:%M} unless it is approved")

    run(data_dir, work)


@app.command()
def approve(org: Org, number: Number, data_dir: DataDir = None) -> None:
    """Approve an estimate: it is set aside in the wallet."""
    _answer(org, number, Decision.APPROVE, data_dir)


@app.command()
def decline(org: Org, number: Number, data_dir: DataDir = None) -> None:
    """Decline an estimate. It can still be approved until it expires."""
    _answer(org, number, Decision.DECLINE, data_dir)


@app.command()
def delete(org: Org, number: Number, data_dir: DataDir = None) -> None:
    """Delete a reshipment that is not approved; its returns are put back."""

    async def work(session: Session) -> None:
        one = await reshipping.delete_reshipment(
            session.db, actor=await session.operator_in(org), number=number, now=session.clock.now()
        )
        print(_line(one))

    run(data_dir, work)


@app.command()
def tolerance(
    org: Org,
    percent: Annotated[int, typer.Argument(min=0, max=100)],
    data_dir: DataDir = None,
) -> None:
    """Say how much more than its estimate a reshipment may cost before its owner is asked again."""

    async def work(session: Session) -> None:
        await reshipping.set_tolerance(
            session.db, actor=await session.operator_in(org), percent=percent, now=session.clock.now()
        )
        print(f"{percent} %")

    run(data_dir, work)


@app.command()
def waiting(
    limit: LongLimit = 50,
    data_dir: DataDir = None,
) -> None:
    """For the warehouse: list what waits for an estimate, of every organization, oldest first."""

    async def work(session: Session) -> None:
        table = Listing("of", "warehouse", "returns", "contents", "to", "created", "expires", "number")
        for one in await reshipping.list_waiting(session.db, actor=session.operator, limit=limit):
            owner = await session.organization(str(one.org_id))
            table.add_row(
                owner.slug,
                one.warehouse_code,
                " ".join(str(each) for each in one.return_numbers),
                one_line(one.contents),
                one.to.country_code,
                f"{one.created_at:%Y-%m-%d}",
                "–" if one.expires_at is None else f"{one.expires_at:%Y-%m-%d}",
                str(one.number),
            )
        table.show()

    run(data_dir, work)


@warehouse.command()
@app.command()
def quote(
    number: Number,
    grams: Annotated[int | None, typer.Option(help="By the rate card, for this weight.")] = None,
    cents: Annotated[int | None, typer.Option(help="As you say.")] = None,
    data_dir: DataDir = None,
) -> None:
    """For the warehouse: enter an estimate."""

    async def work(session: Session) -> None:
        one = await reshipping.quote_reshipment(
            session.db,
            actor=session.operator,
            number=number,
            card=session.port(RateCard),
            weight_grams=grams,
            fee_minor=cents,
            now=session.clock.now(),
        )
        print(_line(one))

    run(data_dir, work)


@warehouse.command()
@app.command()
def weigh(
    number: Number,
    grams: Annotated[int, typer.Argument(help="In its box.")],
    data_dir: DataDir = None,
) -> None:
    """For the warehouse: weigh the packed parcel. Its label is bought, or its owner is asked again."""

    async def work(session: Session) -> None:
        one = await reshipping.weigh_and_label(
            session.db,
            actor=session.operator,
            number=number,
            weight_grams=grams,
            card=session.port(RateCard),
            policy=session.port(reshipping.Policy),
            now=session.clock.now(),
        )
        print(_line(one))
        if one.final_fee_minor is not None:
            print(f"The final fee is {amount(one.final_fee_minor)} {one.currency}; a worker buys the label.")
        else:
            print("That is above the tolerance: its owner is asked again.")

    run(data_dir, work)


@warehouse.command()
@app.command()
def dispatch(number: Number, data_dir: DataDir = None) -> None:
    """For the warehouse: the parcel was handed to its carrier. Its fee is charged."""

    async def work(session: Session) -> None:
        one = await reshipping.dispatch_reshipment(
            session.db, actor=session.operator, number=number, now=session.clock.now()
        )
        print(_line(one))
        print(f"{one.tracking_number}  {amount(one.reship_fee_minor)} {one.currency} were charged.")

    run(data_dir, work)


def _answer(org: str, number: int, decision: Decision, data_dir: DataDir) -> None:
    async def work(session: Session) -> None:
        one = await reshipping.answer_estimate(
            session.db,
            actor=await session.operator_in(org),
            number=number,
            decision=decision,
            policy=session.port(reshipping.Policy),
            now=session.clock.now(),
        )
        print(_line(one))

    run(data_dir, work)


def _line(one: Reshipment) -> str:
    estimate = (
        f"{amount(one.estimated_fee_minor)} {one.currency}" if one.estimated_fee_minor else "not quoted yet"
    )
    return f"{one.number}  {_standing(one)}  {estimate}"


def _standing(one: Reshipment) -> str:
    return "dispatched" if one.dispatched_at is not None else one.status.value
