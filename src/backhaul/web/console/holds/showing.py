"""The page of one legal hold, and its release by two people."""

from litestar.response.base import ASGIResponse

from backhaul.domain import holds
from backhaul.domain.holds import HoldUnknown, ReleaseUnknown
from backhaul.domain.holds.browsing import Change, HoldSheet, get_hold_sheet
from backhaul.domain.holds.spelling import person_of
from backhaul.domain.identity import Right
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console import notices
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.holds import words
from backhaul.web.console.holds.listing import PATH
from backhaul.web.console.transfers.history import who_did
from backhaul.web.console.visiting import Visit

notices.declare(
    {
        "holds.release_asked": "The release is asked for. The hold goes on until a second person approves it.",
        "holds.release_approved": "The release is approved. What no other hold covers is free again.",
        "holds.release_refused": "The release is refused. The hold goes on.",
        "holds.release_withdrawn": "The request is withdrawn. The hold goes on.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """Show a hold: what it covers and blocks, and how far its release is."""
    sheet = await _read(visit)
    return visit.page(
        "holds/hold.html",
        title=sheet.hold.summary,
        sheet=sheet,
        hold=sheet.hold,
        base=f"{PATH}/{sheet.hold.number}",
        me=person_of(visit.actor),
        device_options=[(one.serial_number, one.serial_number) for one in sheet.active
                        if one.serial_number is not None and one.release_number is None],
        history=[(line, words.action(line.action), who_did(line.actor_kind, line.actor_name), _why(line))
                 for line in sheet.changes],
        words=words,
    )  # fmt: skip


async def ask(visit: Visit, form: Form) -> ASGIResponse:
    """Ask for the release of the hold, or of one of its devices."""
    sheet = await _read(visit)
    serial_number = form.optional("serial_number")
    await holds.request_release(
        visit.db,
        actor=visit.actor,
        summary=form["summary"],
        description=form["description"],
        hold=sheet.hold.number,
        serial_number=serial_number,
        now=visit.now,
    )
    return visit.go(f"{PATH}/{sheet.hold.number}", notice="holds.release_asked")


async def approve(visit: Visit, _: Form) -> ASGIResponse:
    """Release as the second person."""
    hold, release = await _release(visit)
    await holds.approve_release(visit.db, actor=visit.actor, release=release, now=visit.now)
    return visit.go(f"{PATH}/{hold}", notice="holds.release_approved")


async def refuse(visit: Visit, form: Form) -> ASGIResponse:
    """Refuse as the second person."""
    hold, release = await _release(visit)
    reason = _reason(form)
    await holds.refuse_release(visit.db, actor=visit.actor, release=release, reason=reason, now=visit.now)
    return visit.go(f"{PATH}/{hold}", notice="holds.release_refused")


async def withdraw(visit: Visit, form: Form) -> ASGIResponse:
    """Take one's own request back."""
    hold, release = await _release(visit)
    reason = _reason(form)
    await holds.withdraw_release(visit.db, actor=visit.actor, release=release, reason=reason, now=visit.now)
    return visit.go(f"{PATH}/{hold}", notice="holds.release_withdrawn")


async def _read(visit: Visit) -> HoldSheet:
    number = number_or_none(visit.named("hold"))
    if number is None:
        raise HoldUnknown
    return await get_hold_sheet(visit.db, actor=visit.actor, number=number)


async def _release(visit: Visit) -> tuple[int, int]:
    """Return the numbers of the hold and of its release that the address names; refuses a release of another hold."""
    sheet, release = await _read(visit), number_or_none(visit.named("release"))
    if release is None or release not in {one.number for one in sheet.releases}:
        raise ReleaseUnknown(release=visit.named("release")[:20])
    return sheet.hold.number, release


def _reason(form: Form) -> str:
    if not form["reason"]:
        raise InvalidInput([FieldProblem("", "blank", "say why: a reason is kept with the decision")])
    return form["reason"]


def _why(change: Change) -> str | None:
    """Return what a line of history says beside its action."""
    for name in ("ended_reason", "summary"):
        pair = change.change.get(name)
        if isinstance(pair, list) and pair[-1]:
            return str(pair[-1])
    return None


_WRITE = Right.HOLDS_WRITE
_ONE = f"{PATH}/{{hold:str}}"
_RELEASE = f"{_ONE}/releases/{{release:str}}"
HANDLERS = [
    shows(_ONE, view, right=Right.HOLDS_READ),
    takes(f"{_ONE}/releases", ask, right=_WRITE, again=view),
    takes(f"{_RELEASE}/approve", approve, right=_WRITE, again=view),
    takes(f"{_RELEASE}/refuse", refuse, right=_WRITE, again=view),
    takes(f"{_RELEASE}/withdraw", withdraw, right=_WRITE, again=view),
]
