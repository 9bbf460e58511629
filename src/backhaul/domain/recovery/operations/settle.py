"""Say what became of an item or of all that is expected of somebody: who, when, why, and what proves it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.recovery import lifecycle, tables
from backhaul.domain.recovery.errors import ItemUnknown
from backhaul.domain.recovery.holding import require_release
from backhaul.domain.recovery.model import Case, Ending, Item, Outcome
from backhaul.domain.recovery.operations.recording import write_ended
from backhaul.domain.recovery.parcels import call_off
from backhaul.domain.transfers import tables as transfer_tables
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.storage.database import Database, Tx


async def close_item(
    db: Database,
    *,
    actor: Actor,
    case: str,
    position: int,
    outcome: Outcome,
    now: datetime,
    reason: str | None = None,
    outstanding: str | None = None,
    evidence: Mapping[str, str] | None = None,
) -> Case:
    """Say what became of one item of a recovery, named by its id or code.

    Partly returned needs what is outstanding; what was returned is corrected with a reason. A parcel in which nothing
    is expected any more is called off if it was not handed over yet. What is on legal hold is not given up
    (`HeldLegally`); it may be returned or refused.
    """
    scope = actor.scope(Right.RECOVERY_WRITE)
    ending = _ending(actor, outcome, now=now, reason=reason, outstanding=outstanding, evidence=evidence)
    async with db.transaction(scope) as tx:
        await _guard(tx, case, outcome, position)
        before, items = await tables.lock_case_by(tx, case)
        chosen = [item for item in items if item.position == position]
        if not chosen:
            raise ItemUnknown(case=case, position=position)
        return await _end(tx, actor, before, items, chosen, outcome=outcome, ending=ending, now=now)


async def close_case(
    db: Database,
    *,
    actor: Actor,
    case: str,
    outcome: Outcome,
    now: datetime,
    reason: str | None = None,
    outstanding: str | None = None,
    evidence: Mapping[str, str] | None = None,
    may_correct: bool = False,
) -> Case:
    """Say what became of everything that is still expected in a recovery.

    When nothing is, all of it is meant; what was returned is then corrected only if whoever calls `may_correct`, since
    many cases may be closed at once.
    """
    scope = actor.scope(Right.RECOVERY_WRITE)
    ending = _ending(actor, outcome, now=now, reason=reason, outstanding=outstanding, evidence=evidence)
    async with db.transaction(scope) as tx:
        await _guard(tx, case, outcome)
        before, items = await tables.lock_case_by(tx, case)
        chosen = [item for item in items if item.outcome is None] or items
        if not may_correct:
            lifecycle.require_no_correction(chosen, outcome)
        return await _end(tx, actor, before, items, chosen, outcome=outcome, ending=ending, now=now)


async def _guard(tx: Tx, ref: str, outcome: Outcome, position: int | None = None) -> None:
    """Lock the case's transfers, then what a hold may cover, in the order in which all lock them: the case comes last.

    A parcel's scans lock its transfer, then its devices, then the case. Which devices a case expects never changes, so
    that it can be read before the case is locked.
    """
    case, items = await tables.find_case_by(tx, ref)
    for transfer_id in sorted(parcel.transfer_id for parcel in await tables.list_parcels(tx, case.id)):
        await transfer_tables.lock(tx, transfer_id)
    concerned = [item for item in items if position in (None, item.position)]
    still = [item for item in concerned if item.outcome is None] or concerned
    await require_release(tx, case, still, outcome)


async def _end(
    tx: Tx,
    actor: Actor,
    before: Case,
    items: Sequence[Item],
    chosen: Sequence[Item],
    *,
    outcome: Outcome,
    ending: Ending,
    now: datetime,
) -> Case:
    ended = [lifecycle.end_item(item, outcome, ending) for item in chosen]
    if ending.reason is None and any(lifecycle.is_correction(item, outcome) for item in chosen):
        text = "must say why, since it was noted as returned"
        raise InvalidInput([FieldProblem("reason", "recovery.reason_missing", text)])
    after = write_ended(tx, actor.author, before, items, ended=ended, ending=ending, at=now)
    by_id = {item.id: item for item in ended}
    await call_off(
        tx,
        actor.author,
        after,
        [by_id.get(item.id, item) for item in items],
        reason=ending.reason,
        at=now,
    )
    return after


def _ending(
    actor: Actor,
    outcome: Outcome,
    *,
    now: datetime,
    reason: str | None,
    outstanding: str | None,
    evidence: Mapping[str, str] | None,
) -> Ending:
    if (outcome is Outcome.PARTLY_RETURNED) is not bool(outstanding):
        text = "must say what is missing, exactly when the outcome is partly returned"
        raise InvalidInput([FieldProblem("outstanding", "recovery.outstanding_shape", text)])
    return Ending(
        at=now,
        author_kind=actor.author.kind,
        author_id=actor.author.id,
        reason=reason,
        outstanding=outstanding,
        evidence=dict(evidence or {}),
    )
