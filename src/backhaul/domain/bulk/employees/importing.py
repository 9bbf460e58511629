"""How files of people are imported."""

from typing import Any

import msgspec

from backhaul.domain.bulk.employees import statements, tables
from backhaul.domain.bulk.employees.columns import COLUMNS
from backhaul.domain.bulk.importer import Importer, Stamp, Undone, Written
from backhaul.domain.bulk.model import Kept, Kind
from backhaul.domain.bulk.tables import Undoing
from backhaul.domain.directory.addresses import examine
from backhaul.domain.directory.model import PostalAddress
from backhaul.domain.identity.model import Right
from backhaul.kernel.ids import new_id
from backhaul.storage.database import Tx
from backhaul.storage.rows import record

# People are fewer than devices, and a manager must not come in a later chunk than who reports to them.
CHUNK_ROWS = 20_000


async def hints(_: Tx) -> dict[str, str]:
    """Return what to do about each fault the database finds."""
    return {
        "missing": "A new employee needs it.",
        "gone": "They were removed after the file was checked. Import them anew if they are to come back.",
        "manager_email:own_manager": "Nobody is their own manager.",
        "manager_email:unknown": (
            "Nobody in the directory, nor in the rows of this file up to here and shortly after, has this address."
        ),
    }


async def write(tx: Tx, stamp: Stamp) -> Written:
    """Create and change what was judged so, with history."""
    for statement in tables.MAKE_NAMES:
        await tx.execute(statement, tx.org_id, new_id(), stamp.at)
    await tx.execute(tables.POINT_AT_NAMES, tx.org_id)
    examined = [_examined(row) for row in await tx.fetch(tables.NEW_ADDRESSES)]
    if examined:
        await tx.execute(tables.KEEP_EXAMINED, examined)
    by = (stamp.author.kind, stamp.author.id)
    created = await tx.fetchval(tables.CREATE, tx.org_id, new_id(), stamp.at, *by)
    await tx.execute(tables.POINT_AT_MANAGERS, tx.org_id)
    await tx.execute(tables.SET_MANAGERS, tx.org_id)
    changed = await tx.fetchrow(tables.UPDATE, tx.org_id, new_id(), stamp.at, *by)
    return Written(
        created_ids=created,
        changed_ids=changed["ids"],
        changed_versions=changed["versions"],
        images=changed["images"],
    )


def _examined(row: Any) -> dict[str, object]:
    normalized, warnings = examine(record(PostalAddress, {name: row[name] for name in statements.ADDRESS}))
    return {
        "row_number": row["row_number"],
        "normalized_address": msgspec.to_builtins(normalized),
        "address_warnings": msgspec.to_builtins(warnings),
    }


async def undo(tx: Tx, stamp: Stamp, chunk: Undoing) -> Undone:
    """Remove whom a chunk created and restore whom it changed, but for whom others have changed since."""
    by = (stamp.author.kind, stamp.author.id)
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
    kind=Kind.EMPLOYEES,
    right=Right.DIRECTORY_WRITE,
    columns=COLUMNS,
    chunk_rows=CHUNK_ROWS,
    is_in_order=True,
    is_personal=True,
    temporary=statements.TEMPORARY,
    staged="staged_employees",
    empty=statements.EMPTY_STAGED,
    claim_keys=statements.CLAIM_KEYS,
    drop_repeated=statements.DROP_REPEATED,
    lock=statements.LOCK,
    judge=statements.JUDGE,
    found=statements.FOUND,
    spread=statements.SPREAD,
    empty_judged=statements.EMPTY_JUDGED,
    verdicts=statements.VERDICTS,
    problems=statements.PROBLEMS,
    hints=hints,
    write=write,
    undo=undo,
)
