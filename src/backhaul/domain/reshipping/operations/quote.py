"""Enter an estimate."""

from datetime import datetime

from backhaul.domain.billing.model import Quote, QuoteLine
from backhaul.domain.billing.rates import RateCard, quote_reship
from backhaul.domain.identity.model import Actor
from backhaul.domain.reshipping import lifecycle, tables
from backhaul.domain.reshipping.model import Action, Reshipment
from backhaul.domain.reshipping.operations.recording import save_move
from backhaul.domain.reshipping.operations.working import at_bench
from backhaul.domain.returns.operations.working import operator_scope
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.money import Money
from backhaul.storage.database import Database

MAX_FEE_MINOR = 10_000_000


async def quote_reshipment(
    db: Database,
    *,
    actor: Actor,
    number: int,
    card: RateCard,
    now: datetime,
    weight_grams: int | None = None,
    fee_minor: int | None = None,
) -> Reshipment:
    """Enter what a pending reshipment is going to cost: by the rate card for its weight, or as the operator says.

    Entered again it is corrected. Refuses a reshipment that was answered.
    """
    operator_scope(actor)
    _check(card, weight_grams, fee_minor)
    bench = await at_bench(db, actor=actor, number=number)
    async with db.transaction(bench.scope) as tx:
        before = await tables.lock(tx, number)
        lifecycle.require(before, Action.QUOTE)
        if fee_minor is None:
            assert weight_grams is not None
            around = await tables.look_around(tx, before.return_numbers, before.warehouse_id)
            quote = quote_reship(
                card,
                origin_country=around.origin.country_code,
                to_country=before.to.country_code,
                weight_grams=weight_grams,
                parcels=before.return_count,
            )
        else:
            line = QuoteLine("reship.quoted", "Quoted by the warehouse", fee_minor)
            quote = Quote((line,), Money(fee_minor, before.currency))
        changes = {
            "estimated_fee_minor": quote.total.amount_minor,
            "estimate_lines": quote.lines,
            "weight_grams": weight_grams or before.weight_grams,
        }
        after = lifecycle.advance(before, Action.QUOTE, at=now, changes=changes)
        await save_move(tx, bench.author, before, after, action="quoted", at=now)
    return after


def _check(card: RateCard, weight_grams: int | None, fee_minor: int | None) -> None:
    problems = []
    if weight_grams is None and fee_minor is None:
        problems.append(FieldProblem("fee_minor", "required", "or a weight is required"))
    if fee_minor is not None and not 0 < fee_minor <= MAX_FEE_MINOR:
        problems.append(
            FieldProblem("fee_minor", "range", f"must be from {Money(1)} to {Money(MAX_FEE_MINOR)}")
        )
    problems += weight_problems(card, weight_grams)
    if problems:
        raise InvalidInput(problems)


def weight_problems(card: RateCard, weight_grams: int | None) -> list[FieldProblem]:
    """Return what is wrong with a weight."""
    if weight_grams is None or 0 < weight_grams <= card.max_grams:
        return []
    return [FieldProblem("weight_grams", "range", f"must be 1 to {card.max_grams} grams")]
