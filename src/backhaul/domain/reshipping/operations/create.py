"""Have returns sent on."""

from collections.abc import Collection, Sequence
from datetime import datetime

from backhaul.domain.billing.model import Quote
from backhaul.domain.billing.rates import RateCard, quote_reship
from backhaul.domain.holds import require_free
from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.reshipping import lifecycle, tables
from backhaul.domain.reshipping.checking import checked
from backhaul.domain.reshipping.errors import ReturnsUnknown, WarehousesDiffer
from backhaul.domain.reshipping.events import ReshipmentCreated
from backhaul.domain.reshipping.model import NewReshipment, Policy, Reshipment, ReshipmentId, Status
from backhaul.domain.reshipping.operations.recording import tell_quoted
from backhaul.domain.returns import LISTED, Return, lock_many, take_for_reshipping
from backhaul.domain.returns.lifecycle import require
from backhaul.domain.returns.model import Action
from backhaul.kernel.ids import new_id
from backhaul.storage import history, outbox
from backhaul.storage.database import Database, Tx


async def create_reshipment(
    db: Database, *, actor: Actor, new: NewReshipment, card: RateCard, policy: Policy, now: datetime
) -> Reshipment:
    """Have returns of one warehouse sent on as one parcel; they are Reshipping from here on (contract §3.7).

    A single return is quoted at once by the rate card; several wait for the warehouse's estimate. Refuses returns that
    there are not or that cannot go, several warehouses, a place nothing is sent to, and a device on legal hold.
    """
    new = checked(new)
    async with db.transaction(actor.scope(Right.RETURNS_WRITE)) as tx:
        found = await lock_many(tx, new.return_numbers)
        _require_all(found, new.return_numbers)
        around = await tables.look_around(tx, new.return_numbers, found[0].warehouse_id)
        await require_free(
            tx, asset_ids=around.asset_ids, return_numbers=new.return_numbers, doing="reshipped"
        )
        quote = None
        if len(found) == 1:
            quote = quote_reship(
                card,
                origin_country=around.origin.country_code,
                to_country=new.to.country_code,
                weight_grams=found[0].weight_grams,
                parcels=1,
            )
        wanted = _opened(new, found, quote, actor=actor, card=card, policy=policy, at=now)
        one = await tables.add(tx, wanted)
        await take_for_reshipping(tx, found, one.id, now, author=actor.author)
        _note_created(tx, actor.author, one, at=now)
    return one


def _require_all(found: Sequence[Return], numbers: Collection[int]) -> None:
    missing = sorted(set(numbers) - {one.number for one in found if one.status in LISTED})
    if missing:
        raise ReturnsUnknown(numbers=", ".join(str(number) for number in missing))
    for one in found:
        require(one, Action.TAKE)
    warehouses = sorted({one.warehouse_code for one in found})
    if len(warehouses) > 1:
        raise WarehousesDiffer(warehouses=", ".join(warehouses))


def _opened(
    new: NewReshipment,
    found: Sequence[Return],
    quote: Quote | None,
    *,
    actor: Actor,
    card: RateCard,
    policy: Policy,
    at: datetime,
) -> Reshipment:
    return Reshipment(
        id=ReshipmentId(new_id()),
        org_id=actor.org_id,
        number=0,
        status=Status.PENDING,
        contents=new.contents,
        value_minor=new.value_minor,
        currency=card.currency,
        to=new.to,
        warehouse_id=found[0].warehouse_id,
        warehouse_code=found[0].warehouse_code,
        return_numbers=new.return_numbers,
        estimated_fee_minor=quote.total.amount_minor if quote else 0,
        estimate_lines=quote.lines if quote else (),
        weight_grams=found[0].weight_grams if quote else 0,
        final_fee_minor=None,
        reship_fee_minor=0,
        hold_id=None,
        shipment_id=None,
        service=None,
        tracking_number=None,
        created_at=at,
        expires_at=lifecycle.expires_at(policy, since=at),
        answered_at=None,
        dispatched_at=None,
        ended_at=None,
        updated_at=at,
        version=1,
    )


def _note_created(tx: Tx, author: history.Author, one: Reshipment, *, at: datetime) -> None:
    history.note(tx, author, subject=("reshipment", one.id), action="created", at=at, after=one)
    created = ReshipmentCreated(
        subject_id=one.id,
        number=one.number,
        estimated_fee_minor=one.estimated_fee_minor,
        currency=one.currency,
    )
    outbox.record(tx, created, at=at)
    if one.estimated_fee_minor:
        tell_quoted(tx, one, at=at)
