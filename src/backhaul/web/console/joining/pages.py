"""Accept an invitation: with the account that is signed in, or with a new one. The link alone is the way in."""

from typing import Any

from litestar import Request, get, post
from litestar.response.base import ASGIResponse

from backhaul.domain import invitations
from backhaul.domain.identity.browsing import Browsing, begin_with_password
from backhaul.domain.identity.passwords import MIN_LENGTH
from backhaul.domain.invitations import OpenedInvitation
from backhaul.kernel.errors import DomainError, FieldProblem, InvalidInput, Kind
from backhaul.web.console import answering
from backhaul.web.console.declaring import browsing_of
from backhaul.web.console.entrance.admitting import (
    admitted,
    checked_form,
    device_of,
    end_former,
    show_entrance,
)
from backhaul.web.console.forms import Form
from backhaul.web.console.refused import plain_page
from backhaul.web.console.settings.members import ROLES

PATH = "/invitation/{token:str}"
MAX_BYTES = 16_384
_SHOWN_AGAIN = frozenset({Kind.INVALID, Kind.CONFLICT})


@get(PATH)
async def show_invitation(request: Request[Any, Any, Any]) -> ASGIResponse:
    """Show who invites whom, and the way in."""
    token = str(request.path_params["token"])
    try:
        found = await invitations.find_by_token(request.app.state.serving.db, token=token)
    except DomainError as refusal:
        return plain_page(request.scope, refusal)
    return await _show(request, token, found)


@post(PATH, status_code=200, request_max_body_size=MAX_BYTES)
async def accept(request: Request[Any, Any, Any]) -> ASGIResponse:
    """Join."""
    serving, token = request.app.state.serving, str(request.path_params["token"])
    try:
        form = await checked_form(request)
        found = await invitations.find_by_token(serving.db, token=token)
    except DomainError as refusal:
        return plain_page(request.scope, refusal)
    try:
        if found.user_id is not None:
            return await _join_with_account(request, token)
        return await _join_as_new(request, token, form)
    except DomainError as refusal:
        if refusal.kind not in _SHOWN_AGAIN:
            return plain_page(request.scope, refusal)
        found = await invitations.find_by_token(serving.db, token=token)  # it may be over by now
        return await _show(request, token, found, refusal=refusal, form=form)


async def _join_with_account(request: Request[Any, Any, Any], token: str) -> ASGIResponse:
    browsing, serving = await _signed_in(request), request.app.state.serving
    user_id = None if browsing is None else browsing.user_id
    await invitations.accept_as_account(serving.db, token=token, user_id=user_id, now=serving.clock.now())
    return answering.see_other("/")


async def _join_as_new(request: Request[Any, Any, Any], token: str, form: Form) -> ASGIResponse:
    serving, password = request.app.state.serving, form.raw("password")
    now = serving.clock.now()
    if password != form.raw("repeated_password"):
        text = "is not the same as the password"
        raise InvalidInput([FieldProblem("repeated_password", "identity.password_repeated", text)])
    joined = await invitations.accept_as_new(
        serving.db, token=token, name=form["name"], password=password, now=now
    )
    begun = await begin_with_password(
        serving.db,
        authenticator=serving.authenticator,
        email=joined.email,
        password=password,
        device=device_of(request),
        terms=request.app.state.browsers.terms,
        now=now,
    )
    await end_former(request, now=now)
    return admitted(request, begun, "/", now=now)


async def _show(
    request: Request[Any, Any, Any],
    token: str,
    found: OpenedInvitation,
    *,
    refusal: DomainError | None = None,
    form: Form | None = None,
) -> ASGIResponse:
    signed_in = await _signed_in(request)
    return show_entrance(
        request,
        "joining/invitation.html",
        title=f"Join {found.org_name}",
        refusal=refusal,
        form=form,
        found=found,
        role=ROLES[found.role][0].lower(),
        is_open=found.is_open(request.app.state.serving.clock.now()),
        is_signed_in=signed_in is not None,
        is_theirs=signed_in is not None and signed_in.user_id == found.user_id,
        here_path=f"/invitation/{token}",
        min_password_length=MIN_LENGTH,
    )


async def _signed_in(request: Request[Any, Any, Any]) -> Browsing | None:
    browsing = await browsing_of(request)
    return None if browsing is None or browsing.is_second_factor_due else browsing


HANDLERS = [show_invitation, accept]
