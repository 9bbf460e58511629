"""What continues after a request, and what falls due by itself."""

from datetime import timedelta
from uuid import UUID

import structlog

from backhaul.domain.identity.operating import OPERATOR
from backhaul.domain.returns import queries, tables
from backhaul.domain.returns.errors import ReturnUnknown
from backhaul.domain.returns.model import MAX_NUMBER, IntakeId, ReturnId, photo_key
from backhaul.domain.returns.operations.collecting import collect_process_fee
from backhaul.domain.returns.operations.receive import open_return as open_in_owner
from backhaul.domain.returns.ports import Files
from backhaul.domain.returns.tasks import open_return, remove_photos
from backhaul.jobqueue import Retry, Run, periodic
from backhaul.kernel.errors import Unavailable
from backhaul.kernel.ids import OrgId
from backhaul.storage.author import Author
from backhaul.storage.database import Scope

logger = structlog.get_logger("backhaul.returns")

FEES_PER_PAGE = 200
DROPPING_SECONDS = 5  # more than it takes to drop a parcel
BEGINNING = (UUID(int=0), 0)


@open_return.handler
async def open_late(run: Run, *, org_id: OrgId, intake_id: IntakeId) -> None:
    """Open the return of an identified parcel, unless whoever received it has done so. Safe to run twice."""
    intake = await queries.find_intake_by_id(run.db, org_id=org_id, intake_id=intake_id)
    if intake is None:  # it was dropped
        return
    warehouses = await queries.list_warehouses(run.db)
    warehouse = next(one for one in warehouses if one.id == intake.warehouse_id)
    author = Author(kind=OPERATOR, id=None)
    try:
        await open_in_owner(run.db, intake=intake, warehouse=warehouse, author=author, now=run.now())
    except (
        ReturnUnknown
    ) as refusal:  # it is being dropped; should that not come to its end, it is opened after all
        raise Retry(after_seconds=DROPPING_SECONDS, reason=refusal.text) from refusal


@remove_photos.handler
async def remove(run: Run, *, org_id: OrgId, return_id: ReturnId) -> None:
    """Remove the pictures of a discarded return. Safe to run twice: what is gone stays gone."""
    scope = Scope(org_id)
    photo_ids = await queries.photos_of_discarded(run.db, scope=scope, return_id=return_id)
    files = run.port(Files)
    for photo_id in photo_ids:
        await files.delete(photo_key(org_id, return_id, photo_id))
    async with run.db.transaction(scope) as tx:
        await tables.mark_removed(tx, return_id, photo_ids, at=run.now())


@periodic("returns.collect_fees", every=timedelta(minutes=10))
async def collect_fees(run: Run) -> None:
    """Take the fees that wallets did not cover when returns were processed, as far as they do by now.

    An organization whose wallet is short is passed over until the next turn: its fees are in nobody's way.
    """
    after: tuple[UUID, int] | None = BEGINNING
    while after is not None:
        async with run.db.system() as reader:
            due = await tables.list_fees_due(reader, after=after, limit=FEES_PER_PAGE)
        after = due[-1] if len(due) == FEES_PER_PAGE else None
        for org_id, number in due:
            if await _is_wallet_short(run, org_id, number):
                after = (org_id, MAX_NUMBER)
                break


async def _is_wallet_short(run: Run, org_id: OrgId, number: int) -> bool:
    try:
        one = await collect_process_fee(run.db, scope=Scope(org_id), number=number, now=run.now())
    except Unavailable:
        raise
    except Exception:  # one return must not keep the others waiting
        logger.exception("fee was not collected", number=number)
        return False
    return one.is_process_fee_due
