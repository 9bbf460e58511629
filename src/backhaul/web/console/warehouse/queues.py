"""What the warehouse has to do next: a list for each kind of work, the oldest first."""

from enum import StrEnum
from typing import Any

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.reshipping.browsing import ReshipmentQueue
from backhaul.domain.reshipping.browsing import browse_queue as browse_reshipments
from backhaul.domain.returns.browsing import (
    QueueCounts,
    ReturnQueue,
    browse_intakes,
    browse_queue,
    count_queues,
)
from backhaul.domain.returns.browsing.working import MOST_COUNTED
from backhaul.kernel.money import Money
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import Showing, shows
from backhaul.web.console.paths import with_query
from backhaul.web.console.visiting import Visit

PATH = "/warehouse"
PAGE = 50


class Queue(StrEnum):
    """The queues by the names their addresses have."""

    UNIDENTIFIED = "unidentified"
    OPEN = "open"
    VERIFY = "verify"
    QUOTES = "quotes"
    WEIGH = "weigh"
    DISPATCH = "dispatch"


_TITLES = {
    Queue.UNIDENTIFIED: "Unidentified parcels",
    Queue.OPEN: "Parcels to open",
    Queue.VERIFY: "Returns to verify",
    Queue.QUOTES: "Reshipments to quote",
    Queue.WEIGH: "Reshipments to pack and weigh",
    Queue.DISPATCH: "Reshipments to dispatch",
}
_TABS = {
    Queue.UNIDENTIFIED: ("Unidentified", "unidentified"),
    Queue.OPEN: ("To open", "to_open"),
    Queue.VERIFY: ("To verify", "to_verify"),
    Queue.QUOTES: ("To quote", "to_quote"),
    Queue.WEIGH: ("To pack", "to_weigh"),
    Queue.DISPATCH: ("To dispatch", "to_dispatch"),
}
_EMPTY = {
    Queue.UNIDENTIFIED: "Every parcel has an owner. One that nobody announced waits here until it has.",
    Queue.OPEN: "Every parcel that came in was opened.",
    Queue.VERIFY: "No customer waits for a closer look.",
    Queue.QUOTES: "No reshipment waits for a quote. The rate card quotes single returns at once.",
    Queue.WEIGH: "No approved reshipment waits to be packed.",
    Queue.DISPATCH: "Nothing is packed and waits for its carrier.",
}


def showing(queue: Queue) -> Showing:
    """Return the page of one queue."""

    async def view(visit: Visit) -> ASGIResponse:
        return await _show(visit, queue)

    return view


async def _show(visit: Visit, queue: Queue) -> ASGIResponse:
    rows = await _rows(visit, queue)
    counts = await count_queues(visit.db, actor=visit.actor)
    here = f"{PATH}/queues/{queue.value}"
    past = visit.asked("past")
    is_more = len(rows) > PAGE
    return visit.page(
        "warehouse/queue.html",
        title=_TITLES[queue],
        queue=queue.value,
        rows=rows[:PAGE],
        tabs_shown=tabs_of(counts, queue),
        nothing_to_do=_EMPTY[queue],
        first=here if past else None,
        older=with_query(here, past=str(rows[PAGE - 1].number)) if is_more else None,
        Money=Money,
    )


async def _rows(visit: Visit, queue: Queue) -> tuple[Any, ...]:
    """Return a page of a queue and one row more; its cursor is the number of the last row that was shown."""
    past, limit = number_or_none(visit.asked("past")), PAGE + 1
    if queue is Queue.UNIDENTIFIED:
        return await browse_intakes(
            visit.db, actor=visit.actor, only_unidentified=True, before=past, limit=limit
        )
    if queue in {Queue.OPEN, Queue.VERIFY}:
        kind = ReturnQueue(queue.value)
        return await browse_queue(visit.db, actor=visit.actor, queue=kind, after=past or 0, limit=limit)
    work = ReshipmentQueue(queue.value)
    return await browse_reshipments(visit.db, actor=visit.actor, queue=work, after=past or 0, limit=limit)


def tabs_of(counts: QueueCounts, here: Queue | None) -> list[tuple[str, str, bool]]:
    """Return the ways between the warehouse's pages, each with how much waits there."""
    tabs = [("Intake", PATH, here is None)]
    for queue, (label, field) in _TABS.items():
        count = getattr(counts, field)
        shown = f"{label} {count if count < MOST_COUNTED else f'{MOST_COUNTED - 1}+'}" if count else label
        tabs.append((shown, f"{PATH}/queues/{queue.value}", queue is here))
    return tabs


HANDLERS = [
    shows(f"{PATH}/queues/{queue.value}", showing(queue), right=Right.WAREHOUSE_OPERATE) for queue in Queue
]
