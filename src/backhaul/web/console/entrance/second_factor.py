"""The step between password and session: a code of the authenticator, or a recovery code."""

from typing import Any

from litestar import Request, get, post
from litestar.response.base import ASGIResponse

from backhaul.domain.identity.browsing import Browsing, begin_after_second_factor
from backhaul.domain.identity.second_factor import check_code
from backhaul.domain.identity.second_factor.sealing import SECRET_NAME
from backhaul.kernel.errors import DomainError
from backhaul.storage.installation_secrets import KeptSecret
from backhaul.web.console import answering, csrf
from backhaul.web.console.declaring import SECOND_FACTOR, SIGN_IN, browsing_of
from backhaul.web.console.entrance.admitting import admitted, device_of
from backhaul.web.console.entrance.signing_in import MAX_BYTES
from backhaul.web.console.forms import Form, read_form
from backhaul.web.console.paths import own_path
from backhaul.web.console.refused import plain_page
from backhaul.web.console.rendering import render
from backhaul.web.console.statuses import STATUS
from backhaul.web.console.trouble import Trouble


@get(SECOND_FACTOR)
async def show_second_factor(request: Request[Any, Any, Any]) -> ASGIResponse:
    """Ask for the code; who is not on the way in is led to where they belong."""
    browsing = await browsing_of(request)
    if browsing is None:
        return answering.see_other(SIGN_IN)
    if not browsing.is_second_factor_due:
        return answering.see_other("/")
    return _page(request, browsing)


@post(SECOND_FACTOR, status_code=200, request_max_body_size=MAX_BYTES)
async def take_second_factor(request: Request[Any, Any, Any]) -> ASGIResponse:
    """Turn the waiting session into a full one, with a new token."""
    serving = request.app.state.serving
    now = serving.clock.now()
    browsing = await browsing_of(request)
    if browsing is None or not csrf.comes_from_here(request.scope):
        return plain_page(request.scope, csrf.FormForged(), sign_in=True)
    form = Form([], [])
    try:
        form = await read_form(request)
        if not csrf.is_token_of(browsing.csrf_secret, form[csrf.FIELD]):
            return plain_page(request.scope, csrf.FormForged(), sign_in=True)
        if not browsing.is_second_factor_due:
            return answering.see_other(own_path(form["next"]))
        key = KeptSecret(serving.db, SECRET_NAME)
        await check_code(serving.db, browsing=browsing, code=form["code"][:64], key=key, now=now)
        terms = request.app.state.browsers.terms
        begun = await begin_after_second_factor(
            serving.db, browsing=browsing, device=device_of(request), terms=terms, now=now
        )
    except DomainError as refusal:
        return _page(request, browsing, refusal=refusal, form=form)
    return admitted(request, begun, own_path(form["next"]), now=now)


def _page(
    request: Request[Any, Any, Any],
    browsing: Browsing,
    *,
    refusal: DomainError | None = None,
    form: Form | None = None,
) -> ASGIResponse:
    values = {
        "title": "Second factor",
        "theme": browsing.theme.value,
        "csrf": csrf.masked(browsing.csrf_secret),
        "trouble": None if refusal is None or form is None else Trouble.of(refusal, form),
        "email": browsing.email,
        "next": own_path(form["next"] if form else request.query_params.get("next")),
    }
    status = 200 if refusal is None else STATUS[refusal.kind]
    headers = {}
    if refusal is not None and "retry_after_seconds" in refusal.data:
        headers["retry-after"] = str(refusal.data["retry_after_seconds"])
    text = render("entrance/second_factor.html", values)
    return answering.html(request.scope, text, status=status, headers=headers)


HANDLERS = [show_second_factor, take_second_factor]
