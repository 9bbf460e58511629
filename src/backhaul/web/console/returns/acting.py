"""What is done with one return: asking for verification, writing to the warehouse, discarding."""

from litestar.response.base import ASGIResponse

from backhaul.domain import returns
from backhaul.domain.identity import Right
from backhaul.web.console import notices
from backhaul.web.console.declaring import takes
from backhaul.web.console.forms import Form
from backhaul.web.console.returns import showing
from backhaul.web.console.returns.listing import PATH
from backhaul.web.console.returns.reading import return_number
from backhaul.web.console.visiting import Visit

notices.declare(
    {
        "returns.verification_requested": "Verification is asked for. The warehouse takes a closer look.",
        "returns.message_added": "The message is with the warehouse.",
        "returns.discarded": "The return is discarded. The warehouse gets rid of it; history keeps the fact.",
    }
)


async def verify(visit: Visit, _: Form) -> ASGIResponse:
    """Ask for the return to be verified."""
    number = return_number(visit)
    policy: returns.Policy = visit.port(returns.Policy)
    await returns.request_verification(
        visit.db, actor=visit.actor, number=number, policy=policy, now=visit.now
    )
    return visit.go(showing.path_of(number), notice="returns.verification_requested")


async def write(visit: Visit, form: Form) -> ASGIResponse:
    """Write to the warehouse."""
    number = return_number(visit)
    await returns.add_message(visit.db, actor=visit.actor, number=number, body=form["body"], now=visit.now)
    return visit.go(f"{showing.path_of(number)}#messages", notice="returns.message_added")


async def discard(visit: Visit, _: Form) -> ASGIResponse:
    """Have the warehouse get rid of the return."""
    await returns.discard_return(visit.db, actor=visit.actor, number=return_number(visit), now=visit.now)
    return visit.go(PATH, notice="returns.discarded")


_ONE = f"{PATH}/{{number:str}}"
HANDLERS = [
    takes(f"{_ONE}/verify", verify, right=Right.RETURNS_WRITE, again=showing.view),
    takes(f"{_ONE}/messages", write, right=Right.RETURNS_WRITE, again=showing.view),
    takes(f"{_ONE}/discard", discard, right=Right.RETURNS_WRITE, again=showing.view),
]
