"""backhaul warehouse …: the operator's table. What comes in is received, opened, looked at and written down."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from backhaul.cli.listing import Listing
from backhaul.cli.session import DataDir, Session, run
from backhaul.cli.webhooks import one_line
from backhaul.domain import returns
from backhaul.domain.identity import OPERATOR_ORG_ID
from backhaul.domain.returns import queries
from backhaul.kernel.addresses import Address
from backhaul.storage.database import Scope

app = typer.Typer(no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="As `backhaul warehouse receive` shows it.")]
Serial = Annotated[str, typer.Argument(help="The device's serial number, as scanned.")]
Charger = Annotated[bool | None, typer.Option("--charger/--no-charger", help="Its charger came along.")]
Powers = Annotated[bool | None, typer.Option("--powers-on/--dead", help="It powers on.")]
Unlocked = Annotated[bool | None, typer.Option("--unlocked/--locked", help="No account locks it any more.")]
Letter = Annotated[returns.Grade | None, typer.Option(case_sensitive=False, help="A like new … F for parts.")]


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
    data_dir: DataDir = None,
) -> None:
    """Receive a parcel. Scanned again, it is found."""

    async def work(session: Session) -> None:
        got = await returns.receive_parcel(
            session.db,
            actor=session.operator,
            warehouse=at,
            tracking_number=tracking_number,
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
def scan(
    number: Number,
    serial: Serial,
    charger: Charger = None,
    powers_on: Powers = None,
    unlocked: Unlocked = None,
    grade: Letter = None,
    data_dir: DataDir = None,
) -> None:
    """Note a device that lies in the opened parcel, and say what it is next to what was expected."""

    async def work(session: Session) -> None:
        item = await returns.scan_device(
            session.db,
            actor=session.operator,
            number=number,
            serial_number=serial,
            seen=_checklist(charger, powers_on, unlocked, grade),
            now=session.clock.now(),
        )
        print(f"{item.serial_number}  {_verdict(item)}")

    run(data_dir, work)


@app.command()
def check(
    number: Number,
    serial: Serial,
    charger: Charger = None,
    powers_on: Powers = None,
    unlocked: Unlocked = None,
    grade: Letter = None,
    data_dir: DataDir = None,
) -> None:
    """Write down what was looked at on a device that was scanned before."""

    async def work(session: Session) -> None:
        item = await returns.check_device(
            session.db,
            actor=session.operator,
            number=number,
            serial_number=serial,
            seen=_checklist(charger, powers_on, unlocked, grade),
            now=session.clock.now(),
        )
        print(f"{item.serial_number}  noted")

    run(data_dir, work)


@app.command()
def process(
    number: Number,
    weight_grams: Annotated[int, typer.Option(help="What the parcel weighs.")],
    rma: Annotated[str | None, typer.Option(help="The RMA number on it.")] = None,
    data_dir: DataDir = None,
) -> None:
    """End the opening: its owner sees the return from here on, and what was not scanned is missing."""

    async def work(session: Session) -> None:
        one = await returns.process_return(
            session.db,
            actor=session.operator,
            number=number,
            weight_grams=weight_grams,
            rma_number=rma,
            policy=session.port(returns.Policy),
            now=session.clock.now(),
        )
        for item in (await queries.get_any_return(session.db, scope=Scope(one.org_id), number=number)).items:
            print(f"{item.serial_number}  {_verdict(item)}")
        due = " (not covered by the wallet yet)" if one.is_process_fee_due else ""
        print(f"{one.number}  {one.status.value}, fee {one.process_fee_minor / 100:.2f} {one.currency}{due}")

    run(data_dir, work)


@app.command()
def verify(number: Number, data_dir: DataDir = None) -> None:
    """Note that the verification that was asked for is done."""

    async def work(session: Session) -> None:
        one = await returns.verify_return(
            session.db, actor=session.operator, number=number, now=session.clock.now()
        )
        print(f"{one.number}  {one.status.value}")

    run(data_dir, work)


@app.command()
def photo(
    number: Number,
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="JPEG, PNG or WebP.")],
    data_dir: DataDir = None,
) -> None:
    """Keep pictures of a return."""

    async def work(session: Session) -> None:
        policy = session.port(returns.Policy)
        for path in files:
            with path.open("rb") as file:  # no more than is looked at
                content = file.read(policy.max_photo_bytes + 1)
            kept = await returns.add_photo(
                session.db,
                session.port(returns.Files),
                actor=session.operator,
                number=number,
                content=content,
                policy=policy,
                now=session.clock.now(),
            )
            print(f"{path.name}  {kept.media_type}, {kept.width} × {kept.height}")

    run(data_dir, work)


@app.command()
def message(number: Number, body: Annotated[str, typer.Argument()], data_dir: DataDir = None) -> None:
    """Write to a return's owner: up to 200 characters."""

    async def work(session: Session) -> None:
        await returns.add_operator_message(
            session.db, actor=session.operator, number=number, body=body, now=session.clock.now()
        )
        print(f"{number}  written")

    run(data_dir, work)


def instant(text: str | None, otherwise: datetime) -> datetime:
    """Return a time as it was typed, UTC unless it says otherwise."""
    if text is None:
        return otherwise
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no time such as 2026-05-04T12:00") from None
    return parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=UTC)


def _verdict(item: returns.ReturnItem) -> str:
    if item.verdict is returns.Verdict.UNEXPECTED:
        return f"unexpected, {'not' if item.asset_id is None else 'but'} in its owner's inventory"
    return item.verdict.value.replace("_", " ")


def _checklist(
    charger: bool | None, powers_on: bool | None, unlocked: bool | None, grade: returns.Grade | None
) -> returns.Checklist:
    return returns.Checklist(
        has_charger=charger, is_powering_on=powers_on, is_lock_removed=unlocked, grade=grade
    )
