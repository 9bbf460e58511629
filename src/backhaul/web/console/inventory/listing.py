"""The list of assets, and their export."""

from litestar.response.base import ASGIResponse

from backhaul.domain.bulk.exporting import export_file
from backhaul.domain.bulk.model import Form as FileForm
from backhaul.domain.bulk.model import Kind
from backhaul.domain.identity.model import Right
from backhaul.domain.inventory.browsing import AssetFilter, browse_assets, list_choices, list_numbers
from backhaul.domain.inventory.model import number_of
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.downloads import Write, sent_file
from backhaul.web.console.forms import Form
from backhaul.web.console.inventory import words
from backhaul.web.console.inventory.asking import PATH, is_narrowed, url_of, wanted_of
from backhaul.web.console.inventory.rows import rows
from backhaul.web.console.visiting import Visit

PAGE = 50
MOST_EXPORTED = 1_000_000


async def view(visit: Visit) -> ASGIResponse:
    """Show a page of assets."""
    wanted, before = wanted_of(visit), number_or_none(visit.asked("before"))
    today = visit.now.astimezone(visit.zone).date()
    found = await browse_assets(
        visit.db, actor=visit.actor, wanted=wanted, today=today, before=before, limit=PAGE + 1
    )
    choices = await list_choices(visit.db, actor=visit.actor, holder=wanted.holder, is_whole=False)
    items = found.items[:PAGE]
    return visit.page(
        "inventory/list.html",
        title="Assets",
        items=items,
        total=found.total,
        wanted=wanted,
        choices=choices,
        is_narrowed=is_narrowed(wanted),
        first=None if before is None else url_of(PATH, wanted),
        older=url_of(PATH, wanted, before=items[-1].number) if len(found.items) > PAGE else None,
        back=url_of(PATH, wanted, before=before),
        export=url_of(f"{PATH}/export", wanted),
        words=words,
        rows=rows(
            items,
            may_tick=visit.may(Right.INVENTORY_WRITE),
            chosen=() if visit.trouble is None else visit.trouble.form.all("ids"),
        ),
    )


async def export_ticked(visit: Visit, form: Form) -> ASGIResponse:
    """Give out the ticked assets as a file."""
    numbers = [number for number in map(number_of, form.all("ids")) if number is not None]
    if not numbers:
        raise InvalidInput([FieldProblem("ids", "missing", "tick at least one asset in the list first")])
    return await _exported(visit, numbers)


async def export(visit: Visit) -> ASGIResponse:
    """Give out the assets that the URL asks for as a file."""
    wanted = wanted_of(visit)
    if wanted == AssetFilter():
        return await _exported(visit, None)
    today = visit.now.astimezone(visit.zone).date()
    numbers = await list_numbers(visit.db, actor=visit.actor, wanted=wanted, today=today, limit=MOST_EXPORTED)
    return await _exported(visit, numbers)


async def _exported(visit: Visit, numbers: list[int] | None) -> ASGIResponse:
    async def write_all(write: Write) -> None:
        await export_file(
            visit.db,
            actor=visit.actor,
            kind=Kind.ASSETS,
            form=FileForm.CSV,
            write=write,
            numbers=numbers,
        )

    return await sent_file(write_all, name="assets.csv", media_type="text/csv")


HANDLERS = [
    shows(PATH, view, right=Right.INVENTORY_READ),
    shows(f"{PATH}/export", export, right=Right.INVENTORY_READ),
    takes(f"{PATH}/export", export_ticked, right=Right.INVENTORY_WRITE, again=view),
]
