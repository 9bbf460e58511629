"""The ladders of an organization: listed, made, changed, and which one new campaigns get."""

from datetime import date

from litestar.response.base import ASGIResponse

from backhaul.domain import ladders
from backhaul.domain.identity import Right
from backhaul.domain.identity.audit import AuditFilter, list_changes
from backhaul.domain.ladders import BUILT_IN, BUILT_IN_NAME, Ladder, LadderUnknown, Policy
from backhaul.domain.recovery.reminding.previewing import Assumptions, Group, PlannedContact, preview
from backhaul.web.console import changes, notices
from backhaul.web.console.countries import COUNTRIES, country_code_of
from backhaul.web.console.cursors import number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.notices import Notice, Undo
from backhaul.web.console.settings.ladders import words
from backhaul.web.console.settings.ladders.filling import policy_in, rows_of
from backhaul.web.console.visiting import Visit

PATH = "/settings/ladders"
_LONGEST_STATE = 60

notices.declare(
    {
        "ladders.created": "The ladder is made. Campaigns can name it; the default is still another one.",
        "ladders.changed": "The ladder is changed. Running campaigns follow it from now on.",
        "ladders.default_chosen": Notice(
            "New campaigns that name no ladder get this one.", Undo(f"{PATH}/{{about}}/default")
        ),
    }
)


async def view(visit: Visit) -> ASGIResponse:
    """List the ladders, the built-in one first."""
    found = await ladders.list_ladders(visit.db, actor=visit.actor)
    return visit.page(
        "settings/ladders/list.html",
        title="Reminder ladders",
        found=found,
        built_in=BUILT_IN,
        has_default=any(one.is_default for one in found),
        words=words,
    )


async def show(visit: Visit) -> ASGIResponse:
    """Show a ladder: its steps, when they would fall, and what was changed."""
    ladder, policy = await _read(visit)
    history = []
    if ladder is not None:
        wanted = AuditFilter(kind="ladder", subject_id=ladder.id)
        history = await list_changes(visit.db, actor=visit.actor, wanted=wanted)
    assumed, contacts = _calendar(visit, policy)
    return visit.page(
        "settings/ladders/ladder.html",
        title="Built-in ladder" if ladder is None else ladder.name,
        ladder=ladder,
        policy=policy,
        here_path=f"{PATH}/{visit.named('ladder')}",
        assumed=assumed,
        contacts=contacts,
        passed_over=len(policy.steps) - len({one.step.name for one in contacts}),
        country=country_code_of(visit.asked("country") or "") or "US",
        state=visit.asked("state"),
        countries=COUNTRIES,
        history=changes.shown(history),
        words=words,
    )


async def view_new(visit: Visit) -> ASGIResponse:
    """Show the form for another ladder, filled in with the built-in one."""
    return _form(visit, None, BUILT_IN)


async def create(visit: Visit, form: Form) -> ASGIResponse:
    """Make a ladder."""
    policy = policy_in(form)
    made = await ladders.create_ladder(
        visit.db, actor=visit.actor, name=form["name"], policy=policy, now=visit.now
    )
    return visit.go(f"{PATH}/{made.number}", notice="ladders.created")


async def view_edit(visit: Visit) -> ASGIResponse:
    """Show a ladder to be changed, as a form or as a document."""
    return _form(visit, *(await _own(visit)))


async def change(visit: Visit, form: Form) -> ASGIResponse:
    """Change a ladder; refused when somebody else did since the form was opened."""
    ladder, _ = await _own(visit)
    await ladders.change_ladder(
        visit.db,
        actor=visit.actor,
        name=ladder.name,
        version=number_or_none(form["version"]) or 0,
        policy=policy_in(form),
        new_name=form["name"],
        now=visit.now,
    )
    return visit.go(f"{PATH}/{ladder.number}", notice="ladders.changed")


async def choose_default(visit: Visit, _: Form) -> ASGIResponse:
    """Make it the one that new campaigns get."""
    former = await ladders.find_default_ladder(visit.db, actor=visit.actor)
    ladder, _policy = await _read(visit)
    name = BUILT_IN_NAME if ladder is None else ladder.name
    await ladders.choose_default(visit.db, actor=visit.actor, name=name, now=visit.now)
    return visit.go(
        PATH, notice="ladders.default_chosen", about=BUILT_IN_NAME if former is None else former.number
    )


def _form(visit: Visit, ladder: Ladder | None, policy: Policy) -> ASGIResponse:
    sent = None if visit.trouble is None else visit.trouble.form
    is_document = "document" in sent if sent is not None else visit.asked("as") == "document"
    here = f"{PATH}/new" if ladder is None else f"{PATH}/{ladder.number}/edit"
    return visit.page(
        "settings/ladders/form.html",
        title="New ladder" if ladder is None else f"Change {ladder.name}",
        ladder=ladder,
        policy=policy,
        posts_to=PATH if ladder is None else f"{PATH}/{ladder.number}",
        back=PATH if ladder is None else f"{PATH}/{ladder.number}",
        ways=[("Form", here, not is_document), ("Document", f"{here}?as=document", is_document)],
        is_document=is_document,
        document=ladders.write_toml(policy),
        rows=rows_of(policy, sent),
        words=words,
    )


def _calendar(visit: Visit, policy: Policy) -> tuple[Assumptions, list[PlannedContact]]:
    """Return when each step would fall for one person, on the days that the URL assumes."""
    today = visit.now.astimezone(visit.zone).date()
    assumed = Assumptions(
        starts_on=_day(visit.asked("starts_on")) or today,
        box_after_days=min(number_or_none(visit.asked("box_after")) or 5, 365),
        silent_after_days=min(number_or_none(visit.asked("silent_after")) or 10, 365),
        deadline_on=_day(visit.asked("deadline_on")),
    )
    country = country_code_of(visit.asked("country") or "") or "US"
    state = (visit.asked("state") or "")[:_LONGEST_STATE] or None
    groups = [Group(country_code=country, state=state, people=1)]
    return assumed, preview(policy, assumed, groups, ladders.place_of(country, state))


def _day(text: str | None) -> date | None:
    try:
        day = None if text is None else date.fromisoformat(text)
    except ValueError:
        return None
    return day if day is not None and 1970 <= day.year <= 9000 else None  # noqa: PLR2004 -- any zone can have it


async def _read(visit: Visit) -> tuple[Ladder | None, Policy]:
    if visit.named("ladder") == BUILT_IN_NAME:
        return None, BUILT_IN
    return await _own(visit)


async def _own(visit: Visit) -> tuple[Ladder, Policy]:
    number = number_or_none(visit.named("ladder"))
    if number is None:
        raise LadderUnknown(ladder=visit.named("ladder")[:64])
    ladder = await ladders.get_ladder_by_number(visit.db, actor=visit.actor, number=number)
    return ladder, ladder.policy


_MANAGE = Right.ORGANIZATION_MANAGE
_ONE = f"{PATH}/{{ladder:str}}"
HANDLERS = [
    shows(PATH, view, right=_MANAGE),
    takes(PATH, create, right=_MANAGE, again=view_new),
    shows(f"{PATH}/new", view_new, right=_MANAGE),
    shows(_ONE, show, right=_MANAGE),
    takes(_ONE, change, right=_MANAGE, again=view_edit),
    shows(f"{_ONE}/edit", view_edit, right=_MANAGE),
    takes(f"{_ONE}/default", choose_default, right=_MANAGE),
]
