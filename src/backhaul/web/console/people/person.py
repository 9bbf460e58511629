"""One person: what they hold, held and owe, and what is done when they leave."""

import msgspec
from litestar.response.base import ASGIResponse

from backhaul.domain.directory import (
    EmployeeDetail,
    EmployeeStatus,
    EmployeeUnknown,
    details_of,
    get_employee,
    remove_employee,
    update_employee,
)
from backhaul.domain.finding import get_person_dossier
from backhaul.domain.identity.model import Right
from backhaul.domain.inventory.browsing import AssetFilter, browse_assets
from backhaul.kernel.countries import country_name
from backhaul.web.console import notices
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.inventory import words as asset_words
from backhaul.web.console.notices import Notice, Undo
from backhaul.web.console.people import words
from backhaul.web.console.people.listing import PATH
from backhaul.web.console.visiting import Visit

MOST_HELD = 100

notices.declare(
    {
        "people.added": "The person is in the directory.",
        "people.changed": "The person's record is changed.",
        "people.offboarded": Notice(
            "The person is offboarded. Their devices stay with them until somebody takes them back.",
            Undo(f"{PATH}/{{about}}/return-to-work"),
        ),
        "people.active": "The person is active.",
        "people.erased": "The personal record is erased. Custody and history go on naming its number.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """Show a person."""
    detail = await person_of(visit)
    employee = detail.employee
    held = await browse_assets(
        visit.db,
        actor=visit.actor,
        wanted=AssetFilter(holder=employee.number),
        today=visit.now.astimezone(visit.zone).date(),
        limit=MOST_HELD,
    )
    dossier = await get_person_dossier(visit.db, actor=visit.actor, employee_id=employee.id)
    return visit.page(
        "people/person.html",
        title=employee.full_name,
        detail=detail,
        one=employee,
        held=held.items,
        dossier=dossier,
        owed=[item for item in dossier.owed if item.outcome is None],
        settled=[item for item in dossier.owed if item.outcome is not None],
        words=words,
        country_name=country_name,
        asset_words=asset_words,
        EmployeeStatus=EmployeeStatus,
    )


async def person_of(visit: Visit) -> EmployeeDetail:
    """Return the person whom the path names, or refuse."""
    number = number_or_none(visit.named("number"))
    if number is None:
        raise EmployeeUnknown(employee=visit.named("number")[:20])
    return await get_employee(visit.db, actor=visit.actor, employee=number)


async def offboard(visit: Visit, _: Form) -> ASGIResponse:
    """Note that a person left: what they hold stays with them until it is taken back."""
    number = await _give_status(visit, EmployeeStatus.INACTIVE)
    return visit.go(f"{PATH}/{number}", notice="people.offboarded", about=number)


async def return_to_work(visit: Visit, _: Form) -> ASGIResponse:
    """Note that a person works for the organization."""
    number = await _give_status(visit, EmployeeStatus.ACTIVE)
    return visit.go(f"{PATH}/{number}", notice="people.active")


async def _give_status(visit: Visit, status: EmployeeStatus) -> int:
    detail = await person_of(visit)
    details = msgspec.structs.replace(details_of(detail), status=status)
    number = detail.employee.number
    await update_employee(visit.db, actor=visit.actor, employee=number, details=details, now=visit.now)
    return number


async def erase(visit: Visit, _: Form) -> ASGIResponse:
    """Erase a person's record for good; refused while they hold devices or a legal hold names them."""
    detail = await person_of(visit)
    await remove_employee(visit.db, actor=visit.actor, employee=detail.employee.number, now=visit.now)
    return visit.go(PATH, notice="people.erased")


_ONE = f"{PATH}/{{number:str}}"
_WRITE = Right.DIRECTORY_WRITE
HANDLERS = [
    shows(_ONE, view, right=Right.DIRECTORY_READ),
    takes(f"{_ONE}/offboard", offboard, right=_WRITE, again=view),
    takes(f"{_ONE}/return-to-work", return_to_work, right=_WRITE, again=view),
    takes(f"{_ONE}/erase", erase, right=_WRITE, again=view),
]
