"""People for a campaign: from a file or picked from the directory, looked at, and added."""

import asyncio
from collections import Counter
from typing import BinaryIO, cast

import msgspec
from litestar.response.base import ASGIResponse

from backhaul.domain import recovery
from backhaul.domain.bulk.errors import ColumnsRefused, FileUnreadable
from backhaul.domain.bulk.exporting import as_csv
from backhaul.domain.bulk.reading import open_source
from backhaul.domain.identity import Right
from backhaul.domain.inventory.browsing import PeopleFilter, browse_people
from backhaul.domain.inventory.browsing.model import Holding
from backhaul.domain.recovery.errors import PersonThereAlready
from backhaul.domain.recovery.model import Campaign, NewCase, Reason, Shipping
from backhaul.domain.recovery.reminding import Group, preview_campaign
from backhaul.domain.recovery.rosters import (
    COLUMNS,
    MOST_PEOPLE,
    Entry,
    Terms,
    entries_of,
    read_roster,
    review_roster,
)
from backhaul.domain.recovery.rosters.errors import RosterTooLong
from backhaul.domain.recovery.starting import is_waiting
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console import answering
from backhaul.web.console.campaigns.listing import PATH
from backhaul.web.console.campaigns.showing import path_of
from backhaul.web.console.cases import words
from backhaul.web.console.cursors import code_or_none, number_or_none
from backhaul.web.console.declaring import shows, takes
from backhaul.web.console.forms import Form
from backhaul.web.console.paths import with_query
from backhaul.web.console.settings.ladders import words as ladder_words
from backhaul.web.console.visiting import Visit

PAGE = 50
SHOWN = 200  # of those who can be added; all of those who cannot
MAX_FILE_BYTES = 8_000_000
MAX_CARRIED_BYTES = 16_000_000  # two thousand people as the page carries them, with every sign escaped
CSV = "text/csv"


async def view(visit: Visit) -> ASGIResponse:
    """Show both ways to add people."""
    number = visit.named("campaign")
    found = await recovery.get_campaign(visit.db, actor=visit.actor, number=number, per_page=0)
    base = f"{path_of(found.campaign.public_number)}/people"
    given = {name: visit.asked(name) for name in ("q", "holding")}
    holding = code_or_none(Holding, given["holding"])
    after = visit.asked("after")
    people = await browse_people(
        visit.db,
        actor=visit.actor,
        wanted=PeopleFilter(holding=holding, text=given["q"]),
        after=number_or_none(after),
        limit=PAGE + 1,
    )
    shown = people[:PAGE]
    last = str(shown[-1].number) if len(people) > PAGE else None
    return visit.page(
        "campaigns/people.html",
        title="Add people",
        campaign=found.campaign,
        base=base,
        people=shown,
        given=given,
        is_filtered=holding is not None or given["q"] is not None,
        first=with_query(base, **given) if after else None,
        older=with_query(base, **{**given, "after": last}) if last else None,
        columns=COLUMNS,
        most=MOST_PEOPLE,
        shipping=[(one.value, words.SHIPPING[one]) for one in (Shipping.KIT, Shipping.ASK)],
        reasons=[(one.value, words.REASONS[one]) for one in Reason],
    )


async def template(_: Visit) -> ASGIResponse:
    """Give out a file with the columns and one row to show what goes where."""
    rows = [[column.name for column in COLUMNS], [column.example for column in COLUMNS]]
    return answering.download(as_csv(rows), name="campaign-people.csv", media_type=CSV)


async def check_file(visit: Visit, form: Form) -> ASGIResponse:
    """Look at a file: nobody is added."""
    files = form.files("file")
    if not files:
        raise InvalidInput([FieldProblem("file", "missing", "choose a file")])
    try:
        source = await asyncio.to_thread(
            open_source, cast("BinaryIO", files[0].file), name=files[0].filename or "file"
        )
        entries = await asyncio.to_thread(read_roster, source)
    except (FileUnreadable, ColumnsRefused, RosterTooLong) as refusal:
        raise InvalidInput([FieldProblem("file", refusal.code, refusal.text)]) from refusal
    if not entries:
        raise InvalidInput([FieldProblem("file", "recovery.roster_empty", "must have at least one row")])
    return await _reviewed(visit, entries, _terms(form, ""))


async def check_picked(visit: Visit, form: Form) -> ASGIResponse:
    """Look at people of the directory with the devices they have: nobody is added."""
    entries = entries_of(form.all("ids")[:MOST_PEOPLE])
    if not entries:
        raise InvalidInput([FieldProblem("picked", "missing", "tick some people first")])
    return await _reviewed(visit, entries, _terms(form, "picked_"))


async def add(visit: Visit, form: Form) -> ASGIResponse:
    """Add the people who were looked at, all or none; what is wrong with them by now is said again."""
    number = visit.named("campaign")
    try:
        many = msgspec.json.decode(form.raw("people"), type=list[NewCase])
    except (msgspec.DecodeError, UnicodeError) as error:
        text = "is not what the page before has shown; look at the list again"
        raise InvalidInput([FieldProblem("people", "recovery.roster_shape", text)]) from error
    try:
        await recovery.add_cases(
            visit.db, actor=visit.actor, campaign_number=number, many=many, now=visit.now, most=MOST_PEOPLE
        )
    except PersonThereAlready:
        # Sent twice, or somebody else was quicker: everybody of the list is there already, or is named.
        found = await recovery.get_campaign(visit.db, actor=visit.actor, number=number, per_page=0)
        entries = [Entry(email=new.email, items=new.items) for new in many]
        terms = Terms(shipping=many[0].shipping, reason=many[0].reason, reason_note=many[0].reason_note)
        review = await review_roster(
            visit.db,
            actor=visit.actor,
            campaign_number=found.campaign.public_number,
            entries=entries,
            terms=terms,
        )
        if all("They are in the campaign already." in one.problems for one in review.people):
            return visit.go(path_of(number), notice=_added_notice(found.campaign, visit))
        raise
    found = await recovery.get_campaign(visit.db, actor=visit.actor, number=number, per_page=0)
    return visit.go(path_of(number), notice=_added_notice(found.campaign, visit))


def _added_notice(campaign: Campaign, visit: Visit) -> str:
    return "campaigns.people_wait" if is_waiting(campaign, visit.now) else "campaigns.people_added"


async def _reviewed(visit: Visit, entries: list[Entry], terms: Terms) -> ASGIResponse:
    number = visit.named("campaign")
    found = await recovery.get_campaign(visit.db, actor=visit.actor, number=number, per_page=0)
    review = await review_roster(
        visit.db, actor=visit.actor, campaign_number=number, entries=entries, terms=terms
    )
    places = Counter((new.address.country_code, new.address.state) for new in review.good)
    preview = await preview_campaign(
        visit.db,
        actor=visit.actor,
        campaign_number=number,
        now=visit.now,
        joining=[
            Group(country_code=country, state=state, people=count)
            for (country, state), count in places.items()
        ],
    )
    return visit.page(
        "campaigns/review.html",
        title="Look before you start",
        campaign=found.campaign,
        base=f"{path_of(found.campaign.public_number)}/people",
        is_waiting=is_waiting(found.campaign, visit.now),
        review=review,
        shown=review.good[:SHOWN],
        completed={one.entry.email: one.completed for one in review.people},
        carried=msgspec.json.encode(review.good).decode(),
        preview=preview,
        words=words,
        ladder_words=ladder_words,
    )


def _terms(form: Form, prefix: str) -> Terms:
    reason = code_or_none(Reason, form[f"{prefix}reason"])
    asks = form[f"{prefix}shipping"] == Shipping.ASK.value
    note = form.optional(f"{prefix}reason_note")
    if reason is Reason.OTHER and note is None:
        text = "must say which other reason there is"
        raise InvalidInput([FieldProblem(f"{prefix}reason_note", "missing", text)])
    return Terms(shipping=Shipping.ASK if asks else Shipping.KIT, reason=reason, reason_note=note)


_WRITE = Right.RECOVERY_WRITE
_ONE = f"{PATH}/{{campaign:str}}/people"
HANDLERS = [
    shows(f"{PATH}/template", template, right=_WRITE),
    shows(_ONE, view, right=_WRITE),
    takes(f"{_ONE}/file", check_file, right=_WRITE, again=view, max_bytes=MAX_FILE_BYTES),
    takes(f"{_ONE}/picked", check_picked, right=_WRITE, again=view),
    takes(_ONE, add, right=_WRITE, again=view, max_bytes=MAX_CARRIED_BYTES),
]
