"""Reading what a warehouse has on its table and in its queues: for the operator organization alone."""

from uuid import UUID

from backhaul.domain.identity.model import Actor
from backhaul.domain.returns.browsing import statements
from backhaul.domain.returns.browsing.model import (
    LONGEST_TEXT,
    BenchSheet,
    Customer,
    ListedIntake,
    QueueCounts,
    QueuedReturn,
    ReturnQueue,
)
from backhaul.domain.returns.browsing.queries import PAGE_ROWS, StoredPhoto, read_photo, read_sheet
from backhaul.domain.returns.errors import ReturnUnknown
from backhaul.domain.returns.model import MAX_NUMBER, Intake, ScannedDevice
from backhaul.domain.returns.operations.working import at_table, operator_scope
from backhaul.domain.returns.queries import find_intake, get_intake, list_scanned_devices
from backhaul.domain.returns.scanning import clean_number, printed_number
from backhaul.kernel.errors import InvalidInput
from backhaul.storage.database import Database, Scope
from backhaul.storage.rows import record

MOST_COUNTED = 1000
MOST_CUSTOMERS = 50


async def get_bench_sheet(db: Database, *, actor: Actor, number: int) -> BenchSheet:
    """Return a parcel as the warehouse sees it, with its owner's side once that is known; or refuse."""
    intake = await get_intake(db, scope=operator_scope(actor), number=number)
    if intake.owner_org_id is None:
        return BenchSheet(intake=intake, sheet=None)
    scope = Scope(intake.owner_org_id)
    try:
        async with db.read(scope) as reader:
            sheet = await read_sheet(reader, scope, number, statement=statements.GET_ANY_SHEET)
    except ReturnUnknown:  # a job opens it in a moment
        return BenchSheet(intake=intake, sheet=None)
    return BenchSheet(intake=intake, sheet=sheet)


async def find_photo_on_table(db: Database, *, actor: Actor, number: int, photo_id: UUID) -> StoredPhoto:
    """Return where a picture of a parcel in the warehouse lies, or refuse."""
    table = await at_table(db, actor=actor, number=number)
    return await read_photo(db, table.scope, number=number, photo_id=photo_id)


async def browse_intakes(
    db: Database,
    *,
    actor: Actor,
    only_unidentified: bool = False,
    before: int | None = None,
    limit: int = PAGE_ROWS,
) -> tuple[ListedIntake, ...]:
    """Return the parcels that came in, newest first, below the number `before`."""
    scope = operator_scope(actor)
    start = MAX_NUMBER if before is None else before
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_INTAKES, scope.org_id, start, only_unidentified, limit)
    return tuple(record(ListedIntake, row) for row in rows)


async def browse_queue(
    db: Database, *, actor: Actor, queue: ReturnQueue, after: int = 0, limit: int = PAGE_ROWS
) -> tuple[QueuedReturn, ...]:
    """Return what waits to be opened or verified, oldest first, above the number `after`."""
    scope = operator_scope(actor)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_QUEUE, scope.org_id, queue.value, after, limit)
    return tuple(record(QueuedReturn, row) for row in rows)


async def find_scanned_devices(db: Database, *, actor: Actor, scan: str) -> tuple[ScannedDevice, ...]:
    """Return the customers' devices that a scanned text is the serial number, the tag or an IMEI of."""
    return await list_scanned_devices(db, scope=operator_scope(actor), scan=scan)


async def find_intake_of(db: Database, *, actor: Actor, scan: str) -> Intake | None:
    """Return the parcel whose number was scanned, if it was received."""
    scope = operator_scope(actor)
    try:
        number = printed_number(clean_number(scan))
    except InvalidInput:
        return None
    return await find_intake(db, scope=scope, tracking_number=number)


async def count_queues(db: Database, *, actor: Actor) -> QueueCounts:
    """Return how long each queue is; none is counted beyond `MOST_COUNTED`."""
    scope = operator_scope(actor)
    async with db.read(scope) as reader:
        row = await reader.fetchrow(statements.COUNT_QUEUES, scope.org_id, MOST_COUNTED)
    return record(QueueCounts, row)


async def list_customers(
    db: Database, *, actor: Actor, text: str = "", limit: int = MOST_CUSTOMERS
) -> tuple[Customer, ...]:
    """Return the organizations a parcel may belong to: by a part of the name, the short name or the number."""
    scope = operator_scope(actor)
    wanted = text.replace("\x00", "").strip()[:LONGEST_TEXT]
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_CUSTOMERS, scope.org_id, wanted, limit)
    return tuple(record(Customer, row) for row in rows)
