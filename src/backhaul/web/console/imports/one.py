"""One import: what it would do, how far it is, what it did, and the way back."""

from litestar.response.base import ASGIResponse

from backhaul.domain.bulk.errors import BatchUnknown
from backhaul.domain.bulk.exporting import as_csv
from backhaul.domain.bulk.importers import IMPORTERS
from backhaul.domain.bulk.model import KEPT_PROBLEMS, Status
from backhaul.domain.bulk.operations import ask_to_apply, ask_to_undo
from backhaul.domain.bulk.queries import get_batch, get_standing
from backhaul.domain.identity.model import Right
from backhaul.web.console import answering
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.imports import words
from backhaul.web.console.imports.pages import CSV, PATH
from backhaul.web.console.visiting import Visit

SHOWN = 100  # refused rows; the file has them all


async def view(visit: Visit) -> ASGIResponse:
    """Show an import as it stands."""
    batch = await get_batch(visit.db, actor=visit.actor, number=_number(visit))
    standing = await get_standing(visit.db, actor=visit.actor, batch=batch)
    problems = (*batch.problems, *standing.problems)
    may_write = visit.may(IMPORTERS[batch.kind].right)
    return visit.page(
        "imports/one.html",
        title=f"Import {batch.number}",
        batch=batch,
        standing=standing,
        problems=problems[:SHOWN],
        problem_count=len(problems),
        is_cut=len(batch.problems) == KEPT_PROBLEMS,
        is_running=words.is_running(batch),
        progress=words.progress(batch, standing),
        may_apply=may_write and batch.status is Status.OPEN and batch.asked_at is None,
        may_undo=may_write and batch.status in _UNDONE_FROM,
        is_begun=standing.applied_chunks > 0,
        words=words,
        Status=Status,
    )


_UNDONE_FROM = {Status.OPEN, Status.APPLIED, Status.ABANDONED, Status.UNDONE_PARTLY}


def _number(visit: Visit) -> int:
    number = number_or_none(visit.named("number"))
    if number is None or number >= 2**63:
        raise BatchUnknown(number=visit.named("number")[:20])
    return number


async def apply(visit: Visit, _: Form) -> ASGIResponse:
    """Have the import written."""
    batch = await ask_to_apply(visit.db, actor=visit.actor, number=_number(visit), now=visit.now)
    return visit.go(f"{PATH}/{batch.number}", notice="imports.asked")


async def undo(visit: Visit, _: Form) -> ASGIResponse:
    """Have the import taken back."""
    batch = await ask_to_undo(visit.db, actor=visit.actor, number=_number(visit), now=visit.now)
    return visit.go(f"{PATH}/{batch.number}", notice="imports.undoing")


async def refused_rows(visit: Visit) -> ASGIResponse:
    """Give out what was refused, and why, as a file."""
    batch = await get_batch(visit.db, actor=visit.actor, number=_number(visit))
    standing = await get_standing(visit.db, actor=visit.actor, batch=batch)
    lines = [
        [one.row, one.column, one.value, one.code, one.hint] for one in (*batch.problems, *standing.problems)
    ]
    content = as_csv([["row", "column", "value", "problem", "what to do"], *lines])
    return answering.download(content, name=f"import-{batch.number}-refused.csv", media_type=CSV)


_ONE = f"{PATH}/{{number:str}}"
HANDLERS = [
    shows(_ONE, view, right=Right.INVENTORY_READ),
    shows(f"{_ONE}/refused", refused_rows, right=Right.INVENTORY_READ),
    takes(f"{_ONE}/apply", apply, again=view),
    takes(f"{_ONE}/undo", undo, again=view),
]
