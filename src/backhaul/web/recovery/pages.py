"""The routes of the person's page. The token in the path is the credential, and there is no other.

No cookie exists, so that no other site can act in anybody's name: whoever can post a form already holds the link
(decision 0022).
"""

import asyncio
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from backhaul.domain.recovery import person
from backhaul.domain.recovery.person import Linked
from backhaul.domain.recovery.person.errors import ParcelUnavailable, PersonLinkInvalid
from backhaul.kernel.errors import DomainError, Kind
from backhaul.web.recovery.entering import client_of, entered
from backhaul.web.recovery.forms import read_form
from backhaul.web.recovery.showing import Trouble, go_back, notice, paper, show
from backhaul.web.recovery.steps import STEPS, Posted

# What the page shows beside the form; everything else is a page of its own.
_SHOWN = frozenset({Kind.INVALID, Kind.CONFLICT, Kind.NOT_FOUND, Kind.UNSUPPORTED})


@get("/return/{token:str}")
async def view(request: Request[Any, Any, Any], token: FromPath[str]) -> ASGIResponse:
    """Show somebody's page."""

    async def work(linked: Linked) -> ASGIResponse:
        serving = request.app.state.serving
        now = serving.clock.now()
        page = await person.look(serving.db, linked=linked, now=now)
        return show(page, token=token, now=now, done=request.query_params.get("done"))

    return await entered(request, token, work)


@post("/return/{token:str}/{step:str}", status_code=200)
async def take_step(
    request: Request[Any, Any, Any], token: FromPath[str], step: FromPath[str]
) -> ASGIResponse:
    """Carry out what was posted, and lead back; refused, show the page with what is wrong beside its field."""

    async def work(linked: Linked) -> ASGIResponse:
        if step not in STEPS:
            raise PersonLinkInvalid
        serving = request.app.state.serving
        now = serving.clock.now()
        fields = await read_form(request)
        posted = Posted(db=serving.db, linked=linked, fields=fields, client=client_of(request), now=now)
        try:
            await STEPS[step](posted)
        except PersonLinkInvalid:
            raise
        except DomainError as refusal:
            if refusal.kind not in _SHOWN:
                raise
            page = await person.look(serving.db, linked=linked, now=now)
            return show(page, token=token, now=now, trouble=Trouble.of(step, refusal, fields))
        return go_back(token, done=step)

    return await entered(request, token, work)


@get("/return/{token:str}/{name:str}")
async def print_paper(
    request: Request[Any, Any, Any], token: FromPath[str], name: FromPath[str]
) -> ASGIResponse:
    """Give out a label or the packing list; whoever reloads a refused form is led back to the page."""

    async def work(linked: Linked) -> ASGIResponse:
        serving = request.app.state.serving
        now = serving.clock.now()
        if name in STEPS:
            return go_back(token)
        if name == "label.pdf":
            number = request.query_params.get("parcel", "1")
            if number not in {"1", "2", "3", "4", "5"}:
                raise ParcelUnavailable
            return paper(
                await person.print_label(serving.db, linked=linked, parcel=int(number), now=now),
                f"label-{number}.pdf",
            )
        if name == "packing-list.pdf":
            sheets = await person.print_packing_list(serving.db, linked=linked, now=now)
            content = await asyncio.to_thread(serving.papers.packing_list, sheets)
            return paper(content, "packing-list.pdf")
        return notice("There is nothing here", "Look again at your page.", status=404)

    return await entered(request, token, work)


@get("/static/return.css")
async def stylesheet() -> ASGIResponse:
    """Serve the page's style."""
    return ASGIResponse(body=_style(), media_type="text/css", headers={"cache-control": "max-age=3600"})


@cache
def _style() -> bytes:
    return Path(__file__).parents[1].joinpath("static", "return.css").read_bytes()


HANDLERS = [view, take_step, print_paper, stylesheet]
