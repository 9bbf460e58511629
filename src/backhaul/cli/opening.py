"""backhaul warehouse …, at the opened parcel: what lies in it, how it is, and what its owner is told."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from backhaul.cli.listing import amount, one_line
from backhaul.cli.session import DataDir, Session, run
from backhaul.cli.warehouse import Number, app
from backhaul.domain import returns
from backhaul.domain.returns import queries
from backhaul.domain.returns.errors import PhotoRefused, PhotosFull
from backhaul.storage.database import Scope

__all__ = ["app"]

Serial = Annotated[str, typer.Argument(help="The device's serial number, as scanned.")]
Charger = Annotated[bool | None, typer.Option("--charger/--no-charger", help="Its charger came along.")]
Powers = Annotated[bool | None, typer.Option("--powers-on/--dead", help="It powers on.")]
Unlocked = Annotated[bool | None, typer.Option("--unlocked/--locked", help="No account locks it any more.")]
Letter = Annotated[returns.Grade | None, typer.Option(case_sensitive=False, help="A like new … F for parts.")]


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
    seen = returns.Checklist(
        has_charger=charger, is_powering_on=powers_on, is_lock_removed=unlocked, grade=grade
    )
    item = _look(returns.scan_device, number, serial, seen, data_dir)
    print(f"{item.serial_number}  {_verdict(item)}")


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
    seen = returns.Checklist(
        has_charger=charger, is_powering_on=powers_on, is_lock_removed=unlocked, grade=grade
    )
    item = _look(returns.check_device, number, serial, seen, data_dir)
    print(f"{item.serial_number}  noted")


@app.command("take-back")
def take_back(number: Number, serial: Serial, data_dir: DataDir = None) -> None:
    """Take back the scan of a device that is not in the parcel, until the parcel is processed."""

    async def work(session: Session) -> None:
        item = await returns.take_back_scan(
            session.db,
            actor=session.operator,
            number=number,
            serial_number=serial,
            now=session.clock.now(),
        )
        print(f"{item.serial_number}  taken back")

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
        print(f"{one.number}  {one.status.value}, fee {amount(one.process_fee_minor)} {one.currency}{due}")

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
    """Keep pictures of a return. One that is refused is named, and keeps no other from being kept."""

    async def work(session: Session) -> int:
        refused = 0
        for path in files:
            try:
                kept = await _keep(session, number, path)
                print(f"{one_line(path.name)}  {kept.media_type}, {kept.width} × {kept.height}")
            except (PhotoRefused, PhotosFull) as refusal:
                refused += 1
                print(f"{one_line(path.name)}  refused ({refusal.code}): {refusal}", file=sys.stderr)
        return refused

    if run(data_dir, work):
        raise typer.Exit(1)


@app.command()
def message(number: Number, body: Annotated[str, typer.Argument()], data_dir: DataDir = None) -> None:
    """Write to a return's owner: up to 200 characters."""

    async def work(session: Session) -> None:
        await returns.add_operator_message(
            session.db, actor=session.operator, number=number, body=body, now=session.clock.now()
        )
        print(f"{number}  written")

    run(data_dir, work)


async def _keep(session: Session, number: int, path: Path) -> returns.ReturnPhoto:
    policy = session.port(returns.Policy)
    with path.open("rb") as file:  # no more than is looked at
        content = file.read(policy.max_photo_bytes + 1)
    return await returns.add_photo(
        session.db,
        session.port(returns.Files),
        actor=session.operator,
        number=number,
        content=content,
        policy=policy,
        now=session.clock.now(),
    )


def _look(
    write_down: Callable[..., Awaitable[returns.ReturnItem]],
    number: int,
    serial: str,
    seen: returns.Checklist,
    data_dir: DataDir,
) -> returns.ReturnItem:
    async def work(session: Session) -> returns.ReturnItem:
        return await write_down(
            session.db,
            actor=session.operator,
            number=number,
            serial_number=serial,
            seen=seen,
            now=session.clock.now(),
        )

    return run(data_dir, work)


def _verdict(item: returns.ReturnItem) -> str:
    if item.verdict is returns.Verdict.UNEXPECTED:
        return f"unexpected, {'not' if item.asset_id is None else 'but'} in its owner's inventory"
    return item.verdict.value.replace("_", " ")
