"""What follows for cases when a warehouse opens a parcel, or looks again at a device in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from backhaul.domain.recovery import jobs, lifecycle
from backhaul.domain.recovery import tables as recovery_tables
from backhaul.domain.recovery.inspecting import tables
from backhaul.domain.recovery.inspecting.deciding import findings, may_look_again, names, settle, there
from backhaul.domain.recovery.inspecting.model import REASONS, Finding, Opened
from backhaul.domain.recovery.model import Case, CaseId, Ending, Item, ItemId
from backhaul.domain.recovery.operations.recording import write_ended
from backhaul.domain.recovery.person import tables as person_tables
from backhaul.domain.returns.events import ChargerNoted, ContentsNoted
from backhaul.domain.returns.model import ReturnId, Verdict
from backhaul.domain.shipping.queries import find_shipment
from backhaul.storage import history
from backhaul.storage.database import Scope, Tx
from backhaul.storage.outbox import Aftermath, reacts_to


@reacts_to(ContentsNoted)
async def follow_opening(tx: Tx, noted: ContentsNoted, then: Aftermath) -> None:
    """Settle the items of every case that knows what was in a parcel, or misses something in it.

    What is in the parcel is back, whatever was said before; what is not there is expected again, if nothing but this
    parcel's scan had said that it is back. What nobody expected is noted in the history of the parcel's case.
    """
    opened = await tables.lock_opened(tx, ReturnId(noted.subject_id))
    await _follow(tx, opened, at=then.now, is_first=True)


@reacts_to(ChargerNoted)
async def follow_charger(tx: Tx, noted: ChargerNoted, then: Aftermath) -> None:
    """Settle an item by what a second look at it says: its charger turned up, or is missing after all.

    It may be taken months later: only what was last seen in this parcel, or was sent for with it, is settled.
    """
    opened = await tables.lock_opened(tx, ReturnId(noted.subject_id))
    await _follow(tx, opened, at=then.now, is_first=False)


async def _follow(tx: Tx, opened: Opened, *, at: datetime, is_first: bool) -> None:
    """Apply what was found to its cases, which are locked in the order of their ids."""
    found = None if opened.transfer_id is None else await recovery_tables.find_case_of(tx, opened.transfer_id)
    own, parcel = (None, None) if found is None else found
    for case_id in sorted(await tables.cases_naming(tx, opened) | ({own} if own else set())):
        case, items = await recovery_tables.lock_case(tx, case_id)
        place = parcel if case_id == own else None
        gone = await _gone(tx, opened, case_id, items, place)
        said = findings(items, opened, parcel=place, gone=gone)
        if not is_first:
            meant = {item.id for item in items if may_look_again(item, opened, parcel=place)}
            said = {item_id: finding for item_id, finding in said.items() if item_id in meant}
        await _settle(tx, opened, case, items, said, at=at)
        if is_first:
            _note_oddities(tx, opened, case, items, said, is_own=case_id == own, at=at)


async def _settle(
    tx: Tx, opened: Opened, case: Case, items: Sequence[Item], said: Mapping[ItemId, Finding], *, at: datetime
) -> None:
    after = {
        item.id: new
        for item in items
        if item.id in said and (new := settle(item, said[item.id], opened, at=at)) is not None
    }
    if not after:
        return
    is_back = any(item.id in after and lifecycle.may_arrive(item) for item in items)
    ending = _ending_of(opened, list(after.values()), at=at)
    write_ended(
        tx,
        history.SYSTEM,
        case,
        items,
        ended=list(after.values()),
        ending=ending,
        at=at,
        absent=REASONS[Finding.ABSENT],
    )
    if is_back:
        jobs.call_off.enqueue(tx, case_id=case.id)


def _ending_of(opened: Opened, changed: Sequence[Item], *, at: datetime) -> Ending:
    """Return how the case stands now: what is outstanding says more than that something came."""
    endings = [item.ending for item in changed if item.ending is not None]
    absent = Ending(
        at=at,
        author_kind=history.SYSTEM.kind,
        author_id=history.SYSTEM.id,
        reason=REASONS[Finding.ABSENT],
        evidence=opened.evidence,
    )
    return min(endings, key=lambda one: one.outstanding is None, default=absent)


async def _gone(
    tx: Tx, opened: Opened, case_id: CaseId, items: Sequence[Item], parcel: int | None
) -> set[ItemId]:
    """Return what its person had said to be gone before they handed a parcel over, unless nothing else is left."""
    meant = {item.id for item in items if item.parcel == parcel}
    if not meant or opened.one.shipment_id is None:
        return set()
    shipment = await find_shipment(tx, Scope(tx.org_id), shipment_id=opened.one.shipment_id)
    handed_over_at = None if shipment is None else shipment.shipped_at
    gone = await person_tables.gone_at(tx, case_id, handed_over_at or opened.one.received_at)
    return set() if meant <= gone else gone


def _note_oddities(
    tx: Tx,
    opened: Opened,
    case: Case,
    items: Sequence[Item],
    said: Mapping[ItemId, Finding],
    *,
    is_own: bool,
    at: datetime,
) -> None:
    """Note what is missing without taking anything back, and what nobody expected in the case's own parcel."""
    odd = [
        ("item_missing", item.name)
        for item in items
        if said.get(item.id) is Finding.ABSENT
        and settle(item, Finding.ABSENT, opened, at=at) is None
        and not (item.ending is not None and "return" in item.ending.evidence)
    ]
    if is_own:
        odd += [
            (_ODD[line.verdict], line.serial_number)
            for line in there(opened)
            if line.verdict in _ODD and not any(names(item, line) for item in items)
        ]
    for action, what in odd:
        reason = f"{what}: return {opened.one.number}"
        subject = ("recovery_case", case.id)
        history.note(tx, history.SYSTEM, subject=subject, action=action, at=at, reason=reason)


_ODD = {Verdict.UNEXPECTED: "device_unexpected", Verdict.WRONG_PERSON: "device_of_others"}
