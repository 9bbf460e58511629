"""The list of returns, and what is done with many of them at once."""

from collections.abc import Mapping

import msgspec
from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.returns import LISTED, Policy, Status, list_warehouses
from backhaul.domain.returns.browsing import ReturnFilter, browse_returns
from backhaul.domain.returns.errors import ReturnsTooMany
from backhaul.domain.returns.operations.each import MOST_AT_ONCE, request_verification_of_each
from backhaul.web.console import notices
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.paths import own_path, with_query
from backhaul.web.console.returns import words
from backhaul.web.console.visiting import Visit

PATH = "/returns"
PAGE = 50
RESHIP = "/reshipments/new"
NAMES = ("q", "status", "warehouse")
_TABS = (Status.PROCESSED, Status.VERIFYING, Status.VERIFIED, Status.RESHIPPING, Status.RESHIPPED)

notices.declare({"returns.none_chosen": "Tick some returns first, then choose what to do with them."})


class Refused(msgspec.Struct, frozen=True):
    """A return that something was not done with, and why."""

    number: int
    text: str


async def view(visit: Visit) -> ASGIResponse:
    """Show returns, newest first."""
    given = {name: visit.asked(name) for name in NAMES}
    status = next((one for one in LISTED if one.value == given["status"]), None)
    before = visit.asked("before")
    wanted = ReturnFilter(status=status, warehouse_code=given["warehouse"], text=given["q"])
    found = await browse_returns(
        visit.db, actor=visit.actor, wanted=wanted, before=number_or_none(before), limit=PAGE
    )
    return visit.page(
        "returns/list.html",
        title="Returns",
        found=found,
        given=given,
        is_filtered=any(given.values()),
        tabs_shown=_tabs(given),
        warehouses=[(one.code, one.name) for one in await list_warehouses(visit.db)],
        first=address_of(given) if before else None,
        older=None if found.next_before is None else address_of(given, before=str(found.next_before)),
        back=address_of(given, before=before),
        words=words,
    )


def address_of(given: Mapping[str, str | None], **changes: str | None) -> str:
    """Return the list's address with these filters; what is None is left out."""
    return with_query(PATH, **{**{name: given.get(name) for name in NAMES}, **changes})


def _tabs(given: Mapping[str, str | None]) -> list[tuple[str, str, bool]]:
    every = [("All", None), *((words.STATUSES[one], one.value) for one in _TABS)]
    return [(label, address_of(given, status=value), given["status"] == value) for label, value in every]


async def do_with_many(visit: Visit, form: Form) -> ASGIResponse:
    """Send the ticked returns on, or ask for each to be verified."""
    back = own_path(form["back"], default=PATH)
    numbers = list(
        dict.fromkeys(number for text in form.all("ids") if (number := number_or_none(text)) is not None)
    )
    if not numbers or form["do"] not in {"reship", "verify"}:
        return visit.go(back, notice="returns.none_chosen")
    if len(numbers) > MOST_AT_ONCE:
        raise ReturnsTooMany(given=len(numbers), most=MOST_AT_ONCE)
    if form["do"] == "reship":
        return visit.go("&returns=".join([f"{RESHIP}?returns={numbers[0]}", *map(str, numbers[1:])]))
    outcomes = await request_verification_of_each(
        visit.db, actor=visit.actor, numbers=numbers, policy=visit.port(Policy), now=visit.now
    )
    return visit.page(
        "returns/done_many.html",
        title="What became of them",
        done=[one.number for one in outcomes if one.refusal is None],
        refused=[Refused(one.number, one.refusal.text) for one in outcomes if one.refusal is not None],
        back=back,
    )


HANDLERS = [
    shows(PATH, view, right=Right.RETURNS_READ),
    takes(f"{PATH}/many", do_with_many, right=Right.RETURNS_WRITE, again=view),
]
