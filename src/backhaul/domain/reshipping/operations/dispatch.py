"""Hand the parcel to its carrier, and charge for it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from backhaul.domain.billing import wallet
from backhaul.domain.billing.wallet import FeeKind, FeeLine
from backhaul.domain.holds import require_free
from backhaul.domain.identity.model import Actor
from backhaul.domain.reshipping import lifecycle, tables
from backhaul.domain.reshipping.errors import NotLabelled
from backhaul.domain.reshipping.events import ReshipmentDispatched
from backhaul.domain.reshipping.model import Action, Policy, Reshipment
from backhaul.domain.reshipping.operations.answer import hold_funds
from backhaul.domain.reshipping.operations.following import follow_devices
from backhaul.domain.reshipping.operations.recording import save_move
from backhaul.domain.reshipping.operations.working import at_bench
from backhaul.domain.returns import lock_many, mark_reshipped
from backhaul.domain.shipping import tables as shipping_tables
from backhaul.domain.shipping.model import Shipment, Tracking
from backhaul.domain.shipping.operations import mark_ready
from backhaul.kernel.money import Money
from backhaul.storage import outbox
from backhaul.storage.author import SYSTEM, Author
from backhaul.storage.database import Database, Tx

_VOID = frozenset({Tracking.CANCELLED, Tracking.FAILURE})


async def dispatch_reshipment(db: Database, *, actor: Actor, number: int, now: datetime) -> Reshipment:
    """Note that a labelled parcel was handed to its carrier, and charge the final fee.

    The fee is booked at the estimate, what it differs by as a line of its own. Its returns are Reshipped, its devices
    in the parcel. Said again it changes nothing. Refuses a parcel without a label, and a device on legal hold.
    """
    bench = await at_bench(db, actor=actor, number=number)
    async with db.transaction(bench.scope) as tx:
        before = await tables.lock(tx, number)
        if before.dispatched_at is not None:
            return before
        lifecycle.require(before, Action.DISPATCH)
        shipment = await _labelled(tx, before)
        around = await tables.look_around(tx, before.return_numbers, before.warehouse_id)
        await lock_many(tx, before.return_numbers)
        await require_free(
            tx, asset_ids=around.asset_ids, return_numbers=before.return_numbers, doing="reshipped"
        )
        return await _dispatch(tx, bench.author, before, shipment, around.asset_ids, at=now)


async def dispatch_scanned(
    tx: Tx, one: Reshipment, shipment: Shipment, *, at: datetime, policy: Policy
) -> Reshipment:
    """Note the dispatch of a reshipment whose parcel its carrier has scanned though nobody noted it; both are locked.

    A scan is a fact: no legal hold stops what has left. Money that came free meanwhile is set aside once more on these
    terms, whether anybody has heard of its end or not; refuses when the wallet does not cover it any more.
    """
    around = await tables.look_around(tx, one.return_numbers, one.warehouse_id)
    return await _dispatch(tx, SYSTEM, one, shipment, around.asset_ids, at=at, holds_again=policy)


async def _dispatch(
    tx: Tx,
    author: Author,
    before: Reshipment,
    shipment: Shipment,
    asset_ids: Sequence[UUID],
    *,
    at: datetime,
    holds_again: Policy | None = None,
) -> Reshipment:
    await mark_reshipped(tx, before.id, at, author=author)
    ready = await mark_ready(tx, shipment, at=at)
    changes = {
        "service": shipment.carrier.value if shipment.carrier else None,  # the carrier (contract §3.7)
        "tracking_number": shipment.tracking_number,
        "reship_fee_minor": before.final_fee_minor,
    }
    after = lifecycle.advance(before, Action.DISPATCH, at=at, changes=changes)
    await follow_devices(tx, author, after, ready, asset_ids)
    hold_id = after.hold_id
    assert hold_id is not None
    if holds_again is not None and not await wallet.is_held(tx, hold_id):
        fee = Money(after.reship_fee_minor, after.currency)
        hold_id = await hold_funds(tx, author, before, fee, policy=holds_again, at=at)
        after = msgspec.structs.replace(after, hold_id=hold_id)
    await wallet.capture_hold(tx, hold_id, fee_lines(after), at, author=author)
    await save_move(tx, author, before, after, action="dispatched", at=at)
    _tell(tx, after, at=at)
    return after


def fee_lines(one: Reshipment) -> list[FeeLine]:
    """Return what a reshipment is charged: what was approved, and by how much the final fee differs."""
    approved = one.estimated_fee_minor
    return [
        FeeLine(FeeKind.RESHIP, approved, f"Reshipment {one.number}"),
        FeeLine(
            FeeKind.RESHIP_DIFFERENCE,
            one.reship_fee_minor - approved,
            f"Reshipment {one.number}: difference from the estimate",
        ),
    ]


async def _labelled(tx: Tx, one: Reshipment) -> Shipment:
    if one.shipment_id is not None:
        shipment = await shipping_tables.lock(tx, one.shipment_id)
        if shipment.has_label and shipment.status not in _VOID:
            return shipment
    raise NotLabelled(number=one.number)


def _tell(tx: Tx, one: Reshipment, *, at: datetime) -> None:
    assert one.tracking_number is not None
    dispatched = ReshipmentDispatched(
        subject_id=one.id,
        number=one.number,
        tracking_number=one.tracking_number,
        reship_fee_minor=one.reship_fee_minor,
        currency=one.currency,
    )
    outbox.record(tx, dispatched, at=at)
