"""Background jobs: how many wait and run, and those that are parked until somebody decides."""

from litestar.response.base import ASGIResponse

from backhaul import jobqueue
from backhaul.domain.identity import Right
from backhaul.jobqueue import JobNotParked
from backhaul.kernel.errors import DomainError, FieldProblem, InvalidInput, Kind
from backhaul.storage import relay
from backhaul.web.console import notices
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.visiting import Visit

PATH = "/settings/jobs"
MOST_AT_ONCE = 200
_OUTAGES = frozenset({Kind.UNAVAILABLE})

notices.declare(
    {
        "jobs.released": "The job waits for a worker, with all its attempts.",
        "jobs.discarded": "The job is gone for good.",
        "jobs.event_released": "The event is told again.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """Show the queue."""
    return visit.page(
        "settings/jobs.html",
        title="Background jobs",
        counts=await jobqueue.counts(visit.db),
        parked=await jobqueue.list_parked(visit.db, limit=MOST_AT_ONCE),
        events=await relay.list_parked_events(visit.db),
        most=MOST_AT_ONCE,
    )


async def release(visit: Visit, _: Form) -> ASGIResponse:
    """Let a parked job run again."""
    await jobqueue.release(visit.db, _number_of(visit, "job"))
    return visit.go(PATH, notice="jobs.released")


async def discard(visit: Visit, _: Form) -> ASGIResponse:
    """Remove a parked job for good."""
    await jobqueue.discard_parked(visit.db, _number_of(visit, "job"))
    return visit.go(PATH, notice="jobs.discarded")


async def release_ticked(visit: Visit, form: Form) -> ASGIResponse:
    """Let the ticked jobs run again, and say which do and which do not."""
    numbers = list(dict.fromkeys(n for text in form.all("ids") if (n := number_or_none(text)) is not None))
    if not 1 <= len(numbers) <= MOST_AT_ONCE:
        text = f"tick from 1 to {MOST_AT_ONCE} jobs in the list first"
        raise InvalidInput([FieldProblem("ids", "missing", text)])
    refused = []
    for number in numbers:
        try:
            await jobqueue.release(visit.db, number)
        except DomainError as refusal:
            if refusal.kind in _OUTAGES:
                raise
            refused.append((number, refusal.text))
    return visit.page(
        "settings/released.html",
        title="What became of them",
        count=len(numbers) - len(refused),
        refused=refused,
    )


async def release_event(visit: Visit, _: Form) -> ASGIResponse:
    """Tell a parked event again."""
    await relay.release_event(visit.db, _number_of(visit, "event"))
    return visit.go(PATH, notice="jobs.event_released")


def _number_of(visit: Visit, name: str) -> int:
    number = number_or_none(visit.named(name))
    if number is None:
        raise JobNotParked(job_id=visit.named(name)[:32])
    return number


_OPERATE = Right.INSTALLATION_OPERATE
HANDLERS = [
    shows(PATH, view, right=_OPERATE),
    takes(f"{PATH}/release", release_ticked, right=_OPERATE, again=view),
    takes(f"{PATH}/{{job:str}}/release", release, right=_OPERATE),
    takes(f"{PATH}/{{job:str}}/discard", discard, right=_OPERATE),
    takes(f"{PATH}/events/{{event:str}}/release", release_event, right=_OPERATE),
]
