"""Reminder ladders in the browser: as a form and as a document, a calendar with dates, and the default."""

import re

import msgspec

from backhaul.domain import ladders
from backhaul.domain.ladders import BUILT_IN, Stop
from backhaul.web.console.forms import Form
from backhaul.web.console.settings.ladders.filling import policy_in, rows_of

PATH = "/settings/ladders"


def fields_of(policy, **changes):
    """What the form sends for a policy."""
    fields = {"name": "Calm", "locale": policy.locale, "weekends": policy.weekends.value}
    fields |= {"it_email": policy.it_email or "", "hr_email": policy.hr_email or ""}
    for n, row in enumerate(rows_of(policy, None)):
        fields |= {f"step-{n}-{part}": text for part, text in row.items()}
    return {**fields, "stops": [stop.value for stop in policy.stops], **changes}


def form_of(fields):
    pairs = [
        (name, one)
        for name, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    return Form(pairs, [])


def test_a_form_reads_back_as_the_ladder_it_was_filled_with():
    policy = msgspec.structs.replace(
        BUILT_IN,
        hr_email="hr@example.com",
        stops=frozenset({Stop.HOLD}),
        steps=(*BUILT_IN.steps[:2], msgspec.structs.replace(BUILT_IN.steps[2], locale="de", level=2)),
    )
    assert policy_in(form_of(fields_of(policy))) == policy
    assert policy_in(form_of({"document": ladders.write_toml(policy)})) == policy


async def test_a_ladder_is_made_changed_and_chosen(own_console, visitors):
    browse = await visitors(own_console, "owner")
    await browse.page(f"{PATH}/new")
    where = await browse.does(PATH, fields_of(BUILT_IN))
    here = where.partition("?")[0]
    page = await browse.page(where)
    assert {"Calm", "day 3", "3 days after the box or label arrived", "Created"} <= set(page.texts)
    sent = fields_of(
        BUILT_IN, version="1", **{"step-0-remove": "1", "step-1-offset_days": "x", "step-2-name": "d" * 61}
    )
    await browse.page(f"{here}/edit")
    refused = await browse.post(here, sent)
    assert refused.status_code == 422
    assert re.search(r'id="step-1-offset_days-problem">Must be a whole number\.', refused.text)
    assert 'id="step-2-name-problem"' in refused.text
    assert "d" * 61 in refused.text
    await browse.does(here, fields_of(BUILT_IN, version="1", **{"step-0-remove": "1"}))
    page = await browse.page(here)
    assert "day 3" not in page.texts
    stale = await browse.post(here, fields_of(BUILT_IN, version="1"))
    assert (stale.status_code, "has version 2 by now" in stale.text) == (409, True)
    document = ladders.write_toml(BUILT_IN)
    await browse.does(here, {"name": "Calm", "version": "2", "document": document})
    wrong = await browse.post(here, {"name": "Calm", "version": "3", "document": "steps = ["})
    assert (wrong.status_code, "Is not TOML" in wrong.text) == (422, True)
    chosen = await browse.does(f"{here}/default")
    page = await browse.page(chosen)
    assert f"{PATH}/built-in/default" in page.posts  # undo
    actor = own_console.actors["owner"]
    assert (await ladders.find_default_ladder(own_console.db, actor=actor)).name == "Calm"
    await browse.does(f"{PATH}/built-in/default")
    assert await ladders.find_default_ladder(own_console.db, actor=actor) is None
    theirs = own_console.ids["theirs"]["ladder"]
    assert (await browse.post(f"{PATH}/{theirs}", {"name": "x", "version": "1"})).status_code == 404
    assert (await browse.post(f"{PATH}/{theirs}/default")).status_code == 404


async def test_the_calendar_says_on_which_day_by_whose_clock(browse):
    path = f"{PATH}/built-in?starts_on=2026-06-01&box_after=4&country=DE"
    page = await browse.page(path)
    assert {"Europe/Berlin", "8 Jun 2026", "11 Jun 2026", "14 Jun 2026"} <= set(page.texts)
    assert (
        await browse.get(f"{PATH}/built-in?starts_on=x&box_after=-3&country=%00&deadline_on=9999-12-31")
    ).status_code == 200
