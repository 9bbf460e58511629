"""What can be done with one case."""

import contextlib
from collections.abc import Iterator
from typing import TypedDict
from urllib.parse import quote

from litestar.response.base import ASGIResponse

from backhaul.domain import recovery
from backhaul.domain.directory import PostalAddress
from backhaul.domain.identity import Right
from backhaul.domain.recovery.errors import ItemUnknown
from backhaul.domain.recovery.model import Outcome
from backhaul.domain.recovery.person import (
    Choice,
    Pages,
    choose_for,
    correct_address_for,
    make_link,
    revoke_links,
    send_again,
)
from backhaul.domain.recovery.person.errors import ParcelUnknown
from backhaul.domain.recovery.reminding import mute_case, remind_now
from backhaul.domain.transfers.model import TransferId
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console import notices
from backhaul.web.console.cases import showing
from backhaul.web.console.cases.filtering import PATH
from backhaul.web.console.cursors import code_or_none, number_or_none, uuid_or_none
from backhaul.web.console.declaring import takes
from backhaul.web.console.forms import Form
from backhaul.web.console.notices import Notice, Undo
from backhaul.web.console.visiting import Visit

LONGEST_TEXT = 1000

notices.declare(
    {
        "cases.sent": "It is ordered. The parcels show up here in a moment.",
        "cases.address_corrected": "The address is corrected. What is sent from now on goes there.",
        "cases.reminded": "The reminder is on its way, and kept below as evidence.",
        "cases.muted": Notice("Reminders are muted.", Undo(f"{PATH}/{{about}}/unmute")),
        "cases.unmuted": Notice("Reminders are on.", Undo(f"{PATH}/{{about}}/mute")),
        "cases.settled": "What became of the item is written down.",
        "cases.closed": "The case is closed. What still comes back is taken in all the same.",
        "cases.diagnosed": "The devices are noted as inspected.",
        "cases.links_revoked": "No link to the person's page works any more.",
    }
)


async def send(visit: Visit, form: Form) -> ASGIResponse:
    """Order the parcels in the person's stead."""
    choice = code_or_none(Choice, form["choice"])
    if choice is None:
        raise InvalidInput([FieldProblem("choice", "missing", "choose what to send")])
    await choose_for(visit.db, actor=visit.actor, case=_ref(visit), choice=choice, now=visit.now)
    return _back(visit, "cases.sent")


async def resend(visit: Visit, form: Form) -> ASGIResponse:
    """Order a parcel again that came to nothing."""
    transfer_id = uuid_or_none(visit.named("transfer"))
    if transfer_id is None:
        raise ParcelUnknown(case=_ref(visit)[:64], transfer_id=visit.named("transfer")[:64])
    field = f"choice-{transfer_id}"  # a page has one such form for each parcel
    choice = next((one for one in Choice if one.value == form[field]), None)
    if choice is None:
        raise InvalidInput([FieldProblem(field, "missing", "choose what to send")])
    await send_again(
        visit.db,
        actor=visit.actor,
        case=_ref(visit),
        transfer_id=TransferId(transfer_id),
        choice=choice,
        now=visit.now,
    )
    return _back(visit, "cases.sent")


async def correct_address(visit: Visit, form: Form) -> ASGIResponse:
    """Write another address."""
    given = {name: form[f"address.{name}"] for name in PostalAddress.__struct_fields__}
    await correct_address_for(
        visit.db,
        actor=visit.actor,
        case=_ref(visit),
        address=PostalAddress(**given),
        is_certain=form.is_ticked("is_certain"),
        now=visit.now,
    )
    return _back(visit, "cases.address_corrected")


async def remind(visit: Visit, _: Form) -> ASGIResponse:
    """Write to the person now."""
    pages = visit.port(Pages)
    await remind_now(visit.db, actor=visit.actor, case=_ref(visit), pages=pages, now=visit.now)
    return _back(visit, "cases.reminded")


async def mute(visit: Visit, _: Form) -> ASGIResponse:
    """Switch reminders off."""
    await mute_case(visit.db, actor=visit.actor, case=_ref(visit), is_muted=True, now=visit.now)
    return _back(visit, "cases.muted")


async def unmute(visit: Visit, _: Form) -> ASGIResponse:
    """Switch reminders on."""
    await mute_case(visit.db, actor=visit.actor, case=_ref(visit), is_muted=False, now=visit.now)
    return _back(visit, "cases.unmuted")


async def settle_item(visit: Visit, form: Form) -> ASGIResponse:
    """Say what became of one item."""
    position = number_or_none(visit.named("position"))
    if position is None:
        raise ItemUnknown(case=_ref(visit)[:64], position=visit.named("position")[:20])
    with _named_after(suffix := f"-{position}"):
        await recovery.close_item(
            visit.db,
            actor=visit.actor,
            case=_ref(visit),
            position=position,
            now=visit.now,
            **_said(form, suffix),
        )
    return _back(visit, "cases.settled")


async def close(visit: Visit, form: Form) -> ASGIResponse:
    """Say what became of everything that is still expected."""
    with _named_after(suffix := "-all"):
        await recovery.close_case(
            visit.db, actor=visit.actor, case=_ref(visit), now=visit.now, **_said(form, suffix)
        )
    return _back(visit, "cases.closed")


async def diagnose(visit: Visit, _: Form) -> ASGIResponse:
    """Note that what came back was inspected."""
    await recovery.record_diagnosis(visit.db, actor=visit.actor, case=_ref(visit), now=visit.now)
    return _back(visit, "cases.diagnosed")


async def link(visit: Visit, _: Form) -> ASGIResponse:
    """Make a link to the person's page and show it this once."""
    url = await make_link(
        visit.db, actor=visit.actor, case=_ref(visit), pages=visit.port(Pages), now=visit.now
    )
    return await showing.page_of(visit, link=url)


async def revoke(visit: Visit, _: Form) -> ASGIResponse:
    """End every link to the person's page."""
    await revoke_links(visit.db, actor=visit.actor, case=_ref(visit), now=visit.now)
    return _back(visit, "cases.links_revoked")


def _ref(visit: Visit) -> str:
    return visit.named("case")


def _back(visit: Visit, notice: str) -> ASGIResponse:
    ref = _ref(visit)
    return visit.go(f"{PATH}/{quote(ref, safe='')}", notice=notice, about=ref)


class Said(TypedDict):
    """What became of something, as a form says it."""

    outcome: Outcome
    reason: str | None
    outstanding: str | None
    evidence: dict[str, str]


def _said(form: Form, suffix: str) -> Said:
    """Return what a form says; its fields end with `suffix`, since a page has one such form for each item."""
    problems = []
    outcome = code_or_none(Outcome, form[f"outcome{suffix}"])
    if outcome is None:
        problems.append(FieldProblem("outcome", "missing", "choose what became of it"))
    texts = {name: form.optional(f"{name}{suffix}") for name in ("reason", "outstanding", "evidence")}
    for name, text in texts.items():
        if text is not None and len(text) > LONGEST_TEXT:
            limit = f"may have at most {LONGEST_TEXT} characters"
            problems.append(FieldProblem(name, "recovery.too_long", limit))
    if outcome is None or problems:
        raise InvalidInput(problems)
    evidence = {} if texts["evidence"] is None else {"note": texts["evidence"]}
    return Said(outcome=outcome, reason=texts["reason"], outstanding=texts["outstanding"], evidence=evidence)


@contextlib.contextmanager
def _named_after(suffix: str) -> Iterator[None]:
    """Have problems stand beside the fields of the form that ends with `suffix`."""
    try:
        yield
    except InvalidInput as refusal:
        raise InvalidInput(
            [FieldProblem(f"{one.path}{suffix}", one.code, one.text) for one in refusal.problems]
        ) from refusal


_WRITE = Right.RECOVERY_WRITE
_ONE = f"{PATH}/{{case:str}}"
HANDLERS = [
    takes(f"{_ONE}/send", send, right=_WRITE, again=showing.view),
    takes(f"{_ONE}/parcels/{{transfer:str}}/send-again", resend, right=_WRITE, again=showing.view),
    takes(f"{_ONE}/address", correct_address, right=_WRITE, again=showing.view),
    takes(f"{_ONE}/remind", remind, right=_WRITE, again=showing.view),
    takes(f"{_ONE}/mute", mute, right=_WRITE, again=showing.view),
    takes(f"{_ONE}/unmute", unmute, right=_WRITE, again=showing.view),
    takes(f"{_ONE}/items/{{position:str}}", settle_item, right=_WRITE, again=showing.view),
    takes(f"{_ONE}/close", close, right=_WRITE, again=showing.view),
    takes(f"{_ONE}/diagnose", diagnose, right=_WRITE, again=showing.view),
    takes(f"{_ONE}/link", link, right=_WRITE, again=showing.view),
    takes(f"{_ONE}/links/revoke", revoke, right=_WRITE, again=showing.view),
]
