"""backhaul doctor: is this installation sound? Exit code 1 when it is not."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
import typer
from rich.console import Console

from backhaul import jobqueue
from backhaul import main as wiring
from backhaul.cli import logs
from backhaul.cli.session import DataDir, settings_with
from backhaul.domain.billing.queries import audit
from backhaul.settings import Settings
from backhaul.storage import inspecting, relay
from backhaul.storage.database import Database


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    what: str
    is_sound: bool
    detail: str


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(data_dir: DataDir = None) -> None:
    """Check the database, its roles and schema, the pooler, the queue and the books."""
    settings = settings_with(data_dir)
    logs.configure(settings.log, for_terminal=True)
    console = Console()
    with wiring.open_place(settings) as place:
        findings = asyncio.run(_examine(settings, place))
    for finding in findings:
        mark = "[green]ok[/green]  " if finding.is_sound else "[red]wrong[/red]"
        console.print(f"{mark} {finding.what}: {finding.detail}", highlight=False)
    if not all(finding.is_sound for finding in findings):
        raise typer.Exit(1)


async def _examine(settings: Settings, place: wiring.Place) -> list[Finding]:
    db = await wiring.open_database(settings, place.urls)
    try:
        return [finding async for finding in _findings(db)]
    finally:
        await db.close()


async def _findings(db: Database) -> AsyncIterator[Finding]:
    state = await inspecting.inspect(db)
    yield Finding("PostgreSQL", state.is_version_supported, state.version)
    yield Finding("schema", state.is_schema_current, state.schema)
    yield Finding("app role", state.is_app_role_safe, state.app_role)
    yield Finding("row-level security", not state.unprotected_tables, state.protection)
    # A pooler that does not keep sessions was refused before we came here (storage/sessions.py).
    yield Finding("sessions", True, "each connection is one session of PostgreSQL")
    if not state.is_schema_current:
        return
    stuck = [count for count in await jobqueue.counts(db) if count.parked]
    names = ", ".join(f"{count.name} ({count.parked})" for count in stuck) or "none"
    yield Finding("parked jobs", not stuck, names)
    events = await relay.list_parked_events(db)
    yield Finding("parked events", not events, str(len(events)))
    async with db.system() as reader:
        books = await audit(reader)
    detail = f"{books.entries} entries, sum {books.sum_minor}, {books.disagreements} disagreements"
    yield Finding("ledger", books.holds, detail)
    detail = f"{books.wallets}, {books.wrong_wallets} of their balances disagree with the ledger"
    yield Finding("wallets", not books.wrong_wallets, detail)
