"""Take back a wrong scan of a device, as long as its parcel is open."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from backhaul.domain.holds import require_free
from backhaul.domain.identity.model import Actor
from backhaul.domain.returns import lifecycle, matching, tables
from backhaul.domain.returns.errors import ScanProven, SerialUnscanned
from backhaul.domain.returns.events import ScanTakenBack
from backhaul.domain.returns.matching import Expected
from backhaul.domain.returns.model import Action, Return, ReturnItem, Verdict
from backhaul.domain.returns.operations.giving_back import give_back
from backhaul.domain.returns.operations.working import at_table
from backhaul.storage import history, outbox
from backhaul.storage.author import Author
from backhaul.storage.database import Database, Tx


async def take_back_scan(
    db: Database, *, actor: Actor, number: int, serial_number: str, now: datetime
) -> ReturnItem:
    """Take a device off an open parcel's contents, and return its line: of several scans the last one.

    A device that was not expected there is with whoever had it before, unless it has changed hands since or another
    parcel has it. Refused once the parcel was processed, while a legal hold covers the device or the parcel, and for a
    device that was sanitised in it.
    """
    table = await at_table(db, actor=actor, number=number)
    async with db.transaction(table.scope) as tx:
        one = await tables.lock(tx, number)
        lifecycle.require(one, Action.PROCESS)
        items = await tables.list_items(tx, one.id)
        item = _last_scan_of(items, serial_number)
        if item is None:
            raise SerialUnscanned(serial_number=serial_number, number=number)
        asset_ids = [] if item.asset_id is None else [item.asset_id]
        await require_free(tx, asset_ids=asset_ids, return_numbers=[number], doing="taken out of its return")
        if await tables.is_proven(tx, item):
            raise ScanProven(serial_number=item.serial_number, number=number)
        expected = await tables.list_expected(tx, one.transfer_id)
        await tables.remove_item(tx, item.id)
        subject = ("return", one.id)
        history.note(tx, table.author, subject=subject, action="scan_taken_back", at=now, before=item)
        outbox.record(tx, ScanTakenBack(subject_id=one.id, asset_id=item.asset_id), at=now)
        await _match_again(
            tx, table.author, one, expected, [kept for kept in items if kept is not item], at=now
        )
        if item.asset_id is not None and _is_received_alone(item, expected):
            is_locked = item.is_lock_removed is False
            await give_back(tx, table.author, one, item.asset_id, is_locked=is_locked, at=now)
    return item


async def _match_again(
    tx: Tx,
    author: Author,
    one: Return,
    expected: Sequence[Expected],
    kept: Sequence[ReturnItem],
    *,
    at: datetime,
) -> None:
    """Note what is expected after all, since the scan that was taken for it is gone."""
    others = [
        matching.serial_key(item.serial_number) for item in kept if item.verdict is Verdict.WRONG_PERSON
    ]
    lines = matching.match(expected, [item.serial_number for item in kept], of_others=others)
    matched = [
        item
        for item, line in zip(kept, lines, strict=False)  # behind those scanned are those missing
        if item.verdict is Verdict.UNEXPECTED and line.verdict is Verdict.MATCHED
    ]
    if matched:
        await tables.save_matched(tx, [item.id for item in matched])
    for item in matched:
        after = msgspec.structs.replace(item, verdict=Verdict.MATCHED)
        history.note(
            tx, author, subject=("return", one.id), action="scanned", at=at, before=item, after=after
        )


def _is_received_alone(item: ReturnItem, expected: Sequence[Expected]) -> bool:
    """Tell whether a line's device is in the warehouse because it was scanned, and not because its parcel is there."""
    return item.verdict is not Verdict.DUPLICATE and item.asset_id not in {one.asset_id for one in expected}


def _last_scan_of(items: Sequence[ReturnItem], serial_number: str) -> ReturnItem | None:
    """Return the last line of a device: as it is spelled there, else by any other reading, or by the same asset."""
    key, read = matching.serial_key(serial_number), set(matching.readings(serial_number))
    named = [item for item in items if matching.serial_key(item.serial_number) == key] or [
        item for item in items if read & set(matching.readings(item.serial_number))
    ]
    assets = {item.asset_id for item in named} - {None}
    scans = [item for item in items if item in named or item.asset_id in assets]
    return scans[-1] if scans else None
