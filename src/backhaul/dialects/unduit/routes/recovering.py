"""Recover: campaigns, the people in them, how their things stand. Every generation's path (contract §2.5, C10)."""

from typing import Any

from litestar import Request, get, post, route
from litestar.enums import HttpMethod
from litestar.exceptions import MethodNotAllowedException
from litestar.params import FromPath

from backhaul.dialects.answering import Answer, answer
from backhaul.dialects.reading import read_object
from backhaul.dialects.serving import Serving
from backhaul.dialects.unduit.calling import Call, authenticate, limit, page_number, worded
from backhaul.dialects.unduit.recovering import (
    CAMPAIGN_NAMES,
    MAX_LIMIT,
    addition_of,
    additions_of,
    campaign_of,
)
from backhaul.dialects.unduit.views import recovering as views
from backhaul.dialects.unduit.views.recovery_shapes import AddedPerson, CodedPerson
from backhaul.domain import recovery
from backhaul.domain.identity import Right
from backhaul.kernel.paths import segment_text

ADDED = "Employee added successfully"
_Request = Request[Any, Any, Any]


@get("/api/v1/recover/campaigns")
async def list_campaigns(request: _Request) -> Answer:
    """List campaigns, newest first."""
    call = await authenticate(request)
    page, per_page = _paging(request)
    found = await recovery.list_campaigns(call.db, actor=call.actor, page=page, per_page=per_page)
    return answer(views.campaigns(found, page, per_page))


@get(
    [
        "/api/v1/recover/employees/details/{campaign_number:str}",
        "/api/v1/recover/campaign/{campaign_number:str}",
    ]
)
async def view_campaign(request: _Request, campaign_number: FromPath[str]) -> Answer:
    """View a campaign with a page of the people in it."""
    call = await authenticate(request)
    page, per_page = _paging(request)
    number = segment_text(campaign_number).strip()
    found = await recovery.get_campaign(
        call.db, actor=call.actor, number=number, page=page, per_page=per_page
    )
    return answer(views.campaign(found, page, per_page))


@post("/api/v1/recover/campaign/create", status_code=200)
async def create_campaign(request: _Request) -> Answer:
    """Make a campaign."""
    call = await authenticate(request, Right.RECOVERY_WRITE)
    new = campaign_of(read_object(await request.body()))
    with worded(CAMPAIGN_NAMES):
        made = await recovery.create_campaign(call.db, actor=call.actor, new=new, now=call.clock.now())
    return answer(views.made(made))


@route("/api/v1/recover/user/add", http_method=[HttpMethod.POST, HttpMethod.GET], status_code=200)
async def add_user(request: _Request) -> Answer:
    """Add somebody to a campaign; the documented curl is a GET with a body, so that works too (contract C5)."""
    if request.method == "GET" and not _serving(request).unduit_adds_by_get:
        raise MethodNotAllowedException(headers={"allow": "POST"})
    call = await authenticate(request, Right.RECOVERY_WRITE)
    await _add(request, call)
    return answer(AddedPerson(success=True, message=ADDED))


@post("/api/v1/recover/campaign/employee/add", status_code=200)
async def add_campaign_employee(request: _Request) -> Answer:
    """Add somebody to a campaign; this generation's answer has the recovery code."""
    call = await authenticate(request, Right.RECOVERY_WRITE)
    added = await _add(request, call)
    return answer(CodedPerson(success=True, message=ADDED, recovery_code=added.code))


@post("/api/v1/recover/campaign/employee/bulk-add", status_code=200)
async def add_campaign_employees(request: _Request) -> Answer:
    """Add up to a hundred people, all or none."""
    call = await authenticate(request, Right.RECOVERY_WRITE)
    allowed = _serving(request).callback_networks
    wanted = additions_of(read_object(await request.body()), allowed=allowed)
    cases = await recovery.add_cases(
        call.db,
        actor=call.actor,
        campaign_number=wanted.campaign_number,
        many=wanted.many,
        now=call.clock.now(),
        allowed=allowed,
    )
    return answer(views.coded(cases))


@get("/api/v1/recover/campaign/employee/{recovery_id:str}")
async def view_recovery(request: _Request, recovery_id: FromPath[str]) -> Answer:
    """View one recovery with its campaign."""
    return answer(views.recovery(await _find(request, recovery_id)))


@get("/api/v1/recover/recovery/{recovery_code:str}")
async def view_recovery_by_code(request: _Request, recovery_code: FromPath[str]) -> Answer:
    """View one recovery in the shape that goes with its code."""
    return answer(views.coded_recovery(await _find(request, recovery_code)))


@get("/api/v1/recoveries/{recovery_number:str}/status")
async def view_recovery_status(request: _Request, recovery_number: FromPath[str]) -> Answer:
    """View how one recovery stands, and nothing else."""
    found = await _find(request, recovery_number)
    return answer(views.standing(found, segment_text(recovery_number).strip()))


async def _add(request: _Request, call: Call) -> recovery.Case:
    allowed = _serving(request).callback_networks
    wanted = addition_of(read_object(await request.body()), allowed=allowed)
    return await recovery.add_case(
        call.db,
        actor=call.actor,
        campaign_number=wanted.campaign_number,
        new=wanted.new,
        now=call.clock.now(),
        allowed=allowed,
    )


async def _find(request: _Request, ref: str) -> recovery.CaseInCampaign:
    """Return a recovery by its id or code, whichever a path names."""
    call = await authenticate(request)
    return await recovery.get_case(call.db, actor=call.actor, ref=segment_text(ref).strip())


def _paging(request: _Request) -> tuple[int, int]:
    query = request.query_params
    return page_number(query.get("page")), limit(query.get("limit"), most=MAX_LIMIT)


def _serving(request: _Request) -> Serving:
    serving: Serving = request.app.state.serving
    return serving
