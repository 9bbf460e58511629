"""What was found, to reactions: steps in the caller's transaction."""

from backhaul.domain.recovery.inspecting import statements
from backhaul.domain.recovery.inspecting.deciding import there
from backhaul.domain.recovery.inspecting.model import Opened
from backhaul.domain.recovery.model import CaseId
from backhaul.domain.returns import tables as return_tables
from backhaul.domain.returns.matching import readings
from backhaul.domain.returns.model import ReturnId
from backhaul.domain.transfers.model import TransferId
from backhaul.storage.database import Tx


async def is_opened(tx: Tx, transfer_id: TransferId) -> bool:
    """Return whether a warehouse opened the parcel of a transfer."""
    is_there: bool = await tx.fetchval(statements.IS_OPENED, tx.org_id, transfer_id)
    return is_there


async def lock_opened(tx: Tx, return_id: ReturnId) -> Opened:
    """Return what was in a parcel; its return is locked until the transaction ends."""
    one = await return_tables.lock_by_id(tx, return_id)
    assert one is not None, "returns are never removed"
    return Opened(one=one, lines=tuple(await return_tables.list_items(tx, return_id)))


async def cases_naming(tx: Tx, opened: Opened) -> set[CaseId]:
    """Return the cases that know what was in a parcel: of each thing the latest one opened until it was processed."""
    scans = [
        (line.position, line.asset_id, key) for line in there(opened) for key in readings(line.serial_number)
    ]
    if not scans:
        return set()
    columns = [list(column) for column in zip(*scans, strict=True)]
    rows = await tx.fetch(statements.CASES_NAMING, tx.org_id, *columns, opened.one.processed_at)
    return {CaseId(row["case_id"]) for row in rows}
