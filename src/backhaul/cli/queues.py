"""backhaul warehouse waiting: what the warehouse has to do next, of every organization, the oldest first."""

from enum import StrEnum
from typing import Annotated

import typer

from backhaul.cli.listing import Listing, LongLimit, one_line
from backhaul.cli.sanitising import app
from backhaul.cli.session import DataDir, Session, run
from backhaul.domain.reshipping.browsing import ReshipmentQueue
from backhaul.domain.reshipping.browsing import browse_queue as browse_reshipments
from backhaul.domain.returns.browsing import ReturnQueue, browse_queue

__all__ = ["app"]


class Work(StrEnum):
    """What is waited for."""

    OPEN = "open"
    VERIFY = "verify"
    QUOTE = "quote"
    WEIGH = "weigh"
    DISPATCH = "dispatch"


_RETURNS = {Work.OPEN: ReturnQueue.OPEN, Work.VERIFY: ReturnQueue.VERIFY}
_RESHIPMENTS = {
    Work.QUOTE: ReshipmentQueue.QUOTES,
    Work.WEIGH: ReshipmentQueue.WEIGH,
    Work.DISPATCH: ReshipmentQueue.DISPATCH,
}
_MINUTE = "%Y-%m-%d %H:%M"


@app.command()
def waiting(
    work_for: Annotated[Work, typer.Option("--for", help="For which work.")] = Work.QUOTE,
    past: Annotated[int, typer.Option(help="Only those with larger numbers.")] = 0,
    limit: LongLimit = 50,
    data_dir: DataDir = None,
) -> None:
    """List what waits for some work of the warehouse, of every organization, oldest first."""

    async def work(session: Session) -> Listing:
        if queue := _RETURNS.get(work_for):
            return await _returns(session, queue, past, limit)
        return await _reshipments(session, _RESHIPMENTS[work_for], past, limit)

    run(data_dir, work).show()


async def _returns(session: Session, queue: ReturnQueue, past: int, limit: int) -> Listing:
    table = Listing("of", "warehouse", "tracking number", "devices", "received", "since", "number")
    for one in await browse_queue(session.db, actor=session.operator, queue=queue, after=past, limit=limit):
        table.add_row(
            one_line(one.owner_name),
            one.warehouse_code,
            one.tracking_number,
            one_line(" ".join(one.devices)) or "–",
            f"{one.received_at:{_MINUTE}}",
            f"{one.since:{_MINUTE}}",
            str(one.number),
        )
    return table


async def _reshipments(session: Session, queue: ReshipmentQueue, past: int, limit: int) -> Listing:
    table = Listing(
        "of", "warehouse", "returns", "contents", "to", "grams", "label", "since", "expires", "number"
    )
    for one in await browse_reshipments(
        session.db, actor=session.operator, queue=queue, after=past, limit=limit
    ):
        table.add_row(
            one_line(one.owner_name),
            one.warehouse_code,
            " ".join(str(each) for each in one.return_numbers),
            one_line(one.contents),
            one.country_code,
            str(one.weight_grams) if one.weight_grams else "–",
            "refused" if one.is_refused else one.tracking_number or "–",
            f"{one.since:{_MINUTE}}",
            "–" if one.expires_at is None else f"{one.expires_at:{_MINUTE}}",
            str(one.number),
        )
    return table
