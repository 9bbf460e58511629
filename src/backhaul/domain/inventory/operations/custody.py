"""What a carrier's reports do to who holds an asset: steps in the transaction of whoever follows the parcel.

Each may run twice, late or out of order: a report about a shipment that has done its part changes nothing, nor does
one that is older than how the asset is held at present.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from backhaul.domain.inventory import lifecycle, tables
from backhaul.domain.inventory.model import Action, Asset
from backhaul.domain.inventory.operations.recording import write_handed_over
from backhaul.domain.inventory.tables import Locked, lock, lock_by_serial
from backhaul.storage import history
from backhaul.storage.database import Tx

__all__ = ["deliver_to_organization", "deliver_to_person", "lock", "lock_by_serial", "ship"]


async def ship(
    tx: Tx,
    author: history.Author,
    asset: Asset,
    *,
    shipment_id: UUID,
    at: datetime,
    evidence: Mapping[str, str],
) -> Asset:
    """Note that a locked asset is in a parcel since `at`, whoever had it: neither end's until somebody gets it.

    Of two parcels that claim the same asset, the later report wins.
    """
    locked = await tables.look_around(tx, asset, shipment_id=shipment_id, emails=())
    if locked.is_begun or locked.is_over:
        return asset
    return await _move(
        tx, author, locked, Action.SHIP, shipment_id=shipment_id, to_id=shipment_id, at=at, evidence=evidence
    )


async def deliver_to_organization(
    tx: Tx,
    author: history.Author,
    asset: Asset,
    *,
    shipment_id: UUID,
    at: datetime,
    evidence: Mapping[str, str],
) -> Asset:
    """Note that a locked asset arrived with the organization. It need not have been shipped: scans are left out."""
    locked = await tables.look_around(tx, asset, shipment_id=shipment_id, emails=())
    if locked.is_over:
        return asset
    action = Action.DELIVER_TO_ORGANIZATION
    return await _move(
        tx, author, locked, action, shipment_id=shipment_id, to_id=None, at=at, evidence=evidence
    )


async def deliver_to_person(
    tx: Tx,
    author: history.Author,
    asset: Asset,
    *,
    shipment_id: UUID,
    emails: Collection[str],
    at: datetime,
    evidence: Mapping[str, str],
) -> Asset:
    """Note that a locked asset arrived with a person: the employee with the first of these addresses that anybody has.

    Without one it is with somebody outside the directory.
    """
    locked = await tables.look_around(tx, asset, shipment_id=shipment_id, emails=emails)
    if locked.is_over:
        return asset
    action = Action.DELIVER_OUTSIDE if locked.employee_id is None else Action.DELIVER_TO_EMPLOYEE
    return await _move(
        tx,
        author,
        locked,
        action,
        shipment_id=shipment_id,
        to_id=locked.employee_id,
        at=at,
        evidence=evidence,
    )


async def _move(
    tx: Tx,
    author: history.Author,
    locked: Locked,
    action: Action,
    *,
    shipment_id: UUID,
    to_id: UUID | None,
    at: datetime,
    evidence: Mapping[str, str],
) -> Asset:
    before = locked.asset
    custody = lifecycle.destination(before, action)
    if before.shipment_id == shipment_id:
        # Carriers report late: a delivery that is dated before the scan which put the asset into this very parcel ends
        # it all the same. The ledger's times never go back.
        at = max(at, before.custody_since)
    is_there = (custody, to_id) == (before.custody, lifecycle.holder_id(before))
    if is_there or at < before.custody_since:
        return before
    label = lifecycle.label_on_arrival(locked.labels, locked.status, custody, is_held=locked.is_held)
    after = lifecycle.hand_over(before, action, to_id=to_id, label=label, at=at)
    proof = {**evidence, "shipment_id": str(shipment_id)}
    await write_handed_over(tx, author, before, after, lifecycle.REASONS[action], at=at, evidence=proof)
    return after
