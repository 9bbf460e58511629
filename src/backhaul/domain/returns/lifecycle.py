"""How a return moves: the table is the documentation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from backhaul.domain.returns.errors import (
    DevicesGone,
    NotDiscardable,
    NotProcessed,
    NotReceived,
    NotReshippable,
    NotReshipping,
    NotVerifying,
)
from backhaul.domain.returns.model import Action, Return, Status
from backhaul.kernel.errors import DomainError

_S, _A = Status, Action

# Giving back leads to where the return came from; the three rows of the table say where that may be.
MOVES: dict[tuple[Status, Action], frozenset[Status]] = {
    (_S.RECEIVED, _A.PROCESS): frozenset({_S.PROCESSED}),
    (_S.PROCESSED, _A.REQUEST_VERIFICATION): frozenset({_S.VERIFYING}),
    (_S.VERIFYING, _A.VERIFY): frozenset({_S.VERIFIED}),
    (_S.PROCESSED, _A.TAKE): frozenset({_S.RESHIPPING}),
    (_S.VERIFYING, _A.TAKE): frozenset({_S.RESHIPPING}),
    (_S.VERIFIED, _A.TAKE): frozenset({_S.RESHIPPING}),
    (_S.RESHIPPING, _A.GIVE_BACK): frozenset({_S.PROCESSED, _S.VERIFYING, _S.VERIFIED}),
    (_S.RESHIPPING, _A.DISPATCH): frozenset({_S.RESHIPPED}),
    # Not while it is verified: an operator is at work on it. Not while it is shipped on: it was promised to somebody.
    (_S.PROCESSED, _A.DISCARD): frozenset({_S.DISCARDED}),
    (_S.VERIFIED, _A.DISCARD): frozenset({_S.DISCARDED}),
}

_REFUSALS: Mapping[Action, type[DomainError]] = {
    _A.PROCESS: NotReceived,
    _A.REQUEST_VERIFICATION: NotProcessed,
    _A.VERIFY: NotVerifying,
    _A.TAKE: NotReshippable,
    _A.GIVE_BACK: NotReshipping,
    _A.DISPATCH: NotReshipping,
    _A.DISCARD: NotDiscardable,
}


def require(one: Return, action: Action) -> None:
    """Refuse an action that the return's status does not allow."""
    if (one.status, action) not in MOVES:
        raise _REFUSALS[action](number=one.number, status=one.status.value)


def require_here(one: Return) -> None:
    """Refuse a look at what was sent on or discarded."""
    if one.status in {_S.RESHIPPED, _S.DISCARDED}:
        raise DevicesGone(number=one.number, status=one.status.value)


def advance(one: Return, action: Action, *, at: datetime, reshipment_id: UUID | None = None) -> Return:
    """Return the return as it stands after `action`, or refuse. A reshipment is named by who takes it."""
    require(one, action)
    targets = MOVES[one.status, action]
    after = one.status_before_reshipping if action is _A.GIVE_BACK else next(iter(targets))
    if after not in targets:
        raise NotReshipping(number=one.number, status=one.status.value)
    changes: dict[str, Any] = {}
    match action:
        case _A.PROCESS:
            changes = {"processed_at": at}
        case _A.VERIFY:
            changes = {"verified_at": at}
        case _A.DISCARD:
            changes = {"discarded_at": at}
        case _A.TAKE:
            changes = {"reshipment_id": reshipment_id, "status_before_reshipping": one.status}
        case _A.GIVE_BACK:
            changes = {"reshipment_id": None, "status_before_reshipping": None}
    return msgspec.structs.replace(one, status=after, updated_at=at, version=one.version + 1, **changes)
