"""Change what is written down about an asset. With a deployed status it also goes to its user (contract C17)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from backhaul.domain.directory.model import DepartmentId, LocationId
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory import lifecycle, spelling, tables
from backhaul.domain.inventory.answers import AssetDetail, Named
from backhaul.domain.inventory.errors import (
    AlreadyAssigned,
    AssetChangedMeanwhile,
    NotDeployable,
    SerialTaken,
)
from backhaul.domain.inventory.model import (
    Action,
    Asset,
    AssetPatch,
    Custody,
    ModelId,
    Reason,
    StatusLabel,
    StatusType,
)
from backhaul.domain.inventory.operations import naming
from backhaul.domain.inventory.operations.naming import there
from backhaul.domain.inventory.operations.recording import write_changed, write_handed_over
from backhaul.domain.inventory.tables import Wanted
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage.database import Database

# Taken over as they are given.
_PLAIN = (
    "tag", "model_number", "sku", "condition", "purchased_on", "purchase_cost_minor", "purchase_currency",
    "purchase_type", "warranty_starts_on", "warranty_ends_on", "warranty_type", "imei", "imei2", "serial_number",
)  # fmt: skip


async def change_asset(
    db: Database,
    *,
    actor: Actor,
    asset: str,
    patch: AssetPatch,
    now: datetime,
    version: int | None = None,
) -> AssetDetail:
    """Change the given values of an asset, named by serial number, asset number or tag; the rest stays.

    Refuses an asset that was changed since `version`, everything that is wrong with the values at once, then a serial
    number that is taken, then a status that a legal hold forbids, then one the asset cannot have where it is. Values
    that are there already change nothing.
    """
    _, after = await change_and_compare(db, actor=actor, asset=asset, patch=patch, version=version, now=now)
    return after


async def change_and_compare(
    db: Database,
    *,
    actor: Actor,
    asset: str,
    patch: AssetPatch,
    version: int | None,
    now: datetime,
    makes_places: bool = True,
) -> tuple[AssetDetail, AssetDetail]:
    """Change an asset as `change_asset` does, and return it before and after.

    Without `makes_places` a location that there is not by this name is refused instead of made.
    """
    patch, problems = spelling.clean(patch)
    names = naming.names_of(patch)
    async with db.transaction(actor.scope(Right.INVENTORY_WRITE)) as tx:
        present, wanted = await tables.lock_to_change(tx, asset, names)
        before = present.asset
        if version not in {None, before.version}:
            raise AssetChangedMeanwhile(serial_number=before.serial_number)
        found, label = present, _label(patch, present, wanted)
        _require_good(patch, present, label, wanted=wanted, problems=problems)
        if wanted.is_serial_taken:
            raise SerialTaken(serial_number=patch.serial_number)
        if patch.location_name and wanted.location is None and not makes_places:
            text = f"{patch.location_name} is there no more: it may have another name by now"
            raise InvalidInput([FieldProblem("location_name", "directory.location_unknown", text)])
        lifecycle.require_unheld(before, present.status, there(label), is_held=wanted.is_held)
        lifecycle.require_sanitised(before, there(label))
        is_assigned = _require_possible(present, label, wanted)
        if await naming.make_missing(tx, actor.author, names, wanted, at=now, present=present):
            present, wanted = await tables.lock_to_change(tx, before.serial_number, names)
        changed = _changed(patch, present, wanted)
        if is_assigned:
            after = lifecycle.hand_over(
                changed, Action.ASSIGN, to_id=wanted.employee_id, label=there(label), at=now
            )
            await write_handed_over(tx, actor.author, before, after, Reason.ASSIGNED, at=now)
        else:
            changed = msgspec.structs.replace(changed, status_id=there(label).id)
            if changed == before:
                return found, present
            after = msgspec.structs.replace(changed, updated_at=now, version=before.version + 1)
            await write_changed(tx, actor.author, before, after, at=now)
    done = _detail(after, patch, present, wanted=wanted, label=there(label), is_assigned=is_assigned)
    return found, done


def _label(patch: AssetPatch, present: AssetDetail, wanted: Wanted) -> StatusLabel | None:
    """Return the status after the change; None when the one that is named does not exist."""
    return present.status if patch.status_name is msgspec.UNSET else wanted.status


def _require_good(
    patch: AssetPatch,
    present: AssetDetail,
    label: StatusLabel | None,
    *,
    wanted: Wanted,
    problems: list[FieldProblem],
) -> None:
    if label is None and patch.status_name:
        problems = [*problems, naming.status_unknown(wanted.labels)]
    if label is not None and label.type is StatusType.DEPLOYED and wanted.employee_id is None:
        if patch.assign_to_email:
            problems = [*problems, naming.assignee_unknown()]
        elif present.asset.custody is Custody.ORGANIZATION:
            problems = [*problems, naming.assignee_missing()]
    if not any(problem.path.startswith("warranty_") for problem in problems):
        merged = {
            name: getattr(present.asset if getattr(patch, name) is msgspec.UNSET else patch, name)
            for name in ("warranty_starts_on", "warranty_ends_on")
        }
        problems = [*problems, *spelling.check_warranty(merged)]
    if problems:
        raise InvalidInput(problems)


def _require_possible(present: AssetDetail, label: StatusLabel | None, wanted: Wanted) -> bool:
    """Refuse a status that is not possible where the asset is; says whether the change assigns it to somebody."""
    asset, label = present.asset, there(label)
    if label.type is StatusType.DEPLOYED and asset.custody is Custody.ORGANIZATION:
        if present.status.type is not StatusType.DEPLOYABLE:
            raise NotDeployable(status=present.status.name)
        return True
    if label.type is StatusType.DEPLOYED and wanted.employee_id not in (None, asset.employee_id):
        lifecycle.require_status(asset.custody, label)
        raise AlreadyAssigned
    lifecycle.require_status(asset.custody, label)
    return False


def _changed(patch: AssetPatch, present: AssetDetail, wanted: Wanted) -> Asset:
    """Return the asset with everything but its status and its holder changed."""
    before = present.asset
    changes: dict[str, Any] = {
        name: value for name in _PLAIN if (value := getattr(patch, name)) is not msgspec.UNSET
    }
    if isinstance(patch.specs, dict):
        merged = {**before.specs, **patch.specs}
        changes["specs"] = {key: value for key, value in merged.items() if value is not None}
    cost = changes.get("purchase_cost_minor", before.purchase_cost_minor)
    currency = changes.get("purchase_currency", before.purchase_currency)
    changes["purchase_currency"] = None if cost is None else currency or spelling.DEFAULT_CURRENCY
    changes["model_id"] = ModelId(_model(patch, present, wanted).id)
    department_id = _id(_place(patch.department, present.department, wanted.department))
    location_id = _id(_place(patch.location_name, present.location, wanted.location))
    changes["department_id"] = None if department_id is None else DepartmentId(department_id)
    changes["location_id"] = None if location_id is None else LocationId(location_id)
    return msgspec.structs.replace(before, **changes)


def _detail(
    after: Asset,
    patch: AssetPatch,
    present: AssetDetail,
    *,
    wanted: Wanted,
    label: StatusLabel,
    is_assigned: bool,
) -> AssetDetail:
    return AssetDetail(
        asset=after,
        model=_model(patch, present, wanted),
        product_type=present.product_type
        if patch.product_type is msgspec.UNSET
        else there(wanted.product_type),
        manufacturer=present.manufacturer
        if patch.manufacturer is msgspec.UNSET
        else there(wanted.manufacturer),
        status=label,
        department=_place(patch.department, present.department, wanted.department),
        location=_place(patch.location_name, present.location, wanted.location),
        holder=wanted.holder if is_assigned else present.holder,
    )


def _model(patch: AssetPatch, present: AssetDetail, wanted: Wanted) -> Named:
    is_kept = all(
        name is msgspec.UNSET for name in (patch.product_type, patch.manufacturer, patch.product_name)
    )
    return present.model if is_kept else there(wanted.model)


def _place(
    given: str | msgspec.UnsetType | None, present: Named | None, wanted: Named | None
) -> Named | None:
    return present if given is msgspec.UNSET else wanted


def _id(named: Named | None) -> UUID | None:
    return None if named is None else named.id
