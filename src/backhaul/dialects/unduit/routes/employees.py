"""Employees: the list in three generations, add, update, import (contract §2.3)."""

from typing import Any

from litestar import Request, get, post, route
from litestar.enums import HttpMethod
from litestar.params import FromPath

from backhaul.dialects.answering import Answer, answer
from backhaul.dialects.reading import read_object
from backhaul.dialects.unduit.calling import (
    PER_PAGE,
    authenticate,
    employee_ref,
    filter_text,
    page_number,
    worded,
)
from backhaul.dialects.unduit.people import NAMES, details_of, many_details_of
from backhaul.dialects.unduit.views import people as views
from backhaul.dialects.unduit.views.sentences import Message
from backhaul.domain import directory
from backhaul.domain.identity import Right
from backhaul.domain.inventory import queries
from backhaul.kernel.errors import FieldProblem, InvalidInput

INCLUDABLE = frozenset({"assets", "manager", "department"})


@get(["/api/v1/employees", "/api/v1/users"])
async def list_employees(request: Request[Any, Any, Any]) -> Answer:
    """List people with what they hold. Both paths answer the same (contract C14)."""
    call = await authenticate(request)
    query = request.query_params
    page = page_number(query.get("page"))
    email = filter_text("email", query.get("email"))
    found = await queries.list_people(call.db, actor=call.actor, page=page, per_page=PER_PAGE, email=email)
    return answer(views.users(found, page))


@get("/api/v2/employees")
async def list_employees_of_today(request: Request[Any, Any, Any]) -> Answer:
    """List people under the newer names, with what `include` asks for."""
    call = await authenticate(request)
    query = request.query_params
    page = page_number(query.get("page"))
    email = filter_text("email", query.get("email"))
    include = included(query.get("include"))
    found = await queries.list_people(call.db, actor=call.actor, page=page, per_page=PER_PAGE, email=email)
    return answer(views.employees_of_today(found, page, include))


@post("/api/v1/employee/add", status_code=200)
async def add_employee(request: Request[Any, Any, Any]) -> Answer:
    """Add an employee."""
    call = await authenticate(request, Right.DIRECTORY_WRITE)
    details = details_of(read_object(await request.body()))
    with worded(NAMES):
        added = await directory.add_employee(call.db, actor=call.actor, details=details, now=call.clock.now())
    return answer(views.Added("Address added successfully", views.address(added, details, call.actor)))


@route(
    "/api/v1/employee/update/{employee:str}", http_method=[HttpMethod.PUT, HttpMethod.POST], status_code=200
)
async def update_employee(request: Request[Any, Any, Any], employee: FromPath[str]) -> Answer:
    """Write an employee's record anew; PUT as documented, POST as the documented curl sends it (contract C6)."""
    call = await authenticate(request, Right.DIRECTORY_WRITE)
    ref = employee_ref(employee)
    details = details_of(read_object(await request.body()))
    with worded(NAMES):
        await directory.update_employee(
            call.db, actor=call.actor, employee=ref, details=details, now=call.clock.now()
        )
    return answer(Message("Record updated successfully"))


@post("/api/v1/employees/bulk-import", status_code=200)
async def import_employees(request: Request[Any, Any, Any]) -> Answer:
    """Add up to 500 employees, all or none; those whose address is known are skipped."""
    call = await authenticate(request, Right.DIRECTORY_WRITE)
    many = many_details_of(read_object(await request.body()))
    with worded(NAMES):
        added = await directory.add_employees(call.db, actor=call.actor, many=many, now=call.clock.now())
    skipped = set(added.skipped)
    rows = [details for details in many if details.email not in skipped]
    return answer(
        views.Imported(
            success=True,
            message="Employees imported successfully",
            imported=len(added.created),
            skipped=len(added.skipped),
            skipped_emails=added.skipped,
            employees=tuple(
                views.address(employee, details, call.actor)
                for employee, details in zip(added.created, rows, strict=True)
            ),
        )
    )


def included(text: str | None) -> frozenset[str]:
    """Return what a list is to show beside its people."""
    names = frozenset(part.strip() for part in (text or "").split(",")) - {""}
    if not names <= INCLUDABLE:
        what = ", ".join(sorted(INCLUDABLE))
        raise InvalidInput([FieldProblem("include", "inclusion", f"must be a list of {what}")])
    return names
