"""The one way that what became of items is written: items, case, history and event together."""

from collections.abc import Sequence
from datetime import datetime

from backhaul.domain.recovery import lifecycle, tables
from backhaul.domain.recovery.events import CaseEnded, CaseReopened
from backhaul.domain.recovery.model import Case, Ending, Item
from backhaul.storage import history, outbox
from backhaul.storage.database import Tx


def write_ended(
    tx: Tx,
    author: history.Author,
    before: Case,
    items: Sequence[Item],
    *,
    ended: Sequence[Item],
    ending: Ending,
    at: datetime,
    absent: str | None = None,
) -> Case:
    """Note what became of some items of a locked case, and of the case itself once each has an outcome.

    An item without one was not found, and is expected again; `absent` says why.
    """
    by_id = {item.id: item for item in ended}
    subject = ("recovery_case", before.id)
    for item in items:
        if item.id in by_id:
            after = by_id[item.id]
            action = "item_missing" if after.outcome is None else f"item_{after.outcome.value}"
            tables.save_item(tx, after)
            history.note(
                tx,
                author,
                subject=subject,
                action=action,
                at=at,
                before=item,
                after=after,
                reason=absent if after.ending is None else after.ending.reason,
            )
    case = lifecycle.follow_items(before, [by_id.get(item.id, item) for item in items], ending, at=at)
    tables.save_case(tx, case)
    is_reopened = case.outcome is None and before.outcome is not None
    action = "ended" if case.outcome is not None else "reopened" if is_reopened else "followed"
    history.note(tx, author, subject=subject, action=action, at=at, before=before, after=case)
    if case.outcome is not None and case.outcome is not before.outcome:
        outbox.record(tx, CaseEnded(subject_id=case.id, outcome=case.outcome), at=at)
    if is_reopened:
        outbox.record(tx, CaseReopened(subject_id=case.id), at=at)
    return case
