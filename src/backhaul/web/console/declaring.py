"""Pages and actions as routes: `shows` and `takes` let nobody in who is not signed in or has no right to it.

`takes` reads the form and checks that it is one of ours before the action runs, so that no action can forget it. What
needs no body is checked first: nobody's gigabyte is read only to be refused.
"""

import contextlib
import re
from collections.abc import Awaitable, Callable, Collection
from typing import Any
from urllib.parse import quote

from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse

from backhaul.domain.identity.browsing import Browsing
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import Right
from backhaul.kernel.errors import DomainError, Kind
from backhaul.storage.scope import Scope
from backhaul.web.console import answering, cookies, csrf
from backhaul.web.console.forms import MAX_BYTES, Form, read_form
from backhaul.web.console.paths import own_path, with_query
from backhaul.web.console.refused import plain_page
from backhaul.web.console.saved_views.showing import views_of
from backhaul.web.console.trouble import Trouble
from backhaul.web.console.visiting import Installed, Visit

Showing = Callable[[Visit], Awaitable[ASGIResponse]]
Taking = Callable[[Visit, Form], Awaitable[ASGIResponse]]

RIGHT = "right"  # where a route says which one it asks for
SIGN_IN, SECOND_FACTOR = "/sign-in", "/sign-in/totp"
_PART = re.compile(r"\{(\w+):\w+\}")
_PAGES: dict[Showing, list[str]] = {}  # where each page is opened
# What a page shows beside its form; everything else is a page of its own.
_SHOWN_AGAIN = frozenset({Kind.INVALID, Kind.CONFLICT, Kind.PAYMENT_REQUIRED, Kind.UNSUPPORTED})


def shows(path: str | list[str], showing: Showing, *, right: Right | None = None) -> HTTPRouteHandler:
    """Make a page of a function; `right` is what the viewer needs to see it."""
    paths = [path] if isinstance(path, str) else path
    _PAGES.setdefault(showing, []).extend(paths)

    async def handler(request: Request[Any, Any, Any]) -> ASGIResponse:
        visit = await enter(request)
        if isinstance(visit, ASGIResponse):
            return visit
        try:
            _require(visit, [] if right is None else [right])
            query = request.scope["query_string"].decode("latin-1")
            async with visit.db.sharing(Scope(visit.actor.org_id)) as visit.db:
                visit.views = await views_of(visit.db, actor=visit.actor, path=visit.path, query=query)
                return await showing(visit)
        except DomainError as refusal:
            return visit.refused(refusal)

    return get(path, opt={RIGHT: right})(handler)


def takes(
    path: str | list[str],
    taking: Taking,
    *,
    right: Right | None = None,
    one_of: Collection[Right] = (),
    again: Showing | None = None,
    max_bytes: int = MAX_BYTES,
) -> HTTPRouteHandler:
    """Make an action of a function: it gets the posted form, and answers with `visit.go(…)`.

    `right` is what the sender needs; where it depends on what is sent, `one_of` names those that any of it may need.
    They are asked for before the body is read.
    `again` shows the page of the form once more when values were refused, with what is wrong beside each field.
    `max_bytes` is the largest body; forms with files need more than the default of 256 KiB.
    """

    async def handler(request: Request[Any, Any, Any]) -> ASGIResponse:
        visit = await enter(request)
        if isinstance(visit, ASGIResponse):
            return visit
        visit.page_path = _page_of(again, visit)
        try:
            csrf.require_from_here(request.scope)
            _require(visit, one_of if right is None else [right])
            form = await _checked_form(request, visit.browsing)
        except DomainError as refusal:
            return visit.refused(refusal)
        if "back" in form:
            visit.page_path = own_path(form["back"], default=visit.page_path)
        try:
            with contextlib.closing(form):
                return await taking(visit, form)
        except DomainError as refusal:
            if again is None or refusal.kind not in _SHOWN_AGAIN:
                return visit.refused(refusal)
            visit.trouble = Trouble.of(refusal, form)
        try:
            return await again(visit)
        except DomainError as refusal:
            return visit.refused(refusal)

    return post(path, status_code=200, request_max_body_size=max_bytes, opt={RIGHT: right})(handler)


async def enter(request: Request[Any, Any, Any]) -> Visit | ASGIResponse:
    """Return the visit of who is signed in; anybody else gets the way to the sign-in page, or a refusal."""
    browsing = await browsing_of(request)
    if browsing is None or browsing.is_second_factor_due:
        if request.method == "POST":
            return plain_page(request.scope, csrf.FormForged(), sign_in=True)
        if browsing is not None:
            return answering.see_other(SECOND_FACTOR)
        query = request.scope["query_string"].decode("latin-1")
        wanted = own_path(request.url.path + (f"?{query}" if query else ""))
        return answering.see_other(with_query(SIGN_IN, next=None if wanted == "/" else wanted))
    serving = request.app.state.serving
    return Visit(request=request, browsing=browsing, now=serving.clock.now(), db=serving.db)


async def browsing_of(request: Request[Any, Any, Any]) -> Browsing | None:
    """Return who is signed in with this browser."""
    token = cookies.read(request.scope, cookies.SESSION, is_secure=installed(request).is_secure)
    if token is None:
        return None
    found: Browsing | None = await request.app.state.browsers.find(token)
    return found


def installed(request: Request[Any, Any, Any]) -> Installed:
    """Return what the console knows of its installation."""
    known: Installed = request.app.state.serving.ports[Installed]
    return known


async def _checked_form(request: Request[Any, Any, Any], browsing: Browsing) -> Form:
    form = await read_form(request)
    if not csrf.is_token_of(browsing.csrf_secret, form[csrf.FIELD]):
        raise csrf.FormForged
    return form


def _page_of(showing: Showing | None, visit: Visit) -> str:
    """Return where the page is opened that an action shows again: what the action was sent to is no page."""
    given = visit.request.path_params
    paths = [] if showing is None else _PAGES.get(showing, [])
    for path in paths:
        if all(name in given for name in _PART.findall(path)):
            return _PART.sub(lambda part: quote(str(given[part[1]]), safe=""), path)
    return "/"


def _require(visit: Visit, rights: Collection[Right]) -> None:
    """Refuse unless the viewer has one of these; where none is named nothing is asked for."""
    if rights and not any(visit.may(right) for right in rights):
        raise RightMissing(right=next(iter(rights)).value)
