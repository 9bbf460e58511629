"""backhaul doctor: is this installation sound? Exit code 1 when it is not."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
import typer
from rich.console import Console
from rich.markup import escape

from backhaul import jobqueue
from backhaul import main as wiring
from backhaul.cli import logs
from backhaul.cli.session import DataDir, settings_with
from backhaul.domain import returns
from backhaul.domain.billing.queries import audit
from backhaul.domain.returns.errors import FilesUnavailable
from backhaul.settings import Settings
from backhaul.storage import inspecting, relay
from backhaul.storage.database import Database

_REMEDIES = {
    "disk": "Make or mount the folder (files.folder), with room and writable for whoever runs serve and work.",
    "s3": "Check files.bucket, files.endpoint_url and files.region, and the credentials in AWS_ACCESS_KEY_ID and "
    "AWS_SECRET_ACCESS_KEY: they must be allowed to write, read and remove.",
}


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    what: str
    is_sound: bool
    detail: str
    remedy: str  # what to do when it is not sound


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(data_dir: DataDir = None) -> None:
    """Check the database, its roles and schema, the pooler, the queue, the books and the store of files."""
    settings = settings_with(data_dir)
    logs.configure(settings.log, for_terminal=True)
    console = Console()
    with wiring.open_place(settings) as place:
        is_sound = asyncio.run(_examine(settings, place, console))
    if not is_sound:
        raise typer.Exit(1)


async def _examine(settings: Settings, place: wiring.Place, console: Console) -> bool:
    """Print each finding as soon as there is one: whatever is looked at next may take its time."""
    db = await wiring.open_database(settings, place.urls)
    is_sound = True
    try:
        async for finding in _findings(db, settings, place):
            mark = "[green]ok[/green]  " if finding.is_sound else "[red]wrong[/red]"
            said = f"{finding.what}: {finding.detail}"
            text = said if finding.is_sound else f"{said}. {finding.remedy}"
            console.print(mark, escape(text), highlight=False, soft_wrap=True)
            is_sound = is_sound and finding.is_sound
    finally:
        await db.close()
    return is_sound


async def _findings(db: Database, settings: Settings, place: wiring.Place) -> AsyncIterator[Finding]:
    state = await inspecting.inspect(db)
    yield Finding("PostgreSQL", state.is_version_supported, state.version, "Use a newer PostgreSQL.")
    yield Finding("schema", state.is_schema_current, state.schema, "Run `backhaul migrate`.")
    yield Finding(
        "app role", state.is_app_role_safe, state.app_role, "Give the application a role of its own."
    )
    remedy = "Run `backhaul migrate`; whoever made these tables calls protect_tenant_table on them."
    yield Finding("row-level security", not state.unprotected_tables, state.protection, remedy)
    # A pooler that does not keep sessions was refused before we came here (storage/sessions.py).
    yield Finding("sessions", True, "each connection is one session of PostgreSQL", "")
    if state.is_schema_current:
        async for finding in _contents(db):
            yield finding
        yield await _files(db, settings, place)


async def _contents(db: Database) -> AsyncIterator[Finding]:
    stuck = [count for count in await jobqueue.counts(db) if count.parked]
    names = ", ".join(f"{count.name} ({count.parked})" for count in stuck) or "none"
    remedy = "See why with `backhaul jobs parked`, then release or discard them."
    yield Finding("parked jobs", not stuck, names, remedy)
    events = await relay.list_parked_events(db)
    remedy = "See why with `backhaul jobs parked`, then release them with `backhaul jobs release-event`."
    yield Finding("parked events", not events, str(len(events)), remedy)
    async with db.system() as reader:
        books = await audit(reader)
    detail = f"{books.entries} entries, sum {books.sum_minor}, {books.disagreements} disagreements"
    remedy = (
        "Keep a backup as it is now, compare it with older ones, and report it: nothing of ours writes that."
    )
    yield Finding("ledger", books.holds, detail, remedy)
    detail = f"{books.wallets}, {books.wrong_wallets} of their balances disagree with the ledger"
    yield Finding("wallets", not books.wrong_wallets, detail, remedy)


async def _files(db: Database, settings: Settings, place: wiring.Place) -> Finding:
    """Try the store that pictures lie in, for as long as one request to it may take."""
    remedy = _REMEDIES[settings.files.storage]
    files = wiring.make_ports(settings, db, place.data_dir)[returns.Files]
    try:
        async with asyncio.timeout(settings.files.timeout_seconds):
            return Finding("files", True, await files.examine(), remedy)
    except FilesUnavailable as refused:
        return Finding("files", False, str(refused.data["reason"]), remedy)
    except TimeoutError:
        return Finding("files", False, f"no answer in {settings.files.timeout_seconds:g} seconds", remedy)
