"""Identify a parcel: its owner gets a return."""

from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor
from backhaul.domain.identity.queries import get_organization
from backhaul.domain.returns import tables, tasks
from backhaul.domain.returns.errors import IdentifiedAlready, RmaGiven
from backhaul.domain.returns.model import MAX_RMA_LENGTH, Intake, Return, ReturnId
from backhaul.domain.returns.operations.receive import open_return
from backhaul.domain.returns.operations.working import operator_author, operator_scope
from backhaul.domain.returns.queries import list_warehouses
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import OrgId, new_id
from backhaul.kernel.writing import is_writable
from backhaul.storage import history
from backhaul.storage.database import Database, Scope


async def identify_intake(
    db: Database, *, actor: Actor, number: int, owner_org_id: OrgId, rma_number: str | None, now: datetime
) -> Return:
    """Say whose parcel it is: a return is opened in that organization, linked with the intake.

    Said again of the same organization it changes nothing; refuses a parcel that belongs to another one, and another
    RMA number than it was identified with. Two transactions, as receiving.
    """
    intake = await note_owner(
        db, actor=actor, number=number, owner_org_id=owner_org_id, rma_number=rma_number, now=now
    )
    warehouse = next(one for one in await list_warehouses(db) if one.id == intake.warehouse_id)
    return await open_return(db, intake=intake, warehouse=warehouse, author=operator_author(actor), now=now)


async def note_owner(
    db: Database, *, actor: Actor, number: int, owner_org_id: OrgId, rma_number: str | None, now: datetime
) -> Intake:
    """Note in the operator's organization whose parcel it is."""
    scope = operator_scope(actor)
    rma_number = clean_rma(rma_number)
    async with db.read(Scope(owner_org_id)) as reader:
        await get_organization(reader, Scope(owner_org_id))
    async with db.transaction(scope) as tx:
        before = await tables.lock_intake(tx, number)
        if before.owner_org_id is not None:
            if before.owner_org_id != owner_org_id:
                raise IdentifiedAlready(number=number)
            if rma_number not in (None, before.rma_number):
                raise RmaGiven(number=number, known=before.rma_number or "none", rma_number=rma_number)
            return before
        after = msgspec.structs.replace(
            before,
            owner_org_id=owner_org_id,
            return_id=ReturnId(new_id()),
            rma_number=rma_number,
            identified_at=now,
            version=before.version + 1,
        )
        await tables.save_intake(tx, after)
        subject = ("intake", after.id)
        history.note(
            tx, actor.author, subject=subject, action="identified", at=now, before=before, after=after
        )
        tasks.open_return.enqueue(tx, intake_id=after.id)
    return after


def clean_rma(rma_number: str | None) -> str | None:
    """Return an RMA number without surrounding space, or refuse; a blank one is none."""
    cleaned = (rma_number or "").strip()
    if len(cleaned) > MAX_RMA_LENGTH or not is_writable(cleaned):
        text = f"must have at most {MAX_RMA_LENGTH} characters on one line"
        raise InvalidInput([FieldProblem("rma_number", "returns.rma_number", text)])
    return cleaned or None
