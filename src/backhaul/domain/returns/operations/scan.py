"""Scan what is in a parcel, one device after the other, and note how each looks."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor
from backhaul.domain.inventory.model import AssetId
from backhaul.domain.inventory.operations import custody
from backhaul.domain.returns import lifecycle, matching, tables
from backhaul.domain.returns.errors import SerialUnscanned
from backhaul.domain.returns.events import ChargerNoted
from backhaul.domain.returns.model import Action, Checklist, Return, ReturnItem, Status, Verdict
from backhaul.domain.returns.operations.locks import note_locked, scans_of
from backhaul.domain.returns.operations.receive import evidence
from backhaul.domain.returns.operations.working import Table, at_table
from backhaul.domain.returns.tables import Known
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.kernel.writing import is_writable
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Tx

MAX_SERIAL_LENGTH = 200


async def scan_device(
    db: Database,
    *,
    actor: Actor,
    number: int,
    serial_number: str,
    now: datetime,
    seen: Checklist | None = None,
) -> ReturnItem:
    """Note a device that lies in the opened parcel, and return what it is next to what was expected.

    A known device of the owner is in the warehouse from here on, whoever was said to have it. Refused once the return
    was processed.
    """
    serial_number = clean_serial(serial_number)
    table = await at_table(db, actor=actor, number=number)
    async with db.transaction(table.scope) as tx:
        one = await tables.lock(tx, number)
        lifecycle.require(one, Action.PROCESS)
        item = await _judge(tx, one, serial_number, seen or Checklist(), at=now)
        await tables.add_items(tx, [item])
        subject = ("return", one.id)
        history.note(tx, table.author, subject=subject, action="scanned", at=now, after=item)
        if item.asset_id is not None and item.verdict is not Verdict.DUPLICATE:
            await _receive(tx, table, one, item.asset_id, at=now)
        if seen is not None and seen.is_lock_removed is False:
            await _find_locked(tx, table, one, item, at=now)
    return item


async def check_device(
    db: Database, *, actor: Actor, number: int, serial_number: str, seen: Checklist, now: datetime
) -> ReturnItem:
    """Write down what was looked at on a scanned device; what was not looked at this time stays as it was.

    Found locked, it has to be sanitised once more. Whether it is locked is said of all its scans in the return. Refused
    once the device was sent on or discarded.
    """
    table = await at_table(db, actor=actor, number=number)
    async with db.transaction(table.scope) as tx:
        one = await tables.lock(tx, number)
        lifecycle.require_here(one)
        items = await tables.list_items(tx, one.id)
        before = _find_scanned(items, serial_number)
        if before is None:
            raise SerialUnscanned(serial_number=serial_number, number=number)
        after = await _write_down(tx, table, one, before, seen, at=now)
        if seen.is_lock_removed is not None:
            lock = Checklist(is_lock_removed=seen.is_lock_removed)
            for other in scans_of(items, before):
                if other.id != before.id:
                    await _write_down(tx, table, one, other, lock, at=now)
        if seen.is_lock_removed is False:
            await _find_locked(tx, table, one, after, at=now)
        is_told = one.status is not Status.RECEIVED  # before that, its contents are told when it is processed
        if is_told and after.has_charger is not before.has_charger:
            outbox.record(tx, ChargerNoted(subject_id=one.id, transfer_id=one.transfer_id), at=now)
    return after


def clean_serial(serial_number: str) -> str:
    """Return a scanned serial number without surrounding space, or refuse."""
    cleaned = serial_number.strip()
    if not cleaned or len(cleaned) > MAX_SERIAL_LENGTH or not is_writable(cleaned):
        text = f"must have 1 to {MAX_SERIAL_LENGTH} characters on one line"
        raise InvalidInput([FieldProblem("serial_number", "returns.serial_number", text)])
    return cleaned


async def _judge(tx: Tx, one: Return, serial_number: str, seen: Checklist, *, at: datetime) -> ReturnItem:
    """Return the next line of a return's contents; those before it stay as they were judged."""
    items = await tables.list_items(tx, one.id)
    expected = await tables.list_expected(tx, one.transfer_id)
    known = await tables.find_known(tx, serial_number, transfer_id=one.transfer_id)
    others = {
        matching.serial_key(item.serial_number) for item in items if item.verdict is Verdict.WRONG_PERSON
    }
    if known.is_of_others:
        others.add(matching.serial_key(serial_number))
    scans = [*(item.serial_number for item in items), serial_number]
    line = matching.match(expected, scans, of_others=others)[len(items)]
    asset_id = known.asset_id if line.asset_id is None else AssetId(line.asset_id)
    verdict = line.verdict
    if verdict is not Verdict.MATCHED and _is_among(items, known):
        verdict = Verdict.DUPLICATE  # the inventory or a recovery knows it by another spelling
    return ReturnItem(
        id=new_id(),
        return_id=one.id,
        position=max((item.position for item in items), default=0) + 1,
        serial_number=serial_number,
        asset_id=asset_id,
        verdict=verdict,
        has_charger=seen.has_charger,
        is_powering_on=seen.is_powering_on,
        is_lock_removed=seen.is_lock_removed,
        grade=seen.grade,
        noted_at=at,
    )


def _is_among(items: Sequence[ReturnItem], known: Known) -> bool:
    if known.asset_id is not None:
        return known.asset_id in {item.asset_id for item in items}
    strangers = [item.serial_number for item in items if item.verdict is Verdict.WRONG_PERSON]
    return known.is_of_others and any(known.serial_key in matching.readings(scan) for scan in strangers)


def _find_scanned(items: Sequence[ReturnItem], serial_number: str) -> ReturnItem | None:
    """Return the line of a device that was scanned before: as it is spelled now, else by any other reading."""
    scanned = [item for item in items if item.verdict is not Verdict.MISSING]
    key = matching.serial_key(serial_number)
    for item in scanned:
        if matching.serial_key(item.serial_number) == key:
            return item
    read = set(matching.readings(serial_number))
    return next((item for item in scanned if read & set(matching.readings(item.serial_number))), None)


async def _receive(tx: Tx, table: Table, one: Return, asset_id: AssetId, *, at: datetime) -> None:
    asset = await custody.lock(tx, asset_id)
    if asset is not None:
        await custody.receive(
            tx, table.author, asset, warehouse_id=one.warehouse_id, at=at, evidence=evidence(one)
        )


async def _write_down(
    tx: Tx, table: Table, one: Return, before: ReturnItem, seen: Checklist, *, at: datetime
) -> ReturnItem:
    merged = Checklist(
        **{
            name: getattr(before, name) if getattr(seen, name) is None else getattr(seen, name)
            for name in Checklist.__struct_fields__
        }
    )
    await tables.save_checklist(tx, before.id, merged)
    after = _looked_at(before, merged)
    subject = ("return", one.id)
    history.note(tx, table.author, subject=subject, action="checked", at=at, before=before, after=after)
    return after


async def _find_locked(tx: Tx, table: Table, one: Return, item: ReturnItem, *, at: datetime) -> None:
    asset = None if item.asset_id is None else await custody.lock(tx, item.asset_id)
    if asset is not None:
        await note_locked(tx, table.author, one, asset, since=item.noted_at, at=at)


def _looked_at(item: ReturnItem, seen: Checklist) -> ReturnItem:
    return msgspec.structs.replace(
        item,
        has_charger=seen.has_charger,
        is_powering_on=seen.is_powering_on,
        is_lock_removed=seen.is_lock_removed,
        grade=seen.grade,
    )
