"""The form that places a legal hold on devices, people and cases."""

import re
from collections.abc import Mapping

from litestar.response.base import ASGIResponse

from backhaul.domain import holds
from backhaul.domain.holds import NewSubject, SubjectKind
from backhaul.domain.identity import Right
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console import notices
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.holds.listing import PATH
from backhaul.web.console.visiting import Visit

# Of each field, what its lines name.
FIELDS = {"assets": SubjectKind.ASSET, "people": SubjectKind.EMPLOYEE, "cases": SubjectKind.CASE}
_ASKED = {"assets": "asset", "people": "person", "cases": "case"}
_SUBJECT = re.compile(r"subjects\[(\d+)\]")

notices.declare({"holds.placed": "The hold is placed. Devices it covers cannot be given out from now on."})


async def view(visit: Visit) -> ASGIResponse:
    """Show the form; what the address names stands in it."""
    return visit.page(
        "holds/new.html",
        title="Place a legal hold",
        values={field: visit.asked(name) or "" for field, name in _ASKED.items()},
    )


async def place(visit: Visit, form: Form) -> ASGIResponse:
    """Place the hold."""
    subjects = {field: _lines(form[field]) for field in FIELDS}
    if not any(subjects.values()):
        raise InvalidInput([FieldProblem("assets", "missing", "name at least one device, person or case")])
    try:
        hold = await holds.place_hold(
            visit.db,
            actor=visit.actor,
            summary=form["summary"],
            description=form["description"],
            subjects=[
                NewSubject(kind=FIELDS[field], name=name)
                for field, names in subjects.items()
                for name in names
            ],
            now=visit.now,
        )
    except InvalidInput as refusal:
        raise InvalidInput([_beside_field(one, subjects) for one in refusal.problems]) from refusal
    return visit.go(f"{PATH}/{hold.number}", notice="holds.placed")


def _lines(text: str) -> list[str]:
    return [name for line in text.replace(",", "\n").splitlines() if (name := line.strip())]


def _beside_field(problem: FieldProblem, subjects: Mapping[str, list[str]]) -> FieldProblem:
    """Return a problem with one of the lines under the name of its field, naming the line."""
    found = _SUBJECT.match(problem.path)
    if found is None:
        return FieldProblem("assets", problem.code, problem.text) if problem.path == "subjects" else problem
    listed = [(field, name) for field, names in subjects.items() for name in names]
    field, name = listed[int(found[1])]
    return FieldProblem(field, problem.code, f"“{name[:100]}” {problem.text}")


HANDLERS = [
    shows(f"{PATH}/new", view, right=Right.HOLDS_WRITE),
    takes(PATH, place, right=Right.HOLDS_WRITE, again=view),
]
