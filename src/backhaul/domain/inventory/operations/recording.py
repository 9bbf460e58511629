"""The one way an asset is written: row, hand-over, history and event together, in one statement."""

from collections.abc import Mapping
from datetime import datetime

from backhaul.domain.inventory import lifecycle, tables
from backhaul.domain.inventory.events import AssetAdded, AssetChanged, AssetHandedOver
from backhaul.domain.inventory.model import Asset, Reason
from backhaul.storage import history, outbox
from backhaul.storage.database import Tx


async def write_added(tx: Tx, author: history.Author, asset: Asset, *, at: datetime) -> None:
    """Write a new asset and how it came in; refuses a serial number that was taken meanwhile."""
    tables.add(tx, asset)
    tables.append_hand_over(tx, lifecycle.custody_event(None, asset, Reason.ADDED, author, {}))
    history.note(tx, author, subject=("asset", asset.id), action=Reason.ADDED.value, at=at, after=asset)
    outbox.record(tx, AssetAdded(subject_id=asset.id), at=at)
    await tables.write(tx, asset)


async def write_changed(
    tx: Tx,
    author: history.Author,
    before: Asset,
    after: Asset,
    *,
    at: datetime,
    action: str = "changed",
) -> None:
    """Write what is written down about an asset, which stays where it was."""
    tables.save(tx, after)
    history.note(tx, author, subject=("asset", after.id), action=action, at=at, before=before, after=after)
    outbox.record(tx, AssetChanged(subject_id=after.id), at=at)
    await tables.write(tx, after)


async def write_handed_over(
    tx: Tx,
    author: history.Author,
    before: Asset,
    after: Asset,
    reason: Reason,
    *,
    at: datetime,
    evidence: Mapping[str, str] | None = None,
    note: str | None = None,
) -> None:
    """Write an asset with its next holder, and append the hand-over to the ledger."""
    tables.save(tx, after)
    event = lifecycle.custody_event(before, after, reason, author, dict(evidence or {}))
    tables.append_hand_over(tx, event)
    history.note(
        tx,
        author,
        subject=("asset", after.id),
        action=reason.value,
        at=at,
        before=before,
        after=after,
        reason=note,
    )
    told = AssetHandedOver(
        subject_id=after.id,
        reason=reason,
        from_custody=before.custody,
        from_id=event.from_id,
        to_custody=after.custody,
        to_id=event.to_id,
    )
    outbox.record(tx, told, at=at)
    await tables.write(tx, after)
