"""What follows for a case's items from an opened parcel. Pure: lines in, outcomes out.

Whatever the order in which carrier and warehouse tell: what is found is back; what is missing in a parcel takes back
only what that parcel's scan, or the same return, had said, never a person's word or what was found elsewhere.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from backhaul.domain.recovery import lifecycle
from backhaul.domain.recovery.inspecting.model import CHARGER, REASONS, Finding, Opened
from backhaul.domain.recovery.model import Ending, Item, ItemId, Outcome
from backhaul.domain.returns.matching import readings, serial_key
from backhaul.domain.returns.model import ReturnItem, Verdict
from backhaul.storage.author import SYSTEM

_UNWANTED = frozenset({Outcome.KEPT, Outcome.CANCELLED})  # no warehouse is told to expect these


def findings(
    items: Sequence[Item], opened: Opened, *, parcel: int | None, gone: Collection[ItemId] = ()
) -> dict[ItemId, Finding]:
    """Return what an opened parcel says about the items of a case, as far as it says anything.

    `parcel` is which of the case's parcels it was; None: it was none of them. `gone` is what the person had said to be
    gone before they handed it over: that it is missing is no news.
    """
    lines = there(opened)
    found = {item.id: line for item in items if (line := _line_of(item, lines)) is not None}
    inside = [item for item in items if item.parcel == parcel]
    if parcel is not None:
        _match_unnamed(inside, lines, found)
    has_own_charger = any(_is_charger(item) for item in items)
    said = {
        item.id: _looked_at(found[item.id], counts_charger=not has_own_charger)
        for item in items
        if item.id in found
    }
    if parcel is None:
        return said
    spare = [line for line in lines if CHARGER in line.serial_number.casefold()]
    said |= _chargers(items, inside, found, said, spare)
    said |= {item.id: Finding.ABSENT for item in _absent(inside, opened, said) if item.id not in gone}
    return said


def settle(item: Item, finding: Finding, opened: Opened, *, at: datetime) -> Item | None:
    """Return an item as it stands after a finding; None when that says nothing new. Settling twice changes nothing."""
    if finding is Finding.ABSENT:
        return lifecycle.expect_again(item) if _rests_on(item, opened) else None
    outcome = Outcome.PARTLY_RETURNED if finding is Finding.WITHOUT_CHARGER else Outcome.RETURNED
    if not _is_news(item, finding, opened):
        return None
    ending = Ending(
        at=at,
        author_kind=SYSTEM.kind,
        author_id=SYSTEM.id,
        reason=REASONS[finding],
        outstanding=CHARGER if outcome is Outcome.PARTLY_RETURNED else None,
        evidence=opened.evidence,
    )
    return lifecycle.note_found(item, outcome, ending)


def may_look_again(item: Item, opened: Opened, *, parcel: int | None) -> bool:
    """Return whether a second look at a parcel concerns an item: it was last seen in it, or was sent for with it."""
    ending = item.ending
    known = () if ending is None else (*ending.corrects, ending.evidence)
    seen = [one["return"] for one in known if "return" in one]
    return seen[-1:] == [str(opened.one.number)] or (parcel is not None and item.parcel == parcel)


def there(opened: Opened) -> list[ReturnItem]:
    """Return the lines of what was in the parcel, each thing once."""
    return [line for line in opened.lines if line.verdict not in (Verdict.MISSING, Verdict.DUPLICATE)]


def names(item: Item, line: ReturnItem) -> bool:
    """Return whether a line is about the device that an item names."""
    if item.asset_id is not None and line.asset_id is not None:
        return item.asset_id == line.asset_id
    return item.serial_number is not None and serial_key(item.serial_number) in readings(line.serial_number)


def _line_of(item: Item, lines: Sequence[ReturnItem]) -> ReturnItem | None:
    return next((line for line in lines if names(item, line)), None)


def _is_unnamed(item: Item) -> bool:
    return item.serial_number is None and item.asset_id is None and item.outcome not in _UNWANTED


def _is_charger(item: Item) -> bool:
    return _is_unnamed(item) and CHARGER in item.name.casefold()


def _match_unnamed(
    inside: Sequence[Item], lines: Sequence[ReturnItem], found: dict[ItemId, ReturnItem]
) -> None:
    """Give what was announced without a serial number the scans that were taken for it: devices first."""
    taken = {line.id for line in found.values()}
    matched = [line for line in lines if line.verdict is Verdict.MATCHED and line.id not in taken]
    unnamed = sorted((item for item in inside if _is_unnamed(item)), key=_is_charger)
    for item, line in zip(unnamed, matched, strict=False):
        found[item.id] = line


def _looked_at(line: ReturnItem, *, counts_charger: bool) -> Finding:
    if line.has_charger is None or not counts_charger:
        return Finding.THERE
    return Finding.COMPLETE if line.has_charger else Finding.WITHOUT_CHARGER


def _chargers(
    items: Sequence[Item],
    inside: Sequence[Item],
    found: dict[ItemId, ReturnItem],
    said: dict[ItemId, Finding],
    spare: Sequence[ReturnItem],
) -> dict[ItemId, Finding]:
    """Return where chargers were found that have no serial number: beside their device, or noted by their name."""
    came_along = any(found[item.id].has_charger for item in inside if item.id in found)
    there = {
        item.id: Finding.THERE
        for item in inside
        if _is_charger(item) and item.id not in said and (came_along or spare)
    }
    waiting = [item for item in items if _lacks_charger(item) and item.id not in said]
    late = {item.id: Finding.COMPLETE for item, _ in zip(waiting, spare, strict=False)}
    return {**there, **late}


def _absent(inside: Sequence[Item], opened: Opened, said: Collection[ItemId]) -> list[Item]:
    missing = [line for line in opened.lines if line.verdict is Verdict.MISSING]
    lacking = [item for item in inside if item.id not in said and item.outcome not in _UNWANTED]
    named = [item for item in lacking if any(names(item, line) for line in missing)]
    unnamed = [item for item in lacking if _is_unnamed(item)]
    nameless = [line for line in missing if not any(names(item, line) for item in inside)]
    return [*named, *unnamed[: len(nameless)]]


def _is_news(item: Item, finding: Finding, opened: Opened) -> bool:
    if item.outcome not in lifecycle.BACK:
        return lifecycle.may_arrive(item, **{"return": str(opened.one.number)})
    if item.outcome is Outcome.PARTLY_RETURNED:
        return finding is Finding.COMPLETE and _lacks_charger(item)
    if finding is Finding.WITHOUT_CHARGER:
        return _rests_on(item, opened) or _rests_on_a_scan(item)
    return _rests_on_a_scan(item)


def _lacks_charger(item: Item) -> bool:
    outstanding = None if item.ending is None else item.ending.outstanding
    return (outstanding or "").strip().casefold() == CHARGER


def _rests_on(item: Item, opened: Opened) -> bool:
    """Return whether an item counts as back by this very parcel: its scan, or what was seen in it before."""
    if item.ending is None or item.outcome not in lifecycle.BACK or item.ending.author_kind != SYSTEM.kind:
        return False
    known = item.ending.evidence
    if "return" in known:
        return known["return"] == str(opened.one.number)
    return opened.transfer_id is not None and known.get("transfer_id") == str(opened.transfer_id)


def _rests_on_a_scan(item: Item) -> bool:
    """Return whether nothing but a carrier's scan says that an item is back."""
    ending = item.ending
    return ending is not None and ending.author_kind == SYSTEM.kind and "return" not in ending.evidence
