"""The audit log: what was done, by whom, to what, and when, with each value before and after; as a file, too."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from litestar.response.base import ASGIResponse

from backhaul.domain.identity import Member, Right, list_members
from backhaul.domain.identity.audit import (
    AuditFilter,
    Change,
    ChangeId,
    Mark,
    export_changes,
    list_changes,
)
from backhaul.kernel.ids import UserId
from backhaul.web.console import changes
from backhaul.web.console.cursors import uuid_or_none
from backhaul.web.console.declaring import shows
from backhaul.web.console.downloads import Write, sent_file
from backhaul.web.console.paths import with_query
from backhaul.web.console.settings.subjects import page_of
from backhaul.web.console.visiting import Visit
from backhaul.web.console.wording import humanized

PATH = "/settings/audit"
PAGE = 50
MOST_PEOPLE = 300  # to choose from; the list of members leads here, too
NAMES = ("who", "kind", "record", "from", "until")
KINDS = (
    "api_key", "asset", "charge", "client", "department", "employee", "fee", "hold", "import", "intake", "invitation",
    "invoice", "ladder", "legal_hold", "location", "member", "message", "organization", "parcel_exception", "pickup",
    "recovery_campaign", "recovery_case", "refund", "reshipment", "return", "saved_view", "shipment", "status_label",
    "transfer", "user", "wallet", "warehouse", "webhook_delivery", "webhook_endpoint", "webhook_secret",
)  # fmt: skip


async def view(visit: Visit) -> ASGIResponse:
    """Show a page of the log."""
    given = {name: visit.asked(name) for name in NAMES}
    wanted, wrong = _wanted(visit, given)
    before = _mark(visit.asked("before"))
    found = []
    if wrong is None:
        found = await list_changes(visit.db, actor=visit.actor, wanted=wanted, before=before, limit=PAGE + 1)
    members = []
    if visit.may(Right.MEMBERS_MANAGE):
        members = await list_members(visit.db, actor=visit.actor, limit=MOST_PEOPLE)
    last = found[PAGE - 1] if len(found) > PAGE else None
    return visit.page(
        "settings/audit.html",
        title="Audit log",
        found=changes.shown(found[:PAGE]),
        given=given,
        wrong=wrong,
        kinds=[(kind, humanized(kind)) for kind in KINDS],
        people=_people(members, given["who"], found),
        is_filtered=any(given.values()),
        first=with_query(PATH, **given) if before else None,
        older=None
        if last is None
        else with_query(PATH, **{**given, "before": f"{last.at.isoformat()}~{last.id}"}),
        export=with_query(f"{PATH}/export", **given),
        page_of=partial(page_of, visit),
    )


async def export(visit: Visit) -> ASGIResponse:
    """Give out what the URL asks for as a file."""
    wanted, wrong = _wanted(visit, {name: visit.asked(name) for name in NAMES})

    async def write_all(write: Write) -> None:
        if wrong is None:
            await export_changes(visit.db, actor=visit.actor, wanted=wanted, write=write)

    return await sent_file(write_all, name="audit-log.csv", media_type="text/csv")


def _people(members: list[Member], who: str | None, found: list[Change]) -> list[tuple[str, str]]:
    """Return whom the log can be cut down to: the first members, and whoever it is cut down to already."""
    people = {str(one.user_id): one.name for one in members}
    if members and who and who not in people:
        people[who] = next((one.actor_name for one in found if one.actor_name), "Somebody else")
    return list(people.items())


def _wanted(visit: Visit, given: dict[str, str | None]) -> tuple[AuditFilter, str | None]:
    """Return what is asked for, and what is wrong with it; a wrong filter shows nothing rather than everything."""
    who, subject = uuid_or_none(given["who"]), uuid_or_none(given["record"])
    since, until = _day(given["from"]), _day(given["until"])
    wrong = None
    if given["who"] and who is None:
        wrong = "Choose somebody of the list."
    elif given["record"] and (subject is None or not given["kind"]):
        wrong = "A record is found by its kind and its whole id together."
    elif (given["from"] and since is None) or (given["until"] and until is None):
        wrong = "A day is written as 2026-05-31."
    wanted = AuditFilter(
        kind=given["kind"],
        subject_id=subject,
        actor_id=None if who is None else UserId(who),
        since=None if since is None else _start_of(since, visit),
        until=None if until is None else _start_of(until + timedelta(days=1), visit),
    )
    return wanted, wrong


def _day(text: str | None) -> date | None:
    try:
        day = None if text is None else date.fromisoformat(text)
    except ValueError:
        return None
    return day if day is not None and 1970 <= day.year <= 9000 else None  # noqa: PLR2004 -- any zone can have it


def _start_of(day: date, visit: Visit) -> datetime:
    """Return when a day begins where the viewer is."""
    return datetime.combine(day, time(), visit.zone).astimezone(UTC)


def _mark(text: str | None) -> Mark | None:
    at, _, rest = (text or "").partition("~")
    change_id = uuid_or_none(rest)
    try:
        instant = datetime.fromisoformat(at.replace(" ", "+"))
    except ValueError:
        return None
    return (
        Mark(instant, ChangeId(change_id)) if change_id is not None and instant.tzinfo is not None else None
    )


_MANAGE = Right.ORGANIZATION_MANAGE
HANDLERS = [shows(PATH, view, right=_MANAGE), shows(f"{PATH}/export", export, right=_MANAGE)]
