"""Process a return: it was opened, what is in it is noted, and its owner is told."""

from collections import Counter
from datetime import datetime

import msgspec

from backhaul.domain.billing.wallet import FeeKind
from backhaul.domain.identity.model import Actor
from backhaul.domain.inventory.model import AssetId
from backhaul.domain.inventory.operations import custody
from backhaul.domain.returns import fees, lifecycle, matching, tables
from backhaul.domain.returns.events import ContentsNoted
from backhaul.domain.returns.model import (
    MAX_WEIGHT_GRAMS,
    Action,
    Policy,
    Return,
    ReturnItem,
    Verdict,
)
from backhaul.domain.returns.operations.identify import clean_rma
from backhaul.domain.returns.operations.receive import evidence
from backhaul.domain.returns.operations.recording import save_move
from backhaul.domain.returns.operations.working import at_table
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.storage import outbox
from backhaul.storage.author import Author
from backhaul.storage.database import Database, Tx


async def process_return(
    db: Database,
    *,
    actor: Actor,
    number: int,
    weight_grams: int,
    policy: Policy,
    now: datetime,
    rma_number: str | None = None,
) -> Return:
    """End the opening of a parcel: from here on its owner sees it, and owes the fee.

    What the wallet does not cover now is collected later. What was expected and not scanned is missing: such a device
    is not in the warehouse, and nobody knows where it is.
    """
    if not 0 < weight_grams <= MAX_WEIGHT_GRAMS:
        text = f"must be 1 to {MAX_WEIGHT_GRAMS} grams"
        raise InvalidInput([FieldProblem("weight_grams", "returns.weight", text)])
    rma_number = clean_rma(rma_number)
    table = await at_table(db, actor=actor, number=number)
    async with db.transaction(table.scope) as tx:
        before = await tables.lock(tx, number)
        opened = msgspec.structs.replace(
            lifecycle.advance(before, Action.PROCESS, at=now),
            weight_grams=weight_grams,
            rma_number=rma_number or before.rma_number,
            process_fee_minor=policy.process_fee_minor,
            currency=policy.currency,
        )
        items = await _close_contents(tx, table.author, opened, at=now)
        fee = policy.process_fee_minor
        is_paid = await fees.charge_if_covered(tx, opened, FeeKind.PROCESS, fee, at=now)
        after = msgspec.structs.replace(opened, is_process_fee_due=not is_paid)
        await save_move(tx, table.author, [(before, after)], action="processed", at=now)
        counts = Counter(item.verdict for item in items)
        told = ContentsNoted(subject_id=after.id, transfer_id=after.transfer_id, counts=dict(counts))
        outbox.record(tx, told, at=now)
    return after


async def _close_contents(tx: Tx, author: Author, one: Return, *, at: datetime) -> list[ReturnItem]:
    """Add what is missing to what was scanned."""
    scanned = await tables.list_items(tx, one.id)
    expected = await tables.list_expected(tx, one.transfer_id)
    others = [
        matching.serial_key(item.serial_number) for item in scanned if item.verdict is Verdict.WRONG_PERSON
    ]
    lines = matching.match(expected, [item.serial_number for item in scanned], of_others=others)
    missing = [
        ReturnItem(
            id=new_id(),
            return_id=one.id,
            position=position,
            serial_number=line.serial_number,
            asset_id=None if line.asset_id is None else AssetId(line.asset_id),
            verdict=Verdict.MISSING,
            has_charger=None,
            is_powering_on=None,
            is_lock_removed=None,
            grade=None,
            noted_at=at,
        )
        for position, line in enumerate(lines[len(scanned) :], len(scanned) + 1)
    ]
    await tables.add_items(tx, missing)
    for asset_id in sorted({item.asset_id for item in missing if item.asset_id is not None}):
        asset = await custody.lock(tx, asset_id)
        if asset is not None and asset.warehouse_id == one.warehouse_id:
            await custody.miss(tx, author, asset, at=at, evidence=evidence(one))
    return [*scanned, *missing]
