"""Take an asset back from an employee."""

from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory import lifecycle, tables
from backhaul.domain.inventory.errors import AssetOrUserUnknown, NotAssigned
from backhaul.domain.inventory.model import Action, Asset, Reason, StatusType
from backhaul.domain.inventory.operations.recording import write_handed_over
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage.database import Database


async def unassign_asset(
    db: Database, *, actor: Actor, asset_number: str, email: str, status_name: str, now: datetime
) -> Asset:
    """Take an asset back from the employee who has it; it gets the status named, of any type but deployed (C18).

    Refuses in this order: asset or employee unknown, not with this employee, status unknown or of type deployed, on
    legal hold and the status is no undeployable one.
    """
    async with db.transaction(actor.scope(Right.INVENTORY_WRITE)) as tx:
        locked = await tables.lock_for_person(
            tx, asset_number=asset_number, email=email, status_name=status_name
        )
        if locked is None or locked.employee_id is None:
            raise AssetOrUserUnknown
        if locked.asset.employee_id != locked.employee_id:
            raise NotAssigned
        label = locked.named_status
        if label is None or label.type is StatusType.DEPLOYED:
            known = ", ".join(one.name for one in locked.labels if one.type is not StatusType.DEPLOYED)
            text = f"must be a status that is not of type deployed: {known}"
            raise InvalidInput([FieldProblem("status_name", "inventory.status_unknown", text)])
        lifecycle.require_unheld(locked.asset, locked.status, label, is_held=locked.is_held)
        after = lifecycle.hand_over(locked.asset, Action.UNASSIGN, to_id=None, label=label, at=now)
        await write_handed_over(tx, actor.author, locked.asset, after, Reason.UNASSIGNED, at=now)
    return after
