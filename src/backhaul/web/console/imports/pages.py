"""Imports: the list with the form for another file, and the template of each kind."""

import asyncio
from typing import BinaryIO, cast

from litestar.response.base import ASGIResponse

from backhaul.domain.bulk.errors import ColumnsRefused, FileBegun, FileUnreadable
from backhaul.domain.bulk.exporting import as_csv
from backhaul.domain.bulk.importers import IMPORTERS
from backhaul.domain.bulk.model import Kind
from backhaul.domain.bulk.operations import find_begun, open_batch
from backhaul.domain.bulk.queries import list_batches
from backhaul.domain.bulk.reading import open_source
from backhaul.domain.identity.model import Right
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console import answering, notices
from backhaul.web.console.cursors import code_or_none, number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.imports import words
from backhaul.web.console.paths import with_query
from backhaul.web.console.visiting import Visit

PATH = "/imports"
PAGE = 50  # as many as `list_batches` returns
MAX_FILE_BYTES = 64_000_000  # a quarter of a million devices with every column
CSV = "text/csv"
_RIGHTS = tuple(IMPORTERS[kind].right for kind in Kind)

notices.declare(
    {
        "imports.checked": "The file is checked. Nothing is imported yet: look at what it would do.",
        "imports.begun_before": "This very file was checked before and is not imported yet.",
        "imports.asked": "The import has begun.",
        "imports.undoing": "The import is being taken back.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """Show the imports, newest first."""
    before = number_or_none(visit.asked("before"))
    found = await list_batches(visit.db, actor=visit.actor, before=before)
    is_full = len(found) == PAGE
    return visit.page(
        "imports/list.html",
        title="Imports",
        items=found,
        kinds=[(kind.value, words.KINDS[kind]) for kind in kinds_for(visit)],
        chosen=visit.asked("kind") or Kind.ASSETS.value,
        older=with_query(PATH, before=str(found[-1].number)) if is_full else None,
        first=PATH if before is not None else None,
        words=words,
        Kind=Kind,
    )


def kinds_for(visit: Visit) -> list[Kind]:
    """Return the kinds of file that the viewer may import."""
    return [kind for kind in Kind if visit.may(IMPORTERS[kind].right)]


async def check(visit: Visit, form: Form) -> ASGIResponse:
    """Check a file and keep its good rows, which are not written yet."""
    kind = code_or_none(Kind, form["kind"])
    visit.actor.scope(IMPORTERS[kind or Kind.ASSETS].right)  # before a file is looked at, which takes a while
    files = form.files("file")
    if kind is None or not files:
        path, text = ("kind", "choose what the rows are") if files else ("file", "choose a file")
        raise InvalidInput([FieldProblem(path, "missing", text)])
    name = files[0].filename or "file"
    try:
        source = await asyncio.to_thread(open_source, cast("BinaryIO", files[0].file), name=name)
        opened = await open_batch(
            visit.db, actor=visit.actor, kind=kind, source=source, skips_errors=True, now=visit.now
        )
    except (FileUnreadable, ColumnsRefused) as refusal:
        raise InvalidInput([FieldProblem("file", refusal.code, refusal.text)]) from refusal
    except FileBegun:
        begun = await find_begun(visit.db, actor=visit.actor, kind=kind, source=source)
        if begun is None:
            raise
        return visit.go(f"{PATH}/{begun.number}", notice="imports.begun_before")
    if opened.batch is not None:
        return visit.go(f"{PATH}/{opened.batch.number}", notice="imports.checked")
    return visit.page(
        "imports/nothing.html",
        title="Nothing to import",
        name=source.name,
        kind=kind,
        review=opened.review,
        words=words,
    )


async def template(visit: Visit) -> ASGIResponse:
    """Give out a file with nothing but the columns of a kind."""
    kind = code_or_none(Kind, visit.asked("kind"))
    if kind is None:
        raise FileUnreadable(reason="there is no template of this kind")
    names = [column.name for column in IMPORTERS[kind].columns]
    return answering.download(as_csv([names]), name=f"{kind.value}-template.csv", media_type=CSV)


HANDLERS = [
    shows(PATH, view, right=Right.INVENTORY_READ),
    shows(f"{PATH}/template", template, right=Right.INVENTORY_READ),
    takes(PATH, check, one_of=_RIGHTS, again=view, max_bytes=MAX_FILE_BYTES),
]
