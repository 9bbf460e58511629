"""What may become of an item, and what follows for its case: the table is the documentation."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from backhaul.domain.recovery.errors import OutcomeRefused
from backhaul.domain.recovery.model import Case, Ending, Item, Outcome

_O = Outcome
_EVERYTHING = frozenset(Outcome)
BACK = frozenset({_O.RETURNED, _O.PARTLY_RETURNED})

# What an item may become. What was given up may turn up after all. A carrier's scan says that a parcel came back, not
# what was in it: what was taken for returned may prove to be incomplete, or not there.
MOVES: dict[Outcome | None, frozenset[Outcome]] = {
    None: _EVERYTHING,
    _O.PARTLY_RETURNED: frozenset({_O.RETURNED, _O.LOST, _O.REFUSED}),
    _O.RETURNED: frozenset({_O.PARTLY_RETURNED, _O.LOST, _O.REFUSED}),
    _O.REFUSED: BACK | {_O.KEPT, _O.LOST, _O.WRITTEN_OFF},
    _O.LOST: BACK | {_O.REFUSED, _O.WRITTEN_OFF},
    _O.KEPT: BACK,
    _O.WRITTEN_OFF: BACK,
    _O.CANCELLED: BACK,
}

# Of outcomes without anything returned, the gravest names the case.
_GRAVEST = (_O.WRITTEN_OFF, _O.LOST, _O.REFUSED, _O.KEPT, _O.CANCELLED)


def end_item(item: Item, outcome: Outcome, ending: Ending) -> Item:
    """Return the item as it stands once this became of it, or refuse."""
    if outcome not in MOVES[item.outcome]:
        raise OutcomeRefused(outcome=_shown(item.outcome), wanted=_shown(outcome))
    ending = msgspec.structs.replace(ending, corrects=_corrected(item, outcome))
    return msgspec.structs.replace(item, outcome=outcome, ending=ending)


def note_found(item: Item, outcome: Outcome, ending: Ending) -> Item:
    """Return an item that was seen: as `end_item` has it, or with a better proof of what was known."""
    if outcome is item.outcome:
        ending = msgspec.structs.replace(ending, corrects=_corrected(item, outcome))
        return msgspec.structs.replace(item, ending=ending)
    return end_item(item, outcome, ending)


def is_correction(item: Item, outcome: Outcome) -> bool:
    """Return whether an outcome takes back that an item, or a part of it, is here: nobody says so without a reason."""
    return item.outcome in BACK and outcome is not Outcome.RETURNED


def require_no_correction(items: Sequence[Item], outcome: Outcome) -> None:
    """Refuse to take back that any of these items is here."""
    for item in items:
        if is_correction(item, outcome):
            raise OutcomeRefused(outcome=_shown(item.outcome), wanted=_shown(outcome))


def expect_again(item: Item) -> Item:
    """Return an item that was taken for returned as it stands once it was not found: expected, until it is settled."""
    assert item.outcome in BACK
    return msgspec.structs.replace(item, outcome=None, ending=None)


def may_arrive(item: Item, **evidence: str) -> bool:
    """Return whether it is news that an item came back; what somebody corrected is none when it is told once more."""
    if item.outcome in BACK:
        return False
    corrected = () if item.ending is None else item.ending.corrects
    return not any(evidence.items() <= one.items() for one in corrected) if evidence else True


def case_outcome(items: Sequence[Item]) -> Outcome | None:
    """Return what became of a case; None while anything is expected."""
    outcomes = {item.outcome for item in items}
    if None in outcomes:
        return None
    if len(outcomes) == 1:
        return outcomes.pop()
    if outcomes & BACK:
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


def _corrected(item: Item, outcome: Outcome) -> tuple[dict[str, str], ...]:
    if item.ending is None:
        return ()
    was, before = item.ending.evidence, item.ending.corrects
    return (*before, was) if is_correction(item, outcome) and was and was not in before else before


def _shown(outcome: Outcome | None) -> str:
    return "expected" if outcome is None else outcome.value.replace("_", " ")
