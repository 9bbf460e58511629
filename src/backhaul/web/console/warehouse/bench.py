"""A reshipment on the warehouse's bench: quoted, packed and weighed, labelled, handed to its carrier."""

from litestar.response.base import ASGIResponse

from backhaul.domain import reshipping
from backhaul.domain.billing.rates import RateCard
from backhaul.domain.identity import Right
from backhaul.domain.reshipping import Reshipment, Status
from backhaul.domain.reshipping.browsing import (
    ReshipmentSheet,
    Stage,
    get_bench_sheet,
    get_onward_label_on_bench,
    stage_of,
)
from backhaul.domain.reshipping.errors import NotLabelled
from backhaul.domain.reshipping.operations.ask_again import LONGEST_REASON, ask_again
from backhaul.domain.reshipping.operations.weigh import BOX_MM
from backhaul.domain.returns.browsing import count_queues
from backhaul.domain.shipping.model import LabelFormat
from backhaul.kernel.countries import country_name
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.kernel.money import Money
from backhaul.web.console import answering, notices
from backhaul.web.console.cursors import code_or_none, number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.money.amounts import minor_in
from backhaul.web.console.reshipments import words
from backhaul.web.console.reshipments.reading import reshipment_number
from backhaul.web.console.returns.history import lines_of
from backhaul.web.console.transfers import words as parcel_words
from backhaul.web.console.visiting import Visit
from backhaul.web.console.warehouse.queues import PATH, Queue, tabs_of

_TYPES = {LabelFormat.PDF: "application/pdf", LabelFormat.ZPL: "text/plain"}
_SIDES = ("length_mm", "width_mm", "height_mm")
_LONGEST_SIDE_MM = 3000

notices.declare(
    {
        "warehouse.quoted": "The quote is with the owner, who approves or declines it.",
        "warehouse.weighed": "The parcel is weighed, and its label is being bought.",
        "warehouse.dearer": "It costs more than the owner accepts unasked. The new quote is with them.",
        "warehouse.dispatched": "The parcel is with its carrier, and its fee is charged.",
        "warehouse.asked_again": "The approval is taken back. The owner is asked again.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """Show a reshipment with what is to be done next."""
    number = reshipment_number(visit)
    sheet = await get_bench_sheet(visit.db, actor=visit.actor, number=number)
    counts = await count_queues(visit.db, actor=visit.actor)
    queue = _queue_of(sheet)
    tabs = tabs_of(counts, queue)
    card: RateCard = visit.port(RateCard)
    return visit.page(
        "warehouse/reshipment.html",
        title=f"Reshipment {number}",
        tabs_shown=tabs if queue else [(label, href, False) for label, href, _ in tabs],
        sheet=sheet,
        one=sheet.one,
        base=path_of(number),
        stage=stage_of(sheet.one),
        may_do=_possible(sheet),
        tare=sum(held.weight_grams for held in sheet.returns),
        box=dict(zip(_SIDES, BOX_MM, strict=True)),
        heaviest=card.max_grams,
        longest_reason=LONGEST_REASON,
        longest_side=_LONGEST_SIDE_MM,
        history=lines_of(sheet.history, words.ACTIONS),
        country_name=country_name,
        Money=Money,
        words=words,
        parcel_words=parcel_words,
    )


def path_of(number: int) -> str:
    """Return the address of a reshipment's page at the bench."""
    return f"{PATH}/reshipments/{number}"


def _queue_of(sheet: ReshipmentSheet) -> Queue | None:
    stage = stage_of(sheet.one)
    if stage is Stage.QUOTE:
        return Queue.QUOTES
    if stage is Stage.APPROVED:
        return Queue.WEIGH if sheet.parcel is None else Queue.DISPATCH
    return None


def _possible(sheet: ReshipmentSheet) -> frozenset[str]:
    """Return what can be done with a reshipment now: no button that would be refused."""
    one, parcel = sheet.one, sheet.parcel
    is_open = one.status is Status.APPROVED and one.dispatched_at is None
    has_label = parcel is not None and parcel.tracking_number is not None and not parcel.is_void
    allowed = {
        "quote": one.status is Status.PENDING,
        "weigh": is_open and parcel is None,
        "dispatch": is_open and has_label,
        "ask_again": is_open,
    }
    return frozenset(name for name, is_allowed in allowed.items() if is_allowed)


async def quote(visit: Visit, form: Form) -> ASGIResponse:
    """Enter what it is going to cost: by the rate card for its weight, or an amount."""
    number = reshipment_number(visit)
    fee = form.optional("fee")
    problems: list[FieldProblem] = []
    weight = _whole(form, "weight_grams", problems) if form["weight_grams"] else None
    if problems:
        raise InvalidInput(problems)
    if weight is None and fee is None:
        raise InvalidInput([FieldProblem("weight_grams", "required", "or a fee is required")])
    fee_minor = None if fee is None else minor_in(fee, path="fee")
    try:
        await reshipping.quote_reshipment(
            visit.db,
            actor=visit.actor,
            number=number,
            card=visit.port(RateCard),
            weight_grams=weight,
            fee_minor=fee_minor,
            now=visit.now,
        )
    except InvalidInput as refused:
        raise InvalidInput([_placed(problem) for problem in refused.problems]) from None
    return visit.go(path_of(number), notice="warehouse.quoted")


def _placed(problem: FieldProblem) -> FieldProblem:
    """Return a problem beside the field it is about: amounts are typed with their hundredths."""
    if problem.path != "fee_minor":
        return problem
    return FieldProblem("fee", problem.code, "must be from 0.01 to 100,000")


async def weigh(visit: Visit, form: Form) -> ASGIResponse:
    """Note what the packed parcel weighs, and have its label bought."""
    number = reshipment_number(visit)
    problems: list[FieldProblem] = []
    weight = _whole(form, "weight_grams", problems)
    sides = [_whole(form, name, problems) for name in _SIDES]
    problems += [
        FieldProblem(name, "range", f"must be 1 to {_LONGEST_SIDE_MM} mm")
        for name, side in zip(_SIDES, sides, strict=True)
        if side is not None and not 0 < side <= _LONGEST_SIDE_MM
    ]
    if problems:
        raise InvalidInput(problems)
    assert weight is not None
    length, width, height = (side or 0 for side in sides)
    one = await reshipping.weigh_and_label(
        visit.db,
        actor=visit.actor,
        number=number,
        weight_grams=weight,
        card=visit.port(RateCard),
        policy=visit.port(reshipping.Policy),
        now=visit.now,
        box_mm=(length, width, height),
    )
    return visit.go(path_of(number), notice=_weighed(one))


def _weighed(one: Reshipment) -> str:
    return "warehouse.weighed" if one.status is Status.APPROVED else "warehouse.dearer"


def _whole(form: Form, name: str, problems: list[FieldProblem]) -> int | None:
    number = number_or_none(form[name])
    if number is None:
        problems.append(FieldProblem(name, "shape", "must be a whole number"))
    return number


async def dispatch(visit: Visit, _: Form) -> ASGIResponse:
    """Note that the parcel was handed to its carrier."""
    number = reshipment_number(visit)
    await reshipping.dispatch_reshipment(visit.db, actor=visit.actor, number=number, now=visit.now)
    return visit.go(path_of(number), notice="warehouse.dispatched")


async def reopen(visit: Visit, form: Form) -> ASGIResponse:
    """Take the approval back, and ask the owner again."""
    number = reshipment_number(visit)
    await ask_again(
        visit.db,
        actor=visit.actor,
        number=number,
        reason=form["reason"],
        policy=visit.port(reshipping.Policy),
        now=visit.now,
    )
    return visit.go(path_of(number), notice="warehouse.asked_again")


async def print_label(visit: Visit) -> ASGIResponse:
    """Show the label to be printed: as PDF in the browser, as ZPL in a file for a label printer."""
    number, kind = reshipment_number(visit), visit.named("form")
    form = code_or_none(LabelFormat, kind)
    if form is None:
        raise NotLabelled(number=number)
    content = await get_onward_label_on_bench(visit.db, actor=visit.actor, number=number, form=form)
    name = f"reshipment-{number}.{kind}"
    return answering.download(content, name=name, media_type=_TYPES[form], is_shown=form is LabelFormat.PDF)


_ONE = f"{PATH}/reshipments/{{number:str}}"
HANDLERS = [
    shows(_ONE, view, right=Right.WAREHOUSE_OPERATE),
    shows(f"{_ONE}/label/{{form:str}}", print_label, right=Right.WAREHOUSE_OPERATE),
    takes(f"{_ONE}/quote", quote, right=Right.WAREHOUSE_OPERATE, again=view),
    takes(f"{_ONE}/weigh", weigh, right=Right.WAREHOUSE_OPERATE, again=view),
    takes(f"{_ONE}/dispatch", dispatch, right=Right.WAREHOUSE_OPERATE, again=view),
    takes(f"{_ONE}/ask-again", reopen, right=Right.WAREHOUSE_OPERATE, again=view),
]
