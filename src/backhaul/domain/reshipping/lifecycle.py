"""How a reshipment moves: the table is the documentation."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from backhaul.domain.billing.model import Quote
from backhaul.domain.reshipping.errors import Expired, NotDeletable, NotQuoted, ReshipmentMoveRefused
from backhaul.domain.reshipping.model import LISTED, Action, Policy, Reshipment, Status

_S, _A = Status, Action

MOVES: dict[tuple[Status, Action], Status] = {
    (_S.PENDING, _A.QUOTE): _S.PENDING,
    (_S.PENDING, _A.APPROVE): _S.APPROVED,
    (_S.PENDING, _A.DECLINE): _S.DECLINED,
    (_S.PENDING, _A.DELETE): _S.DELETED,
    (_S.PENDING, _A.EXPIRE): _S.EXPIRED,
    (_S.DECLINED, _A.APPROVE): _S.APPROVED,
    (_S.DECLINED, _A.DELETE): _S.DELETED,
    (_S.DECLINED, _A.EXPIRE): _S.EXPIRED,
    (_S.APPROVED, _A.WEIGH): _S.APPROVED,
    (_S.APPROVED, _A.DISPATCH): _S.APPROVED,
    # The one exception to "approved is final" (contract §3.9, B22), as nothing was bought or paid yet.
    (_S.APPROVED, _A.REOPEN): _S.PENDING,
}
_ANSWERS = frozenset({_A.APPROVE, _A.DECLINE})


def require(one: Reshipment, action: Action) -> None:
    """Refuse an action that the reshipment's status does not allow; a dispatched one allows none."""
    if (one.status, action) in MOVES and one.dispatched_at is None:
        return
    if action is _A.DELETE and one.status in LISTED:
        raise NotDeletable(number=one.number)
    status = "dispatched" if one.dispatched_at is not None else one.status.value
    raise ReshipmentMoveRefused(number=one.number, status=status, action=action.value)


def require_unweighed(one: Reshipment) -> None:
    """Refuse a parcel that cannot be weighed, or was since its approval."""
    require(one, Action.WEIGH)
    if one.shipment_id is not None:
        raise ReshipmentMoveRefused(number=one.number, status="weighed", action=Action.WEIGH.value)


def advance(
    one: Reshipment, action: Action, *, at: datetime, changes: Mapping[str, Any] | None = None
) -> Reshipment:
    """Return the reshipment as it stands after `action`, or refuse."""
    require(one, action)
    if action in _ANSWERS:
        _require_answerable(one, at=at)
    also: dict[str, Any] = {}
    match action:
        case _A.APPROVE:
            also = {"answered_at": at, "expires_at": None}
        case _A.DECLINE:
            also = {"answered_at": at}
        case _A.DELETE | _A.EXPIRE:
            also = {"ended_at": at, "expires_at": None}
        case _A.DISPATCH:
            also = {"dispatched_at": at}
    after = MOVES[one.status, action]
    return msgspec.structs.replace(
        one, status=after, updated_at=at, version=one.version + 1, **also, **(changes or {})
    )


def reopen(
    one: Reshipment,
    *,
    policy: Policy,
    at: datetime,
    quote: Quote | None = None,
    weight_grams: int | None = None,
) -> Reshipment:
    """Return an approved reshipment as it waits for an answer again, with fresh days (contract §3.9, B22)."""
    changes: dict[str, Any] = {
        "expires_at": expires_at(policy, since=at),
        "answered_at": None,
        "hold_id": None,
        "shipment_id": None,
        "final_fee_minor": None,
    }
    if quote is not None:
        changes |= {"estimated_fee_minor": quote.total.amount_minor, "estimate_lines": quote.lines}
    if weight_grams is not None:
        changes["weight_grams"] = weight_grams
    return advance(one, _A.REOPEN, at=at, changes=changes)


def is_within(one: Reshipment, final_minor: int, *, tolerance_percent: int) -> bool:
    """Return whether a final fee may be charged without asking again; a lower one always may."""
    return (final_minor - one.estimated_fee_minor) * 100 <= one.estimated_fee_minor * tolerance_percent


def expires_at(policy: Policy, *, since: datetime) -> datetime:
    """Return until when an estimate waits for its approval."""
    return since + timedelta(days=policy.expiry_days)


def is_over(one: Reshipment, *, at: datetime) -> bool:
    """Return whether nobody approved it in time."""
    return one.expires_at is not None and one.expires_at <= at


def _require_answerable(one: Reshipment, *, at: datetime) -> None:
    if is_over(one, at=at):
        assert one.expires_at is not None
        raise Expired(number=one.number, expired_on=one.expires_at.date().isoformat())
    if one.estimated_fee_minor == 0:
        raise NotQuoted(number=one.number)
