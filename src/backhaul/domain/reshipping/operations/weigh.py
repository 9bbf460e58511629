"""Weigh the packed parcel, and have its label bought."""

from datetime import datetime

from backhaul.domain.billing import wallet
from backhaul.domain.billing.model import Quote
from backhaul.domain.billing.rates import RateCard, quote_reship
from backhaul.domain.holds import require_free
from backhaul.domain.identity.model import Actor
from backhaul.domain.reshipping import lifecycle, tables
from backhaul.domain.reshipping.model import (
    PARCEL_SUBJECT,
    Action,
    Policy,
    Reshipment,
    Surroundings,
)
from backhaul.domain.reshipping.operations.answer import hold_funds
from backhaul.domain.reshipping.operations.quote import weight_problems
from backhaul.domain.reshipping.operations.recording import save_move
from backhaul.domain.reshipping.operations.reopen import reopen
from backhaul.domain.reshipping.operations.working import at_bench
from backhaul.domain.returns import lock_many
from backhaul.domain.shipping.model import Leg, Parcel
from backhaul.domain.shipping.operations import NewShipment, open_shipments
from backhaul.kernel.errors import InvalidInput
from backhaul.kernel.measures import Dimensions
from backhaul.storage import history
from backhaul.storage.database import Database, Tx

BOX_MM = (406, 305, 152)  # outside of the general box, 16 × 12 × 6 inches


async def weigh_and_label(
    db: Database,
    *,
    actor: Actor,
    number: int,
    weight_grams: int,
    card: RateCard,
    policy: Policy,
    now: datetime,
    box_mm: tuple[int, int, int] = BOX_MM,
) -> Reshipment:
    """Note what an approved reshipment weighs in its box, and have its label bought at the final fee.

    Above the organization's tolerance no label is bought: the money is free again and the new estimate waits for an
    answer (contract §3.9, B22). A dearer one within it is set aside now; refuses when the wallet is short of the
    difference. Refuses a parcel that was weighed before, and a device on legal hold.
    """
    problems = weight_problems(card, weight_grams)
    if problems:
        raise InvalidInput(problems)
    bench = await at_bench(db, actor=actor, number=number)
    async with db.transaction(bench.scope) as tx:
        before = await tables.lock(tx, number)
        lifecycle.require_unweighed(before)
        around = await tables.look_around(tx, before.return_numbers, before.warehouse_id)
        await lock_many(tx, before.return_numbers)
        await require_free(
            tx, asset_ids=around.asset_ids, return_numbers=before.return_numbers, doing="reshipped"
        )
        quote = quote_reship(
            card,
            origin_country=around.origin.country_code,
            to_country=before.to.country_code,
            weight_grams=weight_grams,
            parcels=before.return_count,
        )
        percent = policy.tolerance_percent if around.tolerance_percent is None else around.tolerance_percent
        if not lifecycle.is_within(before, quote.total.amount_minor, tolerance_percent=percent):
            reason = f"The final fee exceeds the estimate by more than {percent} %."
            return await reopen(
                tx,
                bench.author,
                before,
                policy=policy,
                at=now,
                reason=reason,
                quote=quote,
                weight_grams=weight_grams,
            )
        hold_id = await _hold_all(tx, bench.author, before, quote, policy=policy, at=now)
        opened = await open_shipments(
            tx,
            author=bench.author,
            subject=(PARCEL_SUBJECT, hold_id),
            parcels=[_parcel(before, around, Dimensions(*box_mm, weight_grams))],
            at=now,
        )
        changes = {
            "weight_grams": weight_grams,
            "final_fee_minor": quote.total.amount_minor,
            "hold_id": hold_id,
            "shipment_id": opened[Leg.ONWARD].id,
        }
        after = lifecycle.advance(before, Action.WEIGH, at=now, changes=changes)
        await save_move(tx, bench.author, before, after, action="weighed", at=now)
    return after


async def _hold_all(
    tx: Tx, author: history.Author, one: Reshipment, quote: Quote, *, policy: Policy, at: datetime
) -> wallet.HoldId:
    """Return the hold that covers the final fee: the same one unless the fee is higher than what it holds."""
    assert one.hold_id is not None
    if quote.total.amount_minor <= one.estimated_fee_minor:
        return one.hold_id
    await wallet.release_hold(tx, one.hold_id, at, author=author)
    return await hold_funds(tx, author, one, quote.total, policy=policy, at=at)


def _parcel(one: Reshipment, around: Surroundings, size: Dimensions) -> NewShipment:
    """Return the packed parcel. Its carrier looks for it from the dispatch on."""
    parcel = Parcel(
        origin=around.origin,
        destination=one.to.address,
        size=size,
        reference=f"RS-{one.number} {Leg.ONWARD.value}",
    )
    return NewShipment(leg=Leg.ONWARD, parcel=parcel, carrier=None, ready_at=None)
