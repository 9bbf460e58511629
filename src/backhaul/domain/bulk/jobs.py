"""What imports do by themselves."""

from datetime import timedelta
from uuid import UUID

import msgspec
import structlog

from backhaul.domain.bulk import tables, tasks
from backhaul.domain.bulk.errors import BatchMoveRefused
from backhaul.domain.bulk.operations.abandon import abandon_batch
from backhaul.domain.bulk.operations.apply import apply_batch
from backhaul.domain.bulk.operations.undo import undo_batch
from backhaul.domain.bulk.queries import get_batch
from backhaul.domain.identity.model import Actor, system_actor
from backhaul.jobqueue import Run, periodic
from backhaul.kernel.errors import Unavailable
from backhaul.kernel.ids import OrgId
from backhaul.storage.author import Author
from backhaul.storage.database import Scope

logger = structlog.get_logger("backhaul.bulk")

PER_ROUND = 100
# Long enough to come back after a weekend and a holiday; well within the month that GDPR Article 12 leaves for erasing
# a person, who may be among the staged rows.
FORGET_AFTER = timedelta(days=7)


@periodic("bulk.forget_stale", every=timedelta(hours=1))
async def forget_stale(run: Run) -> None:
    """Give up open imports that nobody has gone on with for a week, and forget what they had staged."""
    idle_since = run.now() - FORGET_AFTER
    async with run.db.system() as reader:
        stale = await tables.idle(reader, since=idle_since, limit=PER_ROUND)
    for org_id, number in stale:
        try:
            await abandon_batch(
                run.db, scope=Scope(org_id), number=number, idle_since=idle_since, now=run.now()
            )
        except Unavailable:
            raise
        except Exception:
            # Somebody is writing it right now, perhaps. It must not keep the others waiting.
            logger.exception("stale import stays", number=number)


@tasks.apply_import.handler
async def apply_import(
    run: Run, *, org_id: OrgId, number: int, author_kind: str, author_id: UUID | None
) -> None:
    """Write an import that somebody asked for, in their name. Safe to run twice: each chunk is written once.

    One that was taken back meanwhile stays so.
    """
    actor = _in_the_name_of(org_id, author_kind, author_id)
    batch = await get_batch(run.db, actor=actor, number=number)
    try:
        await apply_batch(run.db, actor=actor, batch=batch, now=run.now())
    except BatchMoveRefused:
        logger.info("import is not written", number=number)


@tasks.undo_import.handler
async def undo_import(
    run: Run, *, org_id: OrgId, number: int, author_kind: str, author_id: UUID | None
) -> None:
    """Take an import back that somebody asked for, in their name. Safe to run twice."""
    actor = _in_the_name_of(org_id, author_kind, author_id)
    batch = await get_batch(run.db, actor=actor, number=number)
    try:
        await undo_batch(run.db, actor=actor, batch=batch, now=run.now())
    except BatchMoveRefused:
        logger.info("import is taken back already", number=number)


def _in_the_name_of(org_id: OrgId, kind: str, author_id: UUID | None) -> Actor:
    # The rights were asked for when the job was enqueued, in the transaction that noted it.
    return msgspec.structs.replace(system_actor(org_id), author=Author(kind, author_id))
