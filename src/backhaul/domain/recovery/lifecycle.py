"""What may become of an item, and what follows for its case: the table is the documentation."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from backhaul.domain.recovery.errors import OutcomeRefused
from backhaul.domain.recovery.model import Case, Ending, Item, Outcome

_O = Outcome
_EVERYTHING = frozenset(Outcome)
_ARRIVED = frozenset({_O.RETURNED, _O.PARTLY_RETURNED})

# What an item may become. What was given up may turn up after all; what came back stays.
MOVES: dict[Outcome | None, frozenset[Outcome]] = {
    None: _EVERYTHING,
    _O.PARTLY_RETURNED: frozenset({_O.RETURNED}),
    _O.RETURNED: frozenset(),
    _O.REFUSED: _ARRIVED | {_O.KEPT, _O.LOST, _O.WRITTEN_OFF},
    _O.LOST: _ARRIVED | {_O.WRITTEN_OFF},
    _O.KEPT: _ARRIVED,
    _O.WRITTEN_OFF: _ARRIVED,
    _O.CANCELLED: _ARRIVED,
}

# Of outcomes without anything returned, the gravest names the case.
_GRAVEST = (_O.WRITTEN_OFF, _O.LOST, _O.REFUSED, _O.KEPT, _O.CANCELLED)


def end_item(item: Item, outcome: Outcome, ending: Ending) -> Item:
    """Return the item as it stands once this became of it, or refuse."""
    if outcome not in MOVES[item.outcome]:
        raise OutcomeRefused(outcome=_shown(item.outcome), wanted=_shown(outcome))
    return msgspec.structs.replace(item, outcome=outcome, ending=ending)


def may_arrive(item: Item) -> bool:
    """Return whether a parcel's delivery says something new about an item."""
    return Outcome.RETURNED in MOVES[item.outcome] and item.outcome is not Outcome.PARTLY_RETURNED


def case_outcome(items: Sequence[Item]) -> Outcome | None:
    """Return what became of a case; None while anything is expected."""
    outcomes = {item.outcome for item in items}
    if None in outcomes:
        return None
    if len(outcomes) == 1:
        return outcomes.pop()
    if outcomes & _ARRIVED:
        return Outcome.PARTLY_RETURNED
    return next(outcome for outcome in _GRAVEST if outcome in outcomes)


def follow_items(case: Case, items: Sequence[Item], ending: Ending, *, at: datetime) -> Case:
    """Return the case as its items stand by now: with an outcome as soon as each of them has one."""
    outcome = case_outcome(items)
    return msgspec.structs.replace(
        case,
        outcome=outcome,
        ending=None if outcome is None else ending,
        updated_at=at,
        version=case.version + 1,
    )


def _shown(outcome: Outcome | None) -> str:
    return "expected" if outcome is None else outcome.value.replace("_", " ")
