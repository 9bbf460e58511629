"""The first page: what waits for somebody, how recoveries go, and what was spent."""

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.overview import Needs, get_installation, get_needs, get_progress
from backhaul.domain.returns.browsing import QueueCounts, count_queues
from backhaul.web.console.declaring import shows
from backhaul.web.console.home import figures, needs
from backhaul.web.console.visiting import Visit


async def view(visit: Visit) -> ASGIResponse:
    """Show what needs the viewer now, and the figures they may see."""
    found = await get_needs(visit.db, actor=visit.actor, now=visit.now)
    operates = visit.may(Right.WAREHOUSE_OPERATE)
    queues = await count_queues(visit.db, actor=visit.actor) if operates else None
    if visit.may(Right.INSTALLATION_OPERATE):
        return await _of_operator(visit, found, queues)
    progress = await get_progress(visit.db, actor=visit.actor, now=visit.now)
    return visit.page(
        "home/home.html",
        title="Home",
        needs=needs.listed(found, queues),
        first_steps=needs.first_steps(visit.actor) if figures.is_new(progress) else [],
        progress=progress,
        stages=figures.stages(progress),
        ages=figures.ages(progress),
        weeks=figures.weeks(progress, visit.now),
        months=figures.months(found, visit.now),
        wallets=found.wallets,
        month=f"{visit.now:%B}",
    )


async def _of_operator(visit: Visit, found: Needs, queues: QueueCounts | None) -> ASGIResponse:
    """Show what keeps the installation from working; recoveries and spending are its customers'."""
    installation = await get_installation(visit.db, actor=visit.actor, now=visit.now)
    return visit.page(
        "home/operator.html",
        title="Home",
        needs=[*needs.of_installation(installation), *needs.listed(found, queues)],
        doors=needs.doors(visit.actor),
        months=figures.months(found, visit.now),
        month=f"{visit.now:%B}",
    )


HANDLERS = [shows("/", view)]
