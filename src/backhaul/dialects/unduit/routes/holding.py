"""Legal holds: place, ask for a release, list. Each path with and without /api/v1 (contract §2.6, C28)."""

from typing import Any

from litestar import Request, get, post

from backhaul.dialects.answering import Answer, answer
from backhaul.dialects.reading import read_object
from backhaul.dialects.unduit.calling import authenticate, worded
from backhaul.dialects.unduit.holding import page_of, release_wish_of, submission_of
from backhaul.dialects.unduit.views import holding as views
from backhaul.domain import holds
from backhaul.domain.holds.model import MAX_SUBJECTS
from backhaul.domain.identity import Right

SUBMIT = ["/legal-hold/submit", "/api/v1/legal-hold/submit"]
ACTIVE = ["/legal-hold/active", "/api/v1/legal-hold/active"]
ACTIVE_HOLDS = ["/legal-hold/active-holds", "/api/v1/legal-hold/active-holds"]
NAMES = {f"subjects[{n}].name": f"users[{n}].serialNumber" for n in range(MAX_SUBJECTS)}


@post(SUBMIT, status_code=200)
async def submit_hold(request: Request[Any, Any, Any]) -> Answer:
    """Place a legal hold on devices; they cannot be deployed from this moment on. A repeat gets the same ticket."""
    call = await authenticate(request, Right.HOLDS_WRITE)
    wanted = submission_of(read_object(await request.body()))
    with worded(NAMES):
        hold = await holds.place_hold(
            call.db,
            actor=call.actor,
            summary=wanted.summary,
            description=wanted.description,
            subjects=wanted.subjects,
            now=call.clock.now(),
        )
    return answer(views.submitted(hold))


@post(ACTIVE, status_code=200)
async def request_hold_release(request: Request[Any, Any, Any]) -> Answer:
    """Ask for the release of a device, a person or a case; the hold goes on until another person approves."""
    call = await authenticate(request, Right.HOLDS_WRITE)
    wish = release_wish_of(read_object(await request.body()))
    with worded({"serial_number": "user.serial_number"}):
        release, is_new = await holds.request_release(
            call.db,
            actor=call.actor,
            subject=wish.subject,
            serial_number=wish.serial_number,
            summary=wish.summary,
            description=wish.description,
            now=call.clock.now(),
        )
    return answer(views.release_asked(release, wish.serial_number, is_new=is_new))


@get(ACTIVE_HOLDS)
async def list_active_holds(request: Request[Any, Any, Any]) -> Answer:
    """List what is on hold, the latest first; a person or a case stands there without what devices have."""
    call = await authenticate(request)
    page, per_page = page_of(request.query_params.get("page"), request.query_params.get("limit"))
    found = await holds.list_active(call.db, actor=call.actor, page=page, per_page=per_page)
    return answer(views.active_holds(found, page, per_page, now=call.clock.now()))
