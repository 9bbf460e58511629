"""Give an asset to an employee."""

from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory import lifecycle, tables
from backhaul.domain.inventory.errors import AlreadyAssigned, AssetOrUserUnknown, NotDeployable
from backhaul.domain.inventory.model import Action, Asset, Custody, Reason, StatusLabel, StatusType
from backhaul.domain.inventory.operations.recording import write_handed_over
from backhaul.domain.inventory.tables import Locked
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage.database import Database


async def assign_asset(
    db: Database,
    *,
    actor: Actor,
    asset_number: str,
    email: str,
    now: datetime,
    status_name: str | None = None,
) -> Asset:
    """Assign a deployable asset, which is then in use: in the organization's first deployed status, or the one named.

    Refuses in this order: asset or employee unknown, already assigned, not deployable, status unknown (contract §2.4).
    """
    async with db.transaction(actor.scope(Right.INVENTORY_WRITE)) as tx:
        locked = await tables.lock_for_person(
            tx, asset_number=asset_number, email=email, status_name=status_name
        )
        if locked is None or locked.employee_id is None:
            raise AssetOrUserUnknown
        if locked.asset.custody is Custody.EMPLOYEE:
            raise AlreadyAssigned
        if locked.status.type is not StatusType.DEPLOYABLE:
            raise NotDeployable(status=locked.status.name)
        label = _label(locked, status_name)
        after = lifecycle.hand_over(
            locked.asset, Action.ASSIGN, to_id=locked.employee_id, label=label, at=now
        )
        await write_handed_over(tx, actor.author, locked.asset, after, Reason.ASSIGNED, at=now)
    return after


def _label(locked: Locked, status_name: str | None) -> StatusLabel:
    if status_name is None:
        return lifecycle.first_of(locked.labels, StatusType.DEPLOYED)
    if locked.named_status is None or locked.named_status.type is not StatusType.DEPLOYED:
        known = ", ".join(label.name for label in locked.labels if label.type is StatusType.DEPLOYED)
        text = f"must be a status of type deployed: {known}"
        raise InvalidInput([FieldProblem("status_name", "inventory.status_unknown", text)])
    return locked.named_status
