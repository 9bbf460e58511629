"""What its owner does with a reshipment: approving or declining its estimate, deleting it."""

from litestar.response.base import ASGIResponse

from backhaul.domain import reshipping
from backhaul.domain.identity import Right
from backhaul.domain.reshipping import Decision
from backhaul.web.console import notices
from backhaul.web.console.declaring import takes
from backhaul.web.console.forms import Form
from backhaul.web.console.reshipments import showing
from backhaul.web.console.reshipments.reading import PATH, path_of, reshipment_number, seen_fee
from backhaul.web.console.visiting import Visit

notices.declare(
    {
        "reshipments.created": "The reshipment is asked for.",
        "reshipments.approved": "Approved. The estimate is set aside in the wallet, and the warehouse packs.",
        "reshipments.declined": "Declined. The estimate can still be approved until it expires.",
        "reshipments.deleted": "The reshipment is deleted. Its returns are what they were before.",
    }
)


async def approve(visit: Visit, form: Form) -> ASGIResponse:
    """Approve the estimate that was shown."""
    return await _answer(visit, form, Decision.APPROVE, notice="reshipments.approved")


async def decline(visit: Visit, form: Form) -> ASGIResponse:
    """Decline the estimate that was shown."""
    return await _answer(visit, form, Decision.DECLINE, notice="reshipments.declined")


async def _answer(visit: Visit, form: Form, decision: Decision, *, notice: str) -> ASGIResponse:
    number = reshipment_number(visit)
    await reshipping.answer_estimate(
        visit.db,
        actor=visit.actor,
        number=number,
        decision=decision,
        policy=visit.port(reshipping.Policy),
        now=visit.now,
        seen_fee_minor=seen_fee(form["estimate"]),
    )
    return visit.go(path_of(number), notice=notice)


async def delete(visit: Visit, _: Form) -> ASGIResponse:
    """Delete the reshipment, and put its returns back."""
    await reshipping.delete_reshipment(
        visit.db, actor=visit.actor, number=reshipment_number(visit), now=visit.now
    )
    return visit.go(PATH, notice="reshipments.deleted")


_ONE = f"{PATH}/{{number:str}}"
HANDLERS = [
    takes(f"{_ONE}/approve", approve, right=Right.RETURNS_WRITE, again=showing.view),
    takes(f"{_ONE}/decline", decline, right=Right.RETURNS_WRITE, again=showing.view),
    takes(f"{_ONE}/delete", delete, right=Right.RETURNS_WRITE, again=showing.view),
]
