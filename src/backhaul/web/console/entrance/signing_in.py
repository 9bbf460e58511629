"""Signing in: a password, and a second factor where the account has one."""

from typing import Any

from litestar import Request, get, post
from litestar.response.base import ASGIResponse

from backhaul.domain.identity.browsing import begin_with_password
from backhaul.kernel.errors import DomainError, Kind
from backhaul.web.console import answering
from backhaul.web.console.declaring import SECOND_FACTOR, browsing_of
from backhaul.web.console.entrance.admitting import (
    admitted,
    checked_form,
    device_of,
    end_former,
    show_entrance,
)
from backhaul.web.console.paths import own_path, with_query
from backhaul.web.console.refused import plain_page

TITLE = "Sign in"
MAX_BYTES = 16_384
_SHOWN_AGAIN = frozenset({Kind.UNAUTHENTICATED, Kind.TOO_MANY, Kind.UNAVAILABLE})


@get("/sign-in")
async def show_sign_in(request: Request[Any, Any, Any]) -> ASGIResponse:
    """Show the form; who is signed in already goes on."""
    browsing = await browsing_of(request)
    if browsing is not None and not browsing.is_second_factor_due:
        return answering.see_other(own_path(request.query_params.get("next")))
    return show_entrance(request, "entrance/sign_in.html", title=TITLE)


@post("/sign-in", status_code=200, request_max_body_size=MAX_BYTES)
async def sign_in(request: Request[Any, Any, Any]) -> ASGIResponse:
    """Begin a session for who knows the password of an account."""
    serving = request.app.state.serving
    now = serving.clock.now()
    try:
        form = await checked_form(request)
    except DomainError as refusal:
        return plain_page(request.scope, refusal, sign_in=True)
    try:
        begun = await begin_with_password(
            serving.db,
            authenticator=serving.authenticator,
            email=form["email"],
            password=form.raw("password"),
            device=device_of(request),
            terms=request.app.state.browsers.terms,
            now=now,
        )
    except DomainError as refusal:
        if refusal.kind not in _SHOWN_AGAIN:
            return plain_page(request.scope, refusal, sign_in=True)
        return show_entrance(request, "entrance/sign_in.html", title=TITLE, refusal=refusal, form=form)
    await end_former(request, now=now)
    wanted = own_path(form["next"])
    if begun.is_second_factor_due:
        wanted = with_query(SECOND_FACTOR, next=None if wanted == "/" else wanted)
    return admitted(request, begun, wanted, now=now)


HANDLERS = [show_sign_in, sign_in]
