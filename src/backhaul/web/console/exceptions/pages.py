"""Exceptions: listed, taken up, put off, given to somebody else, and why they closed."""

from datetime import UTC, date, datetime, time, timedelta

from litestar.response.base import ASGIResponse

from backhaul.domain import radar
from backhaul.domain.identity import Right
from backhaul.domain.radar import ExceptionKind, ExceptionUnknown, ListedException
from backhaul.domain.radar.model import MAX_NOTE_LENGTH, MAX_SNOOZE
from backhaul.kernel.errors import DomainError, FieldProblem, InvalidInput, Kind
from backhaul.web.console import notices
from backhaul.web.console.cursors import code_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.exceptions.history import lines_of
from backhaul.web.console.forms import Form
from backhaul.web.console.notices import Notice, Undo
from backhaul.web.console.paths import own_path, with_query
from backhaul.web.console.transfers import words
from backhaul.web.console.visiting import Visit

PATH = "/exceptions"
PAGE = 50
MOST_AT_ONCE = 200
NAMES = ("state", "kind", "owner")
_STATES = (
    ("open", "Needs somebody", {"is_open": True, "is_acknowledged": False, "is_snoozed": False}),
    ("snoozed", "Snoozed", {"is_open": True, "is_acknowledged": None, "is_snoozed": True}),
    ("quiet", "Taken care of", {"is_open": True, "is_acknowledged": True, "is_snoozed": None}),
    ("closed", "Closed", {"is_open": False, "is_acknowledged": None, "is_snoozed": None}),
    ("all", "All", {"is_open": None, "is_acknowledged": None, "is_snoozed": None}),
)
_SPANS = {"1": "Tomorrow", "3": "In three days", "7": "In a week", "14": "In two weeks"}
_OUTAGES = frozenset({Kind.UNAVAILABLE})

notices.declare(
    {
        "exceptions.acknowledged": "It is taken care of. It stays listed as such until its cause goes.",
        "exceptions.closed": "The exception is closed: its transfer was over already.",
        "exceptions.assigned": "It has another owner.",
        "exceptions.snoozed": Notice(
            "It is put off: it comes back by itself on that day.", Undo(f"{PATH}/{{about}}/wake")
        ),
        "exceptions.woken": "It needs somebody now.",
        "exceptions.none_chosen": "Tick some exceptions first, then choose what to do with them.",
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """List parcels that need somebody, newest first."""
    given = {name: visit.asked(name) for name in NAMES}
    state = next((one for one in _STATES if one[0] == given["state"]), _STATES[0])
    kind = code_or_none(ExceptionKind, given["kind"])
    found = await radar.list_exceptions(
        visit.db,
        actor=visit.actor,
        kind=kind,
        owner=given["owner"],
        before=_number(visit.asked("before")),
        limit=PAGE + 1,
        now=visit.now,
        **state[2],
    )
    counts = await radar.count_open(visit.db, actor=visit.actor)
    shown = found[:PAGE]
    last = str(shown[-1].exception.number) if len(found) > PAGE else None
    return visit.page(
        "exceptions/list.html",
        title="Exceptions",
        found=shown,
        given=given,
        state=state[0],
        tabs_shown=[
            (label, with_query(PATH, **{**given, "state": name}), name == state[0])
            for name, label, _ in _STATES
        ],
        counts=[(one.value, words.EXCEPTIONS[one.value], count) for one, count in counts.items() if count],
        kinds=list(words.EXCEPTIONS.items()),
        spans=list(_SPANS.items()),
        is_filtered=kind is not None or given["owner"] is not None,
        first=with_query(PATH, **given) if visit.asked("before") else None,
        older=with_query(PATH, **{**given, "before": last}) if last else None,
        back=with_query(PATH, **{**given, "before": visit.asked("before")}),
        words=words,
    )


async def show(visit: Visit) -> ASGIResponse:
    """Show an exception: which parcel, whose, what to do, and what was done."""
    found = await _read(visit)
    changes = await radar.list_changes(visit.db, actor=visit.actor, exception_id=found.exception.id)
    return visit.page(
        "exceptions/exception.html",
        title=f"{words.EXCEPTIONS[found.exception.kind]}: {found.person_name or 'nobody named'}",
        found=found,
        one=found.exception,
        history=lines_of(changes),
        longest=MAX_NOTE_LENGTH,
        first_day=_today(visit) + timedelta(days=1),
        last_day=(visit.now + MAX_SNOOZE).astimezone(visit.zone).date(),
        words=words,
    )


async def acknowledge(visit: Visit, form: Form) -> ASGIResponse:
    """Say that somebody takes care of it."""
    after = await radar.acknowledge(
        visit.db, actor=visit.actor, exception=_of(visit), note=form.optional("note"), now=visit.now
    )
    notice = "exceptions.acknowledged" if after.closed_at is None else "exceptions.closed"
    return visit.go(f"{PATH}/{after.number}", notice=notice)


async def snooze(visit: Visit, form: Form) -> ASGIResponse:
    """Put it off until a day begins, where the viewer is."""
    try:
        day = date.fromisoformat(form["until"])
    except ValueError:
        raise InvalidInput(
            [FieldProblem("until", "radar.day", "must be a day, such as 2030-01-31")]
        ) from None
    after = await radar.snooze(
        visit.db, actor=visit.actor, exception=_of(visit), until=_start(visit, day), now=visit.now
    )
    return visit.go(f"{PATH}/{after.number}", notice="exceptions.snoozed", about=after.number)


async def wake(visit: Visit, _: Form) -> ASGIResponse:
    """Have it need somebody now."""
    after = await radar.wake(visit.db, actor=visit.actor, exception=_of(visit), now=visit.now)
    return visit.go(f"{PATH}/{after.number}", notice="exceptions.woken")


async def assign(visit: Visit, form: Form) -> ASGIResponse:
    """Give it another owner."""
    after = await radar.assign(
        visit.db, actor=visit.actor, exception=_of(visit), owner=form["owner"], now=visit.now
    )
    return visit.go(f"{PATH}/{after.number}", notice="exceptions.assigned")


async def do_with_many(visit: Visit, form: Form) -> ASGIResponse:
    """Take the ticked exceptions up, make them one's own, or put them off."""
    back = own_path(form["back"], default=PATH)
    wish = form["do"]
    numbers = list(dict.fromkeys(number for text in form.all("ids") if (number := _number(text)) is not None))
    if wish not in _DONE or not numbers or (wish == "snooze" and form["days"] not in _SPANS):
        return visit.go(back, notice="exceptions.none_chosen")
    refused = []
    for number in numbers[:MOST_AT_ONCE]:
        try:
            await _do(visit, wish, number, form)
        except DomainError as refusal:
            if refusal.kind in _OUTAGES:
                raise
            refused.append((number, refusal.text))
    return visit.page(
        "exceptions/done_many.html",
        title="What became of them",
        done=_DONE[wish],
        count=min(len(numbers), MOST_AT_ONCE) - len(refused),
        refused=[
            *refused,
            *((number, "Only 200 are worked on at once.") for number in numbers[MOST_AT_ONCE:]),
        ],
        back=back,
    )


_DONE = {"acknowledge": "taken care of", "take": "yours", "snooze": "put off"}


async def _do(visit: Visit, wish: str, number: int, form: Form) -> None:
    if wish == "snooze":
        until = _start(visit, _today(visit) + timedelta(days=int(form["days"])))
        await radar.snooze(visit.db, actor=visit.actor, exception=number, until=until, now=visit.now)
        return
    if wish == "acknowledge":
        await radar.acknowledge(visit.db, actor=visit.actor, exception=number, note=None, now=visit.now)
        return
    await radar.assign(
        visit.db, actor=visit.actor, exception=number, owner=visit.browsing.email, now=visit.now
    )


def _today(visit: Visit) -> date:
    return visit.now.astimezone(visit.zone).date()


def _start(visit: Visit, day: date) -> datetime:
    """Return when a day begins where the viewer is."""
    return datetime.combine(day, time(), tzinfo=visit.zone).astimezone(UTC)


async def _read(visit: Visit) -> ListedException:
    return await radar.get_exception(visit.db, actor=visit.actor, exception=_of(visit))


def _of(visit: Visit) -> int:
    """Return the number in the address; a text that is none names nothing we know."""
    text = visit.named("number")
    number = _number(text)
    if number is None:
        raise ExceptionUnknown(exception=text[:20])
    return number


def _number(text: str | None) -> int | None:
    is_number = text is not None and text.isascii() and text.isdigit() and len(text) <= 19  # noqa: PLR2004 -- of a bigint
    return int(text) if is_number and text is not None else None


_WRITE = Right.TRANSFERS_WRITE
HANDLERS = [
    shows(PATH, view, right=Right.TRANSFERS_READ),
    takes(f"{PATH}/many", do_with_many, right=_WRITE),
    shows(f"{PATH}/{{number:str}}", show, right=Right.TRANSFERS_READ),
    takes(f"{PATH}/{{number:str}}/acknowledge", acknowledge, right=_WRITE, again=show),
    takes(f"{PATH}/{{number:str}}/snooze", snooze, right=_WRITE, again=show),
    takes(f"{PATH}/{{number:str}}/wake", wake, right=_WRITE, again=show),
    takes(f"{PATH}/{{number:str}}/assign", assign, right=_WRITE, again=show),
]
