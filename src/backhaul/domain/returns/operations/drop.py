"""Drop a parcel that was received by mistake: as if it had never been scanned, but that history knows of it."""

from datetime import datetime

from backhaul.domain.holds import require_free
from backhaul.domain.identity.model import Actor
from backhaul.domain.returns import lifecycle, tables
from backhaul.domain.returns.errors import NotDroppable
from backhaul.domain.returns.events import ParcelDropped, ReturnDropped
from backhaul.domain.returns.mistakes.tables import is_return_there, list_received
from backhaul.domain.returns.model import Action, Intake, ReturnId
from backhaul.domain.returns.operations.giving_back import give_back
from backhaul.domain.returns.operations.working import operator_author, operator_scope
from backhaul.domain.returns.queries import get_intake
from backhaul.storage import history, outbox
from backhaul.storage.author import Author
from backhaul.storage.database import Database, Scope


async def drop_parcel(db: Database, *, actor: Actor, number: int, now: datetime) -> Intake:
    """Drop a parcel that nobody identified, or that was received by mistake and has nothing in it yet.

    The devices it brought into the warehouse are with whoever had them before, but for those that another parcel has.
    Its number can be received again, as a new parcel. Two transactions, the owner's first: should we die between them,
    the parcel is still there to be dropped. Refused when it was processed, while it has contents, pictures, messages,
    records or fees, and while a legal hold covers it or one of those devices.
    """
    scope, author = operator_scope(actor), operator_author(actor)
    while True:
        intake = await get_intake(db, scope=scope, number=number)
        if intake.owner_org_id is not None and intake.return_id is not None:
            owner = Scope(intake.owner_org_id)
            await drop_return(db, scope=owner, return_id=intake.return_id, author=author, at=now)
        async with db.transaction(scope) as tx:
            if (await tables.lock_intake(tx, number)).version != intake.version:
                continue  # somebody has said meanwhile whose it is
            if await is_return_there(tx, intake):
                continue  # somebody has opened it anew between the two
            subject = ("intake", intake.id)
            history.note(tx, actor.author, subject=subject, action="dropped", at=now, before=intake)
            outbox.record(tx, ParcelDropped(subject_id=intake.id, number=number), at=now)
            await tables.drop_intake(tx, intake)
        return intake


async def drop_return(
    db: Database, *, scope: Scope, return_id: ReturnId, author: Author, at: datetime
) -> None:
    """Drop the owner's side of a parcel that was received by mistake. Safe to run twice."""
    async with db.transaction(scope) as tx:
        one = await tables.lock_by_id(tx, return_id)
        if one is None:
            return
        lifecycle.require(one, Action.PROCESS)
        asset_ids = await list_received(tx, one)
        await require_free(
            tx, asset_ids=asset_ids, return_numbers=[one.number], doing="taken out of its return"
        )
        if traces := await tables.list_traces(tx, one.id):
            raise NotDroppable(number=one.number, what=", ".join(traces))
        for asset_id in asset_ids:
            await give_back(tx, author, one, asset_id, at=at)
        history.note(tx, author, subject=("return", one.id), action="dropped", at=at, before=one)
        told = ReturnDropped(subject_id=one.id, number=one.number, transfer_id=one.transfer_id)
        outbox.record(tx, told, at=at)
        await tables.drop(tx, one)
