"""Receive a parcel: scanned at a warehouse, it is noted there, and opened as a return in its owner's organization."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor
from backhaul.domain.inventory.model import Asset, AssetId, Custody
from backhaul.domain.inventory.operations import custody
from backhaul.domain.returns import tables, tasks
from backhaul.domain.returns.errors import ReceivedElsewhere, ReturnUnknown
from backhaul.domain.returns.events import ParcelReceived, ReturnReceived
from backhaul.domain.returns.mistakes.tables import keep_intake
from backhaul.domain.returns.model import Intake, IntakeId, Return, ReturnId, Status, Warehouse
from backhaul.domain.returns.operations import recognising
from backhaul.domain.returns.operations.working import operator_author, operator_scope
from backhaul.domain.returns.queries import get_warehouse, list_warehouses
from backhaul.domain.returns.scanning import clean_number, printed_number
from backhaul.kernel.ids import new_id
from backhaul.storage import history, outbox
from backhaul.storage.author import Author
from backhaul.storage.database import Database, Scope, Tx


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel in the warehouse, and its return once its owner is known."""

    intake: Intake
    one: Return | None
    is_new: bool  # False: it was scanned before


async def receive_parcel(
    db: Database,
    *,
    actor: Actor,
    warehouse: str,
    tracking_number: str,
    is_announced_only: bool = False,
    now: datetime,
) -> Received:
    """Receive a parcel by what the scanner reads; scanned again, it is found.

    Two transactions, one in each organization. A job does the second, too: should we die between them, it comes late.
    Refuses a parcel that was received in another warehouse; and where only announced ones are wanted, what nobody
    expects, by another name if it is a known device's serial number, tag or IMEI.
    """
    scope = operator_scope(actor)
    place = await get_warehouse(db, code=warehouse)
    if is_announced_only:
        await recognising.require_announced(db, scope=scope, scan=tracking_number)
    intake, is_new = await note_parcel(
        db, actor=actor, warehouse=place, tracking_number=tracking_number, now=now
    )
    if intake.owner_org_id is None:
        return Received(intake=intake, one=None, is_new=is_new)
    one = await open_return(db, intake=intake, warehouse=place, author=operator_author(actor), now=now)
    return Received(intake=intake, one=one, is_new=is_new)


async def note_parcel(
    db: Database, *, actor: Actor, warehouse: Warehouse, tracking_number: str, now: datetime
) -> tuple[Intake, bool]:
    """Note in the operator's organization that a parcel is here, and whose it is if that can be told."""
    scope = operator_scope(actor)
    number = clean_number(tracking_number)
    expected = await recognising.find_expected(db, number)
    new = Intake(
        id=IntakeId(new_id()),
        org_id=scope.org_id,
        number=0,
        warehouse_id=warehouse.id,
        tracking_number=expected.tracking_number if expected else printed_number(number),
        owner_org_id=None if expected is None else expected.org_id,
        return_id=ReturnId(new_id()) if expected else None,
        shipment_id=None if expected is None else expected.shipment_id,
        transfer_id=None if expected is None else expected.transfer_id,
        rma_number=None,
        received_at=now,
        identified_at=now if expected else None,
        version=1,
    )
    async with db.transaction(scope) as tx:
        intake, is_new = await tables.note_intake(tx, new)
        if is_new:
            _note_received(tx, actor.author, intake, at=now)
    if intake.warehouse_id != warehouse.id:
        await _refuse_elsewhere(db, intake)
    return intake, is_new


def _note_received(tx: Tx, author: Author, intake: Intake, *, at: datetime) -> None:
    history.note(tx, author, subject=("intake", intake.id), action="received", at=at, after=intake)
    outbox.record(
        tx, ParcelReceived(subject_id=intake.id, is_identified=intake.owner_org_id is not None), at=at
    )
    if intake.owner_org_id is not None:
        tasks.open_return.enqueue(tx, intake_id=intake.id)


async def _refuse_elsewhere(db: Database, intake: Intake) -> None:
    codes = {one.id: one.code for one in await list_warehouses(db)}
    raise ReceivedElsewhere(
        tracking_number=intake.tracking_number, warehouse=codes[intake.warehouse_id], number=intake.number
    )


async def open_return(
    db: Database, *, intake: Intake, warehouse: Warehouse, author: Author, now: datetime
) -> Return:
    """Open the return of an identified intake in its owner's organization. Safe to run twice.

    Every device that should be in the parcel is in the warehouse from its receipt on: nobody looked inside yet. Refuses
    an intake that was dropped meanwhile.
    """
    assert intake.owner_org_id is not None
    assert intake.return_id is not None
    one = _new_return(intake, warehouse, at=now)
    async with db.transaction(Scope(intake.owner_org_id)) as tx:
        if not await keep_intake(tx, intake):
            raise ReturnUnknown(number=intake.number)
        if not await tables.open_return(tx, one):
            present = await tables.lock_by_id(tx, one.id)
            if present is None:  # it is being dropped at this moment
                raise ReturnUnknown(number=intake.number)
            return present
        history.note(tx, author, subject=("return", one.id), action="received", at=now, after=one)
        outbox.record(tx, ReturnReceived(subject_id=one.id, transfer_id=one.transfer_id), at=now)
        expected = await tables.list_expected(tx, one.transfer_id)
        asset_ids = sorted({AssetId(each.asset_id) for each in expected if each.asset_id is not None})
        await take_in_devices(tx, author, one, asset_ids, at=intake.received_at)
    return one


async def take_in_devices(
    tx: Tx, author: Author, one: Return, asset_ids: Sequence[AssetId], *, at: datetime
) -> None:
    """Note that devices lie in a return's warehouse: all but those that another parcel has by now."""
    for asset_id in asset_ids:
        asset = await custody.lock(tx, asset_id)
        if asset is not None and not _is_elsewhere(asset, one):
            await custody.receive(
                tx, author, asset, warehouse_id=one.warehouse_id, at=at, evidence=evidence(one)
            )


def evidence(one: Return) -> dict[str, str]:
    """Return what the custody ledger keeps of a return."""
    known = {
        "return": str(one.number),
        "warehouse": one.warehouse_code,
        "tracking_number": one.tracking_number,
        "transfer_id": None if one.transfer_id is None else str(one.transfer_id),
        # By this a late scan of the same parcel is known to be over.
        "shipment_id": None if one.shipment_id is None else str(one.shipment_id),
    }
    return {name: value for name, value in known.items() if value is not None}


def _is_elsewhere(asset: Asset, one: Return) -> bool:
    is_in_other_parcel = asset.custody is Custody.PARCEL and asset.shipment_id != one.shipment_id
    return is_in_other_parcel or asset.custody is Custody.WAREHOUSE


def _new_return(intake: Intake, warehouse: Warehouse, *, at: datetime) -> Return:
    assert intake.owner_org_id is not None
    assert intake.return_id is not None
    return Return(
        id=intake.return_id,
        org_id=intake.owner_org_id,
        number=intake.number,
        intake_id=intake.id,
        warehouse_id=warehouse.id,
        warehouse_code=warehouse.code,
        status=Status.RECEIVED,
        status_before_reshipping=None,
        reshipment_id=None,
        tracking_number=intake.tracking_number,
        shipment_id=intake.shipment_id,
        transfer_id=intake.transfer_id,
        rma_number=intake.rma_number,
        weight_grams=0,
        process_fee_minor=0,
        is_process_fee_due=False,
        verify_fee_minor=0,
        currency="USD",
        message_count=0,
        received_at=intake.received_at,
        processed_at=None,
        verified_at=None,
        discarded_at=None,
        updated_at=at,
        version=1,
    )
