"""Take back that a warehouse received an asset: somebody scanned the wrong thing."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from backhaul.domain.inventory import lifecycle, tables
from backhaul.domain.inventory.locking import statements
from backhaul.domain.inventory.model import Asset, Custody, Reason, StatusLabel, StatusType
from backhaul.domain.inventory.operations.recording import write_handed_over
from backhaul.domain.inventory.tables import Locked
from backhaul.storage import history
from backhaul.storage.database import Tx
from backhaul.storage.rows import optional


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """How an asset was before a warehouse received it."""

    sequence: int  # the receipt's in the ledger
    custody: Custody
    to_id: UUID | None
    is_sanitisation_due: bool
    label: StatusLabel | None  # None: the receipt did not change it, or somebody has since


async def take_back_receipt(
    tx: Tx,
    author: history.Author,
    asset: Asset,
    *,
    return_number: int,
    is_locked: bool = False,
    at: datetime,
    evidence: Mapping[str, str],
) -> Asset:
    """Give a locked row's asset back to whoever had it before a return's receipt, with the status it had.

    Nothing changes for one that has changed hands since. What was found locked to an account stays to be sanitised.
    Reports about the parcel it was in before count again.
    """
    before = await _find_before(tx, asset, return_number)
    if before is None:
        return asset
    locked = await tables.look_around(tx, asset, shipment_id=asset.id, emails=())
    is_due = before.is_sanitisation_due or is_locked
    label = _label(locked, before, is_due=is_due)
    after = lifecycle.restore(
        asset, before.custody, to_id=before.to_id, label=label, is_sanitisation_due=is_due, at=at
    )
    # Without the shipment: what is reported of it later is not over by this.
    kept = {name: value for name, value in evidence.items() if name != "shipment_id"}
    proof = {**kept, "undoes": str(before.sequence)}
    await write_handed_over(tx, author, asset, after, Reason.CORRECTED, at=at, evidence=proof)
    return after


async def pass_receipt_on(
    tx: Tx,
    author: history.Author,
    asset: Asset,
    *,
    return_number: int,
    at: datetime,
    evidence: Mapping[str, str],
) -> Asset:
    """Note that a locked row's asset lies in its warehouse by another return, which `evidence` names, all the same.

    Nothing changes for one that has changed hands since its receipt in the return with this number. It is there since
    then, and when the other receipt is taken back, too, it is with whoever had it before both.
    """
    before = await _find_before(tx, asset, return_number)
    if before is None:
        return asset
    after = msgspec.structs.replace(
        asset,
        custody_count=asset.custody_count + 1,
        updated_at=max(at, asset.updated_at),
        version=asset.version + 1,
    )
    proof = {**evidence, "replaces": str(before.sequence)}
    await write_handed_over(tx, author, asset, after, Reason.RECEIVED, at=at, evidence=proof)
    return after


async def _find_before(tx: Tx, asset: Asset, return_number: int) -> Before | None:
    row = await tx.fetchrow(
        statements.BEFORE_RECEIPT, tx.org_id, asset.id, asset.custody_count, str(return_number)
    )
    return optional(Before, row)


def _label(locked: Locked, before: Before, *, is_due: bool) -> StatusLabel:
    label = before.label or locked.status
    is_fitting = label.type in lifecycle.STATUSES[before.custody]
    # What is held may be in use by whom it was when it was held.
    is_as_it_was = before.label is not None and before.custody is Custody.EMPLOYEE
    is_refused = locked.is_held and label.type is not StatusType.UNDEPLOYABLE and not is_as_it_was
    is_kept_back = is_refused or (is_due and label.type is StatusType.DEPLOYABLE)
    if is_fitting and not is_kept_back:
        return label
    return lifecycle.label_on_arrival(
        locked.labels, locked.status, before.custody, is_held=locked.is_held, is_sanitisation_due=is_due
    )
