"""How files of devices are imported."""

import msgspec

from backhaul.domain.bulk.assets import statements, tables
from backhaul.domain.bulk.assets.columns import COLUMNS
from backhaul.domain.bulk.importer import Importer, Stamp, Undone, Written
from backhaul.domain.bulk.model import CHUNK_ROWS, Kept, Kind
from backhaul.domain.bulk.tables import Undoing
from backhaul.domain.identity.model import Right
from backhaul.kernel.ids import new_id
from backhaul.storage.database import Tx


async def hints(tx: Tx) -> dict[str, str]:
    """Return what to do about each fault the database finds."""
    rows = await tx.fetch(statements.STATUS_NAMES, tx.org_id)
    names = ", ".join(row["name"] for row in rows)
    return {
        "missing": "A new device needs it.",
        "gone": "The device was removed after the file was checked. Import it anew if it is to come back.",
        "status_name:unknown": f"The organization's statuses are: {names}.",
        "status_name:in_parcel": "The device is in a parcel; it may be pending, held or archived until it arrives.",
        "status_name:not_sanitised": "The device came back through a warehouse; record its sanitisation first.",
        "status_name:on_hold": "The device is on legal hold; it stays undeployable until that is released.",
        "held": "The device is held back and stays with whom it is. Change its status there first.",
        "assign_to_email:unknown": "Nobody in the directory has this address. Import the employees first.",
        "assign_to_email:missing": "A device with this status needs whom it is assigned to.",
        "assign_to_email:in_parcel": "The device is in a parcel; it can be assigned when it has arrived.",
        "assign_to_email:in_warehouse": "The device is in a warehouse; have it sent to its user, or take it in.",
        "assign_to_email:not_deployable": "Only a device that is deployable can be assigned. Make it so first.",
        "warranty_ends_on:not_after_start": "The warranty must end after it starts.",
    }


async def write(tx: Tx, stamp: Stamp) -> Written:
    """Create and change what was judged so, with custody and history."""
    author = stamp.author
    if await tx.fetchval(tables.NEEDS_NAMES):
        for statement in tables.MAKE_NAMES:
            await tx.execute(statement, tx.org_id, new_id(), stamp.at, author.kind, author.id)
        await tx.execute(tables.POINT_AT_NAMES, tx.org_id)
    at_text = msgspec.to_builtins(stamp.at)
    values = (new_id(), stamp.at, at_text, author.kind, author.id, stamp.evidence)
    created = await tx.fetchval(tables.CREATE, tx.org_id, *values)
    changed = await tx.fetchrow(
        tables.UPDATE, tx.org_id, new_id(), stamp.at, author.kind, author.id, stamp.evidence
    )
    return Written(
        created_ids=created,
        changed_ids=changed["ids"],
        changed_versions=changed["versions"],
        images=changed["images"],
    )


async def undo(tx: Tx, stamp: Stamp, chunk: Undoing) -> Undone:
    """Remove what a chunk created and restore what it changed, but for what others have changed since."""
    by = (stamp.author.kind, stamp.author.id, stamp.evidence)
    changes = await tx.fetchrow(
        tables.UNDO_CHANGES, tx.org_id, new_id(), stamp.at, chunk.changed_ids, *by,
        chunk.changed_versions, chunk.images,
    )  # fmt: skip
    creations = await tx.fetchrow(
        tables.UNDO_CREATIONS, tx.org_id, new_id(), stamp.at, chunk.created_ids, *by
    )
    return Undone(
        rows=changes["undone"] + creations["undone"],
        kept=msgspec.convert(changes["kept"] + creations["kept"], list[Kept]),
    )


IMPORTER = Importer(
    kind=Kind.ASSETS,
    right=Right.INVENTORY_WRITE,
    columns=COLUMNS,
    chunk_rows=CHUNK_ROWS,
    temporary=statements.TEMPORARY,
    staged="staged_assets",
    empty=statements.EMPTY_STAGED,
    claim_keys=statements.CLAIM_KEYS,
    drop_repeated=statements.DROP_REPEATED,
    lock=statements.LOCK,
    judge=statements.JUDGE,
    found=statements.FOUND,
    verdicts=statements.VERDICTS,
    problems=statements.PROBLEMS,
    hints=hints,
    write=write,
    undo=undo,
)
