"""Writing transfers."""

from datetime import datetime

import msgspec

from backhaul.domain.transfers.errors import TransferUnknown
from backhaul.domain.transfers.model import AssetLink, Transfer, TransferId
from backhaul.kernel.ids import OrgId
from backhaul.storage.database import Reader, Tx
from backhaul.storage.facts import FactKind
from backhaul.storage.rows import record

COLUMNS = ", ".join(Transfer.__struct_fields__)

# A new order is written together with its history and its event: one statement before COMMIT (decision 0004).
ORDERED = FactKind(
    name="ordered",
    width=len(Transfer.__struct_fields__),
    insert=f"""
INSERT INTO transfers ({COLUMNS})
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::jsonb[], $8::jsonb[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::boolean[], $16::boolean[], $17::text[],
    $18::boolean[], $19::bigint[], $20::jsonb[], $21::text[], $22::text[], $23::boolean[], $24::timestamptz[],
    $25::integer[], $26::timestamptz[], $27::timestamptz[], $28::timestamptz[], $29::timestamptz[], $30::integer[],
    $31::jsonb[])
""",
)

LOCK = f"SELECT {COLUMNS} FROM transfers WHERE org_id = $1 AND id = $2 FOR UPDATE"

SAVE = """
UPDATE transfers SET status = $3, is_muted = $4, sender_ready_at = $5, reminders_due = $6, next_reminder_at = $7,
    give_up_at = $8, updated_at = $9, version = $10
WHERE org_id = $1 AND id = $2 AND version = $10 - 1
"""

READDRESS = """
UPDATE transfers SET employee_address = $3, updated_at = $4, version = $5
WHERE org_id = $1 AND id = $2 AND version = $5 - 1
"""

# The link there is, or the one that can be made now: $3 is the order's serial number. No row: no such asset yet.
LINK_ASSET = """
WITH linked AS (
    INSERT INTO asset_transfers (org_id, transfer_id, asset_id, linked_at)
    SELECT $1, $2, id, $4 FROM assets WHERE org_id = $1 AND serial_key = serial_key($3)
    ON CONFLICT (org_id, transfer_id) DO NOTHING RETURNING transfer_id, asset_id, linked_at
)
SELECT transfer_id, asset_id, linked_at, true AS is_new FROM linked
UNION ALL
SELECT transfer_id, asset_id, linked_at, false FROM asset_transfers WHERE org_id = $1 AND transfer_id = $2
"""

# Recovery stands above transfers; its rows are read here so that it need not be asked.
IS_OF_RECOVERY = "SELECT EXISTS (SELECT FROM recovery_parcels WHERE org_id = $1 AND transfer_id = $2)"

# Due work across tenants: ids only, the work then runs in each tenant's own scope.
DUE_REMINDERS = """
SELECT org_id, id FROM transfers WHERE next_reminder_at <= $1 ORDER BY next_reminder_at LIMIT $2
"""
DUE_TO_GIVE_UP = "SELECT org_id, id FROM transfers WHERE give_up_at <= $1 ORDER BY give_up_at LIMIT $2"

# What failed waits, so that it does not stand before the others for ever; not a change of the transfer itself.
PUT_OFF_REMINDER = """
UPDATE transfers SET next_reminder_at = $3 WHERE org_id = $1 AND id = $2 AND next_reminder_at < $3
"""
PUT_OFF_GIVING_UP = "UPDATE transfers SET give_up_at = $3 WHERE org_id = $1 AND id = $2 AND give_up_at < $3"


def add(tx: Tx, transfer: Transfer) -> None:
    """Note a new transfer; it is written at commit."""
    tx.note(ORDERED, *(_plain(value) for value in msgspec.structs.astuple(transfer)))


def _plain(value: object) -> object:
    return msgspec.to_builtins(value) if isinstance(value, msgspec.Struct) else value


async def is_of_recovery(tx: Tx, transfer_id: TransferId) -> bool:
    """Tell whether a transfer carries a parcel of a recovery, which has reminders of its own."""
    found: bool = await tx.fetchval(IS_OF_RECOVERY, tx.org_id, transfer_id)
    return found


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


async def readdress(tx: Tx, t: Transfer) -> None:
    """Write a locked transfer's address of the person; its version has grown by one."""
    address = msgspec.to_builtins(t.employee_address)
    await tx.execute(READDRESS, tx.org_id, t.id, address, t.updated_at, t.version)


async def link_asset(
    tx: Tx, transfer_id: TransferId, *, serial_number: str, at: datetime
) -> tuple[AssetLink | None, bool]:
    """Return which asset a locked transfer carries, if that is known, and whether it was linked just now."""
    row = await tx.fetchrow(LINK_ASSET, tx.org_id, transfer_id, serial_number, at)
    if row is None:
        return None, False
    return record(AssetLink, row), row["is_new"]


async def due(reader: Reader, statement: str, *, now: datetime, limit: int) -> list[tuple[OrgId, TransferId]]:
    """Return (org_id, id) of due transfers across tenants; needs the worker role."""
    return [(row["org_id"], row["id"]) for row in await reader.fetch(statement, now, limit)]


async def put_off(tx: Tx, statement: str, transfer_id: TransferId, *, until: datetime) -> None:
    """Let a due step wait until then, if it is still due before."""
    await tx.execute(statement, tx.org_id, transfer_id, until)
