"""The same for many transfers: each in a transaction of its own, so that a refusal keeps no other from being done."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.transfers.errors import TransfersTooMany
from backhaul.domain.transfers.model import TransferId
from backhaul.domain.transfers.operations.cancel import cancel_transfer
from backhaul.domain.transfers.operations.remind import mute_reminders
from backhaul.kernel.errors import DomainError, Kind
from backhaul.storage.database import Database

MOST_AT_ONCE = 200
_OUTAGES = frozenset({Kind.UNAVAILABLE})


class Outcome(msgspec.Struct, frozen=True):
    """What became of one of many."""

    transfer_id: TransferId
    refusal: DomainError | None  # None: it was done


async def cancel_each(
    db: Database, *, actor: Actor, transfer_ids: Sequence[TransferId], reason: str | None, now: datetime
) -> list[Outcome]:
    """Cancel transfers as `cancel_transfer` does, one after the other; at most 200."""

    async def step(transfer_id: TransferId) -> None:
        await cancel_transfer(db, actor=actor, transfer_id=transfer_id, reason=reason, now=now)

    return await _with_each(actor, transfer_ids, step)


async def mute_each(
    db: Database, *, actor: Actor, transfer_ids: Sequence[TransferId], is_muted: bool, now: datetime
) -> list[Outcome]:
    """Switch the reminders of transfers off or on, one after the other; at most 200."""

    async def step(transfer_id: TransferId) -> None:
        await mute_reminders(db, actor=actor, transfer_id=transfer_id, is_muted=is_muted, now=now)

    return await _with_each(actor, transfer_ids, step)


async def _with_each(
    actor: Actor, transfer_ids: Sequence[TransferId], step: Callable[[TransferId], Awaitable[None]]
) -> list[Outcome]:
    actor.scope(Right.TRANSFERS_WRITE)
    once = list(dict.fromkeys(transfer_ids))
    if len(once) > MOST_AT_ONCE:
        raise TransfersTooMany(given=len(once), most=MOST_AT_ONCE)
    outcomes = []
    for transfer_id in once:
        try:
            await step(transfer_id)
            outcomes.append(Outcome(transfer_id, None))
        except DomainError as refusal:
            if refusal.kind in _OUTAGES:
                raise
            outcomes.append(Outcome(transfer_id, refusal))
    return outcomes
