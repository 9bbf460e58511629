"""The list of transfers, and what is done with many of them at once."""

from uuid import UUID

import msgspec
from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Right
from backhaul.domain.shipping.model import CarrierCode
from backhaul.domain.transfers.answers import ListedTransfer, Wanted
from backhaul.domain.transfers.listing import list_transfers
from backhaul.domain.transfers.model import TransferId
from backhaul.domain.transfers.operations import MOST_AT_ONCE, Outcome, cancel_each, mute_each
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console.countries import COUNTRIES
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.paths import own_path
from backhaul.web.console.transfers import filtering, words
from backhaul.web.console.transfers.filtering import PATH
from backhaul.web.console.visiting import Visit

PAGE = 50
BULK = {"cancel": "cancelled", "mute": "muted", "unmute": "unmuted"}


class Line(msgspec.Struct, frozen=True):
    """A transfer of the result, and why it was refused."""

    transfer: ListedTransfer
    refusal: str | None


async def view(visit: Visit) -> ASGIResponse:
    """Show transfers, newest first."""
    given = {name: visit.asked(name) for name in filtering.NAMES}
    before = visit.asked("before")
    wanted = filtering.wanted_of(given, visit.zone)
    lines = await _read(visit, wanted, before=before)
    shown = lines[:PAGE]
    older = filtering.written(shown[-1].cursor) if len(lines) > PAGE else None
    return visit.page(
        "transfers/list.html",
        title="Transfers",
        lines=shown,
        given=given,
        tabs_shown=_tabs(given),
        is_filtered=filtering.is_filtered(given),
        first=filtering.address_of(given) if before else None,
        older=filtering.address_of(given, before=older) if older else None,
        back=filtering.address_of(given, before=before),
        countries=COUNTRIES,
        carriers=[(code.value, code.value) for code in CarrierCode],
        statuses=[
            *((name, label) for name, (label, _) in GROUPS),
            *((status.value, text) for status, text in words.STATUSES.items()),
        ],
        words=words,
    )


GROUPS = words.GROUPS.items()


async def _read(
    visit: Visit, wanted: Wanted, *, before: str | None = None, limit: int = PAGE + 1
) -> list[ListedTransfer]:
    scope = visit.actor.scope(Right.TRANSFERS_READ)
    async with visit.db.read(scope) as reader:
        return await list_transfers(reader, scope, wanted=wanted, after=filtering.read(before), limit=limit)


def _tabs(given: dict[str, str | None]) -> list[tuple[str, str, bool]]:
    status, attention = given["status"], given["attention"]
    named = [
        ("All", None, None),
        ("Open", "open", None),
        ("Needs attention", None, "1"),
        ("Complete", "done", None),
        ("Failed or not returned", "trouble", None),
        ("Cancelled", "cancelled", None),
    ]
    return [
        (
            label,
            filtering.address_of(given, status=value, attention=flag),
            (value, flag) == (status, attention),
        )
        for label, value, flag in named
    ]


async def do_with_many(visit: Visit, form: Form) -> ASGIResponse:
    """Cancel the ticked transfers, after asking once more, or switch their reminders off or on."""
    back = own_path(form["back"], default=PATH)
    wish, ids = form["do"], _ids(form)
    if wish not in BULK or not ids:
        return visit.go(back, notice="transfers.none_chosen")
    if len(ids) > MOST_AT_ONCE:
        text = f"at most {MOST_AT_ONCE} transfers are worked on at once"
        raise InvalidInput([FieldProblem("ids", "transfer.too_many", text)])
    if wish == "cancel" and not form.is_ticked("sure"):
        lines = await _read(visit, Wanted(ids=tuple(ids)), limit=MOST_AT_ONCE)
        return visit.page(
            "transfers/cancel_many.html", title="Cancel transfers", lines=lines, back=back, words=words
        )
    outcomes = await _carry_out(visit, wish, ids, reason=form.optional("reason"))
    refused = {outcome.transfer_id: outcome.refusal for outcome in outcomes if outcome.refusal is not None}
    lines = await _read(visit, Wanted(ids=tuple(ids)), limit=MOST_AT_ONCE)
    known = {line.id for line in lines}
    return visit.page(
        "transfers/done_many.html",
        title="What became of them",
        wish=wish,
        done=BULK[wish],
        count=len(outcomes) - len(refused),
        refused=[Line(line, _text(refused[line.id])) for line in lines if line.id in refused],
        unknown=sum(one not in known for one in refused),
        undone={"mute": "unmute", "unmute": "mute"}.get(wish),
        done_ids=[outcome.transfer_id for outcome in outcomes if outcome.refusal is None],
        back=back,
        words=words,
    )


async def _carry_out(visit: Visit, wish: str, ids: list[TransferId], *, reason: str | None) -> list[Outcome]:
    if wish == "cancel":
        return await cancel_each(visit.db, actor=visit.actor, transfer_ids=ids, reason=reason, now=visit.now)
    return await mute_each(
        visit.db, actor=visit.actor, transfer_ids=ids, is_muted=wish == "mute", now=visit.now
    )


def _text(refusal: Exception | None) -> str | None:
    return None if refusal is None else str(refusal)


def _ids(form: Form) -> list[TransferId]:
    found: dict[TransferId, None] = {}
    for text in form.all("ids"):
        try:
            found[TransferId(UUID(text))] = None
        except ValueError:
            continue  # no row of ours
    return list(found)


HANDLERS = [
    shows(PATH, view, right=Right.TRANSFERS_READ),
    takes(f"{PATH}/many", do_with_many, right=Right.TRANSFERS_WRITE, again=view),
]
