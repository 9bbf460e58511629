"""Bring an asset from whoever has it to a person, or into stock, in one step."""

from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.inventory import lifecycle, tables
from backhaul.domain.inventory.errors import (
    AlreadyAssigned,
    AssetChangedMeanwhile,
    AssetUnknown,
    CustodyMoveRefused,
    NotDeployable,
)
from backhaul.domain.inventory.model import (
    Action,
    Asset,
    Custody,
    Reason,
    StatusLabel,
    StatusType,
)
from backhaul.domain.inventory.operations.naming import assignee_unknown
from backhaul.domain.inventory.operations.recording import write_handed_over
from backhaul.domain.inventory.tables import Locked
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage.database import Database, Tx


async def hand_over_asset(
    db: Database,
    *,
    actor: Actor,
    asset_number: str,
    email: str,
    now: datetime,
    version: int | None = None,
    note: str | None = None,
) -> Asset:
    """Give an asset to an employee, wherever it is: what somebody else has comes back first, in the same step.

    Every hand-over stands in the ledger. Refused for an unknown asset or employee, when the employee has it already,
    when it was changed since `version`, and for whatever assigning, unassigning and taking in refuse: a legal hold, a
    status that is not deployable, storage that was not wiped.
    """
    async with db.transaction(actor.scope(Right.INVENTORY_WRITE)) as tx:
        locked = await _lock(tx, asset_number, version, email=email)
        if locked.employee_id is None:
            problem = assignee_unknown()
            raise InvalidInput([FieldProblem("email", problem.code, problem.text)])
        asset, label = locked.asset, locked.status
        if asset.employee_id == locked.employee_id:
            raise AlreadyAssigned
        if asset.custody is not Custody.ORGANIZATION:
            asset, label = await _bring_in(tx, actor, locked, None, note=note, now=now)
        if label.type is not StatusType.DEPLOYABLE:
            raise NotDeployable(status=label.name)
        used = lifecycle.first_of(locked.labels, StatusType.DEPLOYED)
        after = lifecycle.hand_over(asset, Action.ASSIGN, to_id=locked.employee_id, label=used, at=now)
        await write_handed_over(
            tx, actor.author, asset, after, Reason.ASSIGNED, at=now, evidence=_evidence(note), note=note
        )
    return after


async def return_to_stock(
    db: Database,
    *,
    actor: Actor,
    asset_number: str,
    now: datetime,
    status_name: str | None = None,
    version: int | None = None,
    note: str | None = None,
) -> Asset:
    """Take an asset into stock from whoever has it; without a status it gets the one of whatever arrives.

    Refused for what is in stock already, for a status that is unknown or means "in use", and as above.
    """
    async with db.transaction(actor.scope(Right.INVENTORY_WRITE)) as tx:
        locked = await _lock(tx, asset_number, version, status_name=status_name)
        if locked.asset.custody is Custody.ORGANIZATION:
            raise CustodyMoveRefused(whereabouts="with the organization already", action=Action.TAKE_IN.value)
        named = locked.named_status
        if status_name is not None and (named is None or named.type is StatusType.DEPLOYED):
            known = ", ".join(one.name for one in locked.labels if one.type is not StatusType.DEPLOYED)
            text = f"must be a status that is not of type deployed: {known}"
            raise InvalidInput([FieldProblem("status_name", "inventory.status_unknown", text)])
        after, _ = await _bring_in(tx, actor, locked, named, note=note, now=now)
    return after


async def _lock(
    tx: Tx, asset_number: str, version: int | None, *, email: str = "", status_name: str | None = None
) -> Locked:
    locked = await tables.lock_for_person(tx, asset_number=asset_number, email=email, status_name=status_name)
    if locked is None:
        raise AssetUnknown
    if version not in {None, locked.asset.version}:
        raise AssetChangedMeanwhile(serial_number=locked.asset.serial_number)
    return locked


async def _bring_in(
    tx: Tx,
    actor: Actor,
    locked: Locked,
    named: StatusLabel | None,
    *,
    note: str | None,
    now: datetime,
) -> tuple[Asset, StatusLabel]:
    """Write how the organization gets an asset from whoever has it, and return it with its status then."""
    before = locked.asset
    action = Action.UNASSIGN if before.custody is Custody.EMPLOYEE else Action.TAKE_IN
    label = named or lifecycle.label_on_arrival(
        locked.labels,
        locked.status,
        lifecycle.destination(before, action),
        is_held=locked.is_held,
        is_sanitisation_due=before.is_sanitisation_due,
    )
    lifecycle.require_unheld(before, locked.status, label, is_held=locked.is_held)
    after = lifecycle.hand_over(before, action, to_id=None, label=label, at=now)
    await write_handed_over(
        tx,
        actor.author,
        before,
        after,
        lifecycle.REASONS[action],
        at=now,
        evidence=_evidence(note),
        note=note,
    )
    return after, label


def _evidence(note: str | None) -> dict[str, str]:
    return {} if note is None else {"note": note}
