"""The same for many returns: each in a transaction of its own, so that a refusal keeps no other from being done."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.returns.errors import ReturnsTooMany
from backhaul.domain.returns.model import Policy
from backhaul.domain.returns.operations.verify import request_verification
from backhaul.kernel.errors import DomainError, Kind
from backhaul.storage.database import Database

MOST_AT_ONCE = 200


class Outcome(msgspec.Struct, frozen=True):
    """What became of one of many."""

    number: int
    refusal: DomainError | None  # None: it was done


async def request_verification_of_each(
    db: Database, *, actor: Actor, numbers: Sequence[int], policy: Policy, now: datetime
) -> list[Outcome]:
    """Ask for returns to be verified as `request_verification` does, one after the other; at most 200."""
    actor.scope(Right.RETURNS_WRITE)
    once = list(dict.fromkeys(numbers))
    if len(once) > MOST_AT_ONCE:
        raise ReturnsTooMany(given=len(once), most=MOST_AT_ONCE)
    outcomes = []
    for number in once:
        try:
            await request_verification(db, actor=actor, number=number, policy=policy, now=now)
            outcomes.append(Outcome(number, None))
        except DomainError as refusal:
            if refusal.kind is Kind.UNAVAILABLE:
                raise
            outcomes.append(Outcome(number, refusal))
    return outcomes
