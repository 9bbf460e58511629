"""Add an asset: what it names is found or made, and it is with the organization or with its first user."""

from datetime import datetime

from backhaul.domain.directory.model import DepartmentId, LocationId
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory import lifecycle, spelling, tables
from backhaul.domain.inventory.answers import AssetDetail
from backhaul.domain.inventory.errors import SerialTaken
from backhaul.domain.inventory.model import (
    Asset,
    AssetId,
    Custody,
    ModelId,
    NewAsset,
    StatusLabel,
    StatusType,
)
from backhaul.domain.inventory.operations import naming
from backhaul.domain.inventory.operations.naming import there
from backhaul.domain.inventory.operations.recording import write_added
from backhaul.domain.inventory.tables import Wanted
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import OrgId, new_id
from backhaul.storage.database import Database


async def add_asset(db: Database, *, actor: Actor, new: NewAsset, now: datetime) -> AssetDetail:
    """Add an asset. An assignee counts only where the status is of type deployed (contract §2.4).

    Refuses a serial number that is taken, and everything that is wrong with the values at once.
    """
    scope = actor.scope(Right.INVENTORY_WRITE)
    new, problems = spelling.clean(new)
    names = naming.names_of(new)
    async with db.transaction(scope) as tx:
        number, wanted = await tables.resolve(tx, names)
        status = _require_good(new, wanted, problems)
        if wanted.is_serial_taken:
            raise SerialTaken(serial_number=new.serial_number)
        if await naming.make_missing(tx, actor.author, names, wanted, at=now):
            _, wanted = await tables.resolve(tx, names)
        asset = _asset(scope.org_id, number, new, wanted=wanted, status=status, now=now)
        added = _detail(asset, wanted, status)
        await write_added(tx, actor.author, added.asset, at=now)
    return added


def _require_good(new: NewAsset, wanted: Wanted, problems: list[FieldProblem]) -> StatusLabel:
    """Return the status, or refuse with every problem there is."""
    if wanted.status is None:
        if new.status_name:
            problems = [*problems, naming.status_unknown(wanted.labels)]
        raise InvalidInput(problems)
    if wanted.status.type is StatusType.DEPLOYED and wanted.employee_id is None:
        is_refused = any(problem.path == "assign_to_email" for problem in problems)
        if new.assign_to_email is not None:
            problems = [*problems, naming.assignee_unknown()]
        elif not is_refused:
            problems = [*problems, naming.assignee_missing()]
    if problems:
        raise InvalidInput(problems)
    return wanted.status


def _asset(
    org_id: OrgId, number: int, new: NewAsset, *, wanted: Wanted, status: StatusLabel, now: datetime
) -> Asset:
    is_deployed = status.type is StatusType.DEPLOYED
    custody = Custody.EMPLOYEE if is_deployed else Custody.ORGANIZATION
    lifecycle.require_status(custody, status)
    has_cost = new.purchase_cost_minor is not None
    return Asset(
        id=AssetId(new_id()),
        org_id=org_id,
        number=number,
        tag=new.tag,
        serial_number=new.serial_number,
        model_id=ModelId(there(wanted.model).id),
        model_number=new.model_number,
        sku=new.sku,
        status_id=status.id,
        condition=new.condition,
        purchased_on=new.purchased_on,
        purchase_cost_minor=new.purchase_cost_minor,
        purchase_currency=(new.purchase_currency or spelling.DEFAULT_CURRENCY) if has_cost else None,
        purchase_type=new.purchase_type,
        warranty_starts_on=new.warranty_starts_on,
        warranty_ends_on=new.warranty_ends_on,
        warranty_type=new.warranty_type,
        department_id=None if wanted.department is None else DepartmentId(wanted.department.id),
        location_id=None if wanted.location is None else LocationId(wanted.location.id),
        imei=new.imei,
        imei2=new.imei2,
        specs=new.specs,
        custody=custody,
        employee_id=wanted.employee_id if is_deployed else None,
        shipment_id=None,
        custody_since=now,
        custody_count=1,
        created_at=now,
        updated_at=now,
        version=1,
    )


def _detail(asset: Asset, wanted: Wanted, status: StatusLabel) -> AssetDetail:
    return AssetDetail(
        asset=asset,
        model=there(wanted.model),
        product_type=there(wanted.product_type),
        manufacturer=there(wanted.manufacturer),
        status=status,
        department=wanted.department,
        location=wanted.location,
        holder=wanted.holder if asset.custody is Custody.EMPLOYEE else None,
    )
