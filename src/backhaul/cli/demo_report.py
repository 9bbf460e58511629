"""What the demo shows at its end: timeline, labels, payment, ledger."""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.table import Table

from backhaul import main as wiring
from backhaul.domain.billing.queries import audit, ledger_balance
from backhaul.domain.identity import Actor, Right
from backhaul.domain.notify import list_messages
from backhaul.domain.shipping.model import LabelFormat
from backhaul.domain.shipping.queries import find_of_subject, get_label, list_events
from backhaul.settings import Settings
from backhaul.storage.history import of_subject


async def print_report(
    console: Console,
    settings: Settings,
    place: wiring.Place,
    *,
    actor: Actor,
    transfer: dict[str, Any],
    out: Path,
) -> None:
    """Print everything the instance wrote down, and leave the labels as files."""
    scope = actor.scope(Right.TRANSFERS_READ)
    transfer_id = UUID(transfer["id"])
    db = await wiring.open_database(settings, place.urls)
    try:
        async with db.read(scope) as reader:
            shipments = await find_of_subject(reader, scope, kind="transfer", subject_id=transfer_id)
            lines = [
                (entry.at, "transfer", entry.action)
                for entry in await of_subject(reader, scope, kind="transfer", subject_id=transfer_id)
            ]
            for leg, shipment in shipments.items():
                events = await list_events(reader, scope, shipment_id=shipment.id)
                lines.extend((event.at, f"{leg.value} parcel", event.text) for event in events)
            letters = await list_messages(reader, scope, about=("transfer", transfer_id))
            lines.extend(
                (x.decided_at, f"mail {x.status.value}", f"{x.recipient}: {x.subject}") for x in letters
            )
            labels = {
                leg: await get_label(reader, scope, shipment_id=shipment.id, form=LabelFormat.PDF)
                for leg, shipment in shipments.items()
            }
            balances = await ledger_balance(reader, scope)
        async with db.system() as reader:
            books = await audit(reader)
    finally:
        await db.close()

    _print_timeline(console, lines)
    print_labels(console, {leg.value: content for leg, content in labels.items()}, out)
    console.print("\n[bold]Money[/bold]")
    for payment in transfer["payments"]:
        console.print(f"  payment of {payment['amount_cents']} cents: {payment['state']}", highlight=False)
    for balance in balances:
        console.print(f"  {balance.account:<18} {balance.amount_minor:>8}", highlight=False)
    console.print(f"  {'sum of all entries':<18} {books.sum_minor:>8}", highlight=False)
    console.print(f"\nThe transfer is [green]{transfer['state']}[/green].")


def _print_timeline(console: Console, lines: list[tuple[datetime, str, str]]) -> None:
    table = Table("time", "what", "", box=None, header_style="dim", pad_edge=False)
    for at, what, text in sorted(lines):
        table.add_row(at.strftime("%H:%M:%S.%f")[:-4], what, text)
    console.print("\n[bold]Timeline[/bold]")
    console.print(table)


def print_labels(console: Console, labels: dict[str, bytes], out: Path) -> None:
    """Leave the labels as files and say where."""
    console.print("\n[bold]Labels[/bold] (simulated)")
    out.mkdir(parents=True, exist_ok=True)
    for leg, content in labels.items():
        path = out / f"label-{leg}.pdf"
        path.write_bytes(content)
        console.print(f"  {path}", highlight=False)
