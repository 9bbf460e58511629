"""Writing transfers."""

from datetime import datetime

import msgspec

from backhaul.domain.transfers.errors import TransferUnknown
from backhaul.domain.transfers.model import Transfer, TransferId
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Reader, Tx
from backhaul.storage.rows import record

COLUMNS = ", ".join(Transfer.__struct_fields__)

INSERT = f"""
INSERT INTO transfers ({COLUMNS})
VALUES ({", ".join(f"${n}" for n in range(1, len(Transfer.__struct_fields__) + 1))})
"""

LOCK = f"SELECT {COLUMNS} FROM transfers WHERE org_id = $1 AND id = $2 FOR UPDATE"

SAVE = """
UPDATE transfers SET status = $3, is_muted = $4, sender_ready_at = $5, reminders_due = $6, next_reminder_at = $7,
    give_up_at = $8, updated_at = $9, version = $10
WHERE org_id = $1 AND id = $2 AND version = $10 - 1
"""

# Due work across tenants: ids only, the work then runs in each tenant's own scope.
DUE_REMINDERS = """
SELECT org_id, id FROM transfers WHERE next_reminder_at <= $1 ORDER BY next_reminder_at LIMIT $2
"""
DUE_TO_GIVE_UP = "SELECT org_id, id FROM transfers WHERE give_up_at <= $1 ORDER BY give_up_at LIMIT $2"


async def insert(tx: Tx, transfer: Transfer) -> None:
    """Add a transfer."""
    await tx.execute(INSERT, *(_plain(value) for value in msgspec.structs.astuple(transfer)))


def _plain(value: object) -> object:
    return msgspec.to_builtins(value) if isinstance(value, msgspec.Struct) else value


async def lock(tx: Tx, transfer_id: TransferId) -> Transfer:
    """Return a transfer, locked until the transaction ends; refuses an unknown one."""
    row = await tx.fetchrow(LOCK, tx.org_id, transfer_id)
    if row is None:
        raise TransferUnknown(transfer_id=transfer_id)
    return record(Transfer, row)


async def save(tx: Tx, t: Transfer) -> None:
    """Write a locked transfer back; its version has grown by one."""
    await tx.execute(
        SAVE, tx.org_id, t.id, t.status.value, t.is_muted, t.sender_ready_at, t.reminders_due,
        t.next_reminder_at, t.give_up_at, t.updated_at, t.version,
    )  # fmt: skip


async def due(reader: Reader, statement: str, *, now: datetime, limit: int) -> list[tuple[OrgId, TransferId]]:
    """Return (org_id, id) of due transfers across tenants; needs the worker role."""
    return [(row["org_id"], row["id"]) for row in await reader.fetch(statement, now, limit)]
