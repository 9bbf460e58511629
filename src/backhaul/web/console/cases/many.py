"""What is done with many cases at once: each in a transaction of its own, so that a refusal keeps no other from it."""

import msgspec
from litestar.response.base import ASGIResponse

from backhaul.domain import recovery
from backhaul.domain.identity import Right
from backhaul.domain.recovery.model import Outcome
from backhaul.domain.recovery.person import Choice, Pages, choose_for
from backhaul.domain.recovery.reminding import mute_case, remind_now
from backhaul.kernel.errors import DomainError, Kind
from backhaul.web.console import notices
from backhaul.web.console.cases import words
from backhaul.web.console.cases.filtering import PATH
from backhaul.web.console.declaring import takes
from backhaul.web.console.forms import Form
from backhaul.web.console.paths import own_path
from backhaul.web.console.visiting import Visit

MOST_AT_ONCE = 200
_LONGEST_REF = 64
_OUTAGES = frozenset({Kind.UNAVAILABLE})
_SENDING = {choice.value: choice for choice in Choice}
# What is said of one case and of several.
_DONE = {
    "kit": ("is sent a box", "are sent a box"),
    "label": ("is sent a label", "are sent a label"),
    "mute": ("is muted", "are muted"),
    "unmute": ("is reminded again", "are reminded again"),
    "remind": ("was reminded", "were reminded"),
    "close": ("is closed", "are closed"),
}
_UNDO = {"mute": "unmute", "unmute": "mute"}

notices.declare(
    {
        "cases.none_chosen": "Tick some cases first, then choose what to do with them.",
        "cases.no_outcome": "Choose what became of the things before closing cases.",
    }
)


class Refused(msgspec.Struct, frozen=True):
    """A case with which something could not be done, and why."""

    ref: str
    text: str


async def do_with_many(visit: Visit, form: Form) -> ASGIResponse:
    """Send, mute, remind or close the ticked cases; closing asks once more before."""
    back = own_path(form["back"], default=PATH)
    wish, refs = form["do"], list(dict.fromkeys(one.strip()[:_LONGEST_REF] for one in form.all("ids")))
    if wish not in _DONE or not refs:
        return visit.go(back, notice="cases.none_chosen")
    outcome = next((one for one in words.BULK_OUTCOMES if one.value == form["outcome"]), None)
    if wish == "close" and (outcome is None or not form.is_ticked("sure")):
        return visit.page(
            "cases/close_many.html",
            title="Close cases",
            refs=refs[:MOST_AT_ONCE],
            back=back,
            outcomes=[(one.value, words.OUTCOMES[one]) for one in words.BULK_OUTCOMES],
        )
    refused = [Refused(ref, "Only 200 are worked on at once.") for ref in refs[MOST_AT_ONCE:]]
    done = []
    for ref in refs[:MOST_AT_ONCE]:
        try:
            await _do(visit, wish, ref, outcome, form.optional("reason"))
            done.append(ref)
        except DomainError as refusal:
            if refusal.kind in _OUTAGES:
                raise
            refused.append(Refused(ref, refusal.text))
    return visit.page(
        "cases/done_many.html",
        title="What became of them",
        done=done,
        words_done=_DONE[wish][len(done) != 1],
        refused=refused,
        undo=_UNDO.get(wish),
        back=back,
    )


async def _do(visit: Visit, wish: str, ref: str, outcome: Outcome | None, reason: str | None) -> None:
    db, actor, now = visit.db, visit.actor, visit.now
    if wish in _SENDING:
        await choose_for(db, actor=actor, case=ref, choice=_SENDING[wish], now=now)
    elif wish == "remind":
        await remind_now(db, actor=actor, case=ref, pages=visit.port(Pages), now=now)
    elif outcome is not None:
        await recovery.close_case(db, actor=actor, case=ref, outcome=outcome, reason=reason, now=now)
    else:
        await mute_case(db, actor=actor, case=ref, is_muted=wish == "mute", now=now)


HANDLERS = [takes(f"{PATH}/many", do_with_many, right=Right.RECOVERY_WRITE)]
