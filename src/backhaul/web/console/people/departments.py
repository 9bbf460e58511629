"""Departments: listed, added, renamed."""

from litestar.response.base import ASGIResponse

from backhaul.domain.directory import DepartmentUnknown
from backhaul.domain.directory.places import (
    MOST_COUNTED,
    add_department,
    list_departments,
    rename_department,
)
from backhaul.domain.identity.model import Right
from backhaul.web.console import notices
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.paths import with_query
from backhaul.web.console.visiting import Visit

PATH = "/people/departments"
PAGE = 50

notices.declare(
    {
        "departments.added": "The department is added.",
        "departments.renamed": "The department has its new name.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """Show the departments, by name."""
    after, text = visit.asked("after"), visit.asked("q")
    found = await list_departments(visit.db, actor=visit.actor, text=text, after=after, limit=PAGE + 1)
    items = found[:PAGE]
    last = items[-1].department.name if len(found) > PAGE else None
    return visit.page(
        "people/departments.html",
        title="Departments",
        items=items,
        most=MOST_COUNTED,
        text=text,
        first=with_query(PATH, q=text) if after is not None else None,
        older=None if last is None else with_query(PATH, q=text, after=last),
    )


async def add(visit: Visit, form: Form) -> ASGIResponse:
    """Add a department."""
    await add_department(visit.db, actor=visit.actor, name=form["name"], now=visit.now)
    return visit.go(PATH, notice="departments.added")


async def rename(visit: Visit, form: Form) -> ASGIResponse:
    """Give a department another name."""
    number = number_or_none(visit.named("number"))
    if number is None:
        raise DepartmentUnknown(department=visit.named("number")[:20])
    await rename_department(visit.db, actor=visit.actor, number=number, name=form["new_name"], now=visit.now)
    return visit.go(PATH, notice="departments.renamed")


HANDLERS = [
    shows(PATH, view, right=Right.DIRECTORY_READ),
    takes(PATH, add, right=Right.DIRECTORY_WRITE, again=view),
    takes(f"{PATH}/{{number:str}}/rename", rename, right=Right.DIRECTORY_WRITE, again=view),
]
