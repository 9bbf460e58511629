"""The directory's list, and its export."""

from litestar.response.base import ASGIResponse

from backhaul.domain.bulk.exporting import export_file
from backhaul.domain.bulk.model import Form as FileForm
from backhaul.domain.bulk.model import Kind
from backhaul.domain.directory import EmployeeStatus
from backhaul.domain.identity.model import Right
from backhaul.domain.inventory.browsing import Holding, PeopleFilter, browse_people, list_choices
from backhaul.web.console.cursors import code_or_none, number_or_none
from backhaul.web.console.declaring import shows
from backhaul.web.console.downloads import Write, sent_file
from backhaul.web.console.paths import with_query
from backhaul.web.console.people import words
from backhaul.web.console.visiting import Visit

PATH = "/people"
PAGE = 50
_ASKED = ("q", "status", "department", "location", "holding")


async def view(visit: Visit) -> ASGIResponse:
    """Show a page of people, by name."""
    after = number_or_none(visit.asked("after"))
    wanted = PeopleFilter(
        status=code_or_none(EmployeeStatus, visit.asked("status")),
        department=number_or_none(visit.asked("department")),
        location=number_or_none(visit.asked("location")),
        holding=code_or_none(Holding, visit.asked("holding")),
        text=visit.asked("q"),
    )
    found = await browse_people(visit.db, actor=visit.actor, wanted=wanted, after=after, limit=PAGE + 1)
    choices = await list_choices(visit.db, actor=visit.actor)
    items = found[:PAGE]
    asked = {name: visit.asked(name) for name in _ASKED}
    last = str(items[-1].number) if len(found) > PAGE else None
    return visit.page(
        "people/list.html",
        title="People",
        items=items,
        wanted=wanted,
        choices=choices,
        is_narrowed=any(asked.values()),
        first=with_query(PATH, **asked) if after is not None else None,
        older=None if last is None else with_query(PATH, **asked, after=last),
        words=words,
    )


async def export(visit: Visit) -> ASGIResponse:
    """Give out the whole directory as a file."""

    async def write_all(write: Write) -> None:
        await export_file(visit.db, actor=visit.actor, kind=Kind.EMPLOYEES, form=FileForm.CSV, write=write)

    return await sent_file(write_all, name="people.csv", media_type="text/csv")


HANDLERS = [
    shows(PATH, view, right=Right.DIRECTORY_READ),
    shows(f"{PATH}/export", export, right=Right.DIRECTORY_READ),
]
