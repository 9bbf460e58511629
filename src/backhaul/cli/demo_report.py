"""What the demo shows at its end: who had the laptop, every cent, and the papers that were printed."""

import csv
from itertools import groupby
from pathlib import Path
from uuid import UUID

from backhaul.cli.demo_story import ORG, SERIAL, Seen
from backhaul.cli.demo_terminal import Terminal
from backhaul.cli.session import Session, run
from backhaul.domain import reshipping
from backhaul.domain.identity import Right
from backhaul.domain.shipping.model import LabelFormat, Leg
from backhaul.domain.shipping.queries import find_of_subject, get_label


def show(terminal: Terminal, seen: Seen, *, out: Path) -> None:
    """Print who had the laptop and what was booked, and leave the labels as files."""
    terminal.title("Who had it, on whose word")
    terminal.run("asset", "show", SERIAL, "--org", ORG)
    terminal.title("Every cent")
    written = out / "ledger.csv"
    terminal.run("ledger", "export", "--org", ORG, "--out", str(written))
    terminal.say(_booked(written))
    terminal.run("ledger", "balance", "--org", ORG)
    terminal.title("On paper (labels are simulated)")
    for name, content in _labels(seen).items():
        (out / f"label-{name}.pdf").write_bytes(content)
    terminal.say("\n".join(str(path) for path in sorted(out.iterdir())))


def _booked(written: Path) -> str:
    """Return the ledger for people: a line for each booking and its accounts below it, debits positive."""
    lines: list[str] = []
    with written.open(encoding="utf-8", newline="") as file:
        for _, entries in groupby(csv.DictReader(file), key=lambda entry: entry["transaction"]):
            for nth, entry in enumerate(entries):
                if nth == 0:
                    said = "reversal" if entry["reverses"] else entry["kind"].replace("_", " ")
                    lines.append(f"{said}: {entry['text']}" if entry["text"] else said)
                lines.append(f"    {entry['account']:<18}{int(entry['amount_minor']):>8}")
    return "\n".join(lines)


def _labels(seen: Seen) -> dict[str, bytes]:
    """Return the label of each of the laptop's parcels, by its leg."""

    async def work(session: Session) -> dict[str, bytes]:
        actor = await session.operator_in(ORG)
        scope = actor.scope(Right.TRANSFERS_READ)
        sent_on = await reshipping.get_reshipment(session.db, actor=actor, number=seen.reshipment)
        assert sent_on.shipment_id is not None  # it was dispatched
        async with session.db.read(scope) as reader:
            legs = await find_of_subject(reader, scope, kind="transfer", subject_id=UUID(seen.transfer))
            parcels = {leg.value: shipment.id for leg, shipment in legs.items()}
            parcels[Leg.ONWARD.value] = sent_on.shipment_id
            return {
                name: await get_label(reader, scope, shipment_id=shipment_id, form=LabelFormat.PDF)
                for name, shipment_id in parcels.items()
            }

    return run(None, work)
