"""What a carrier's reports do to who holds an asset: steps in the transaction of whoever follows the parcel.

Each may run twice, late or out of order: a report about a shipment that has done its part changes nothing, nor does
one that is older than how the asset is held at present.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from backhaul.domain.inventory import lifecycle, tables
from backhaul.domain.inventory.model import Action, Asset, Reason, StatusType
from backhaul.domain.inventory.operations.recording import write_changed, write_handed_over
from backhaul.domain.inventory.tables import Locked, lock, lock_by_serial
from backhaul.storage import history
from backhaul.storage.database import Tx

__all__ = [
    "deliver_to_organization",
    "deliver_to_person",
    "discard",
    "lock",
    "lock_by_serial",
    "miss",
    "note_locked",
    "note_sanitised",
    "receive",
    "ship",
]


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


async def receive(
    tx: Tx,
    author: history.Author,
    asset: Asset,
    *,
    warehouse_id: UUID,
    at: datetime,
    evidence: Mapping[str, str],
) -> Asset:
    """Note that a locked asset lies in a warehouse, whoever had it. It has to be sanitised before it is used again."""
    return await _settle(tx, author, asset, Action.RECEIVE, to_id=warehouse_id, at=at, evidence=evidence)


async def miss(
    tx: Tx, author: history.Author, asset: Asset, *, at: datetime, evidence: Mapping[str, str]
) -> Asset:
    """Note that a locked asset was not in the parcel it had been received in: nobody knows where it is."""
    return await _settle(tx, author, asset, Action.MISS, to_id=None, at=at, evidence=evidence)


async def discard(
    tx: Tx, author: history.Author, asset: Asset, *, at: datetime, evidence: Mapping[str, str]
) -> Asset:
    """Note that a warehouse got rid of a locked asset, for good: it is archived. Whoever calls has asked for holds."""
    locked = await tables.look_around(tx, asset, shipment_id=asset.id, emails=())
    label = lifecycle.first_of(locked.labels, StatusType.ARCHIVED)
    after = lifecycle.hand_over(asset, Action.DISCARD, to_id=None, label=label, at=at)
    await write_handed_over(tx, author, asset, after, Reason.DISCARDED, at=at, evidence=evidence)
    return after


async def note_sanitised(tx: Tx, author: history.Author, asset: Asset, *, at: datetime) -> Asset:
    """Note that a locked asset's storage was wiped: it may be deployed again, as far as that is concerned."""
    if not asset.is_sanitisation_due:
        return asset
    after = msgspec.structs.replace(
        asset, is_sanitisation_due=False, updated_at=max(at, asset.updated_at), version=asset.version + 1
    )
    await write_changed(tx, author, asset, after, at=at, action="sanitised")
    return after


async def note_locked(tx: Tx, author: history.Author, asset: Asset, *, at: datetime) -> Asset:
    """Note that somebody's account was found to lock a locked row's asset: it has to be sanitised once more.

    One that could be deployed already is waited for.
    """
    if asset.is_sanitisation_due:
        return asset
    around = await tables.look_around(tx, asset, shipment_id=asset.id, emails=())
    is_deployable = around.status.type is StatusType.DEPLOYABLE
    label = lifecycle.first_of(around.labels, StatusType.PENDING) if is_deployable else around.status
    after = msgspec.structs.replace(
        asset,
        is_sanitisation_due=True,
        status_id=label.id,
        updated_at=max(at, asset.updated_at),
        version=asset.version + 1,
    )
    await write_changed(tx, author, asset, after, at=at, action="found_locked")
    return after


async def _settle(
    tx: Tx,
    author: history.Author,
    before: Asset,
    action: Action,
    *,
    to_id: UUID | None,
    at: datetime,
    evidence: Mapping[str, str],
) -> Asset:
    custody = lifecycle.destination(before, action)
    if (custody, to_id) == (before.custody, lifecycle.holder_id(before)):
        return before
    locked = await tables.look_around(tx, before, shipment_id=before.id, emails=())
    is_due = before.is_sanitisation_due or action is Action.RECEIVE
    label = lifecycle.label_on_arrival(
        locked.labels, locked.status, custody, is_held=locked.is_held, is_sanitisation_due=is_due
    )
    after = lifecycle.hand_over(before, action, to_id=to_id, label=label, at=at)
    await write_handed_over(tx, author, before, after, lifecycle.REASONS[action], at=at, evidence=evidence)
    return after


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
    label = lifecycle.label_on_arrival(
        locked.labels,
        locked.status,
        custody,
        is_held=locked.is_held,
        is_sanitisation_due=before.is_sanitisation_due,
    )
    after = lifecycle.hand_over(before, action, to_id=to_id, label=label, at=at)
    proof = {**evidence, "shipment_id": str(shipment_id)}
    await write_handed_over(tx, author, before, after, lifecycle.REASONS[action], at=at, evidence=proof)
    return after
