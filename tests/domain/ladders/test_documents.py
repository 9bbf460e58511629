"""Ladders as files: every problem at once, and what is written reads back."""

import tomllib
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backhaul.domain.ladders import BUILT_IN, Policy, QuietHours, Stop, Weekends, read_policy, write_toml
from backhaul.domain.ladders.model import TEMPLATES, Anchor, Audience, Channel, Step
from backhaul.domain.ladders.spelling import check_policy
from backhaul.domain.notify import templates
from backhaul.kernel.errors import InvalidInput

STEP = {"name": "one", "anchor": "box_delivered", "offset_days": 3}


def refused(document):
    with pytest.raises(InvalidInput) as refusal:
        read_policy(document)
    return {problem.path: problem.code for problem in refusal.value.problems}


def test_the_built_in_ladder_reads_back_from_its_own_file():
    assert read_policy(tomllib.loads(write_toml(BUILT_IN))) == BUILT_IN


def test_the_documented_example_is_a_ladder():
    page = Path(__file__).parents[3].joinpath("docs", "ladders.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    policy = read_policy(tomllib.loads(example))
    assert policy.steps[0].name == "first reminder"
    assert {step.anchor for step in policy.steps} == {*Anchor} - {Anchor.CASE_OPENED}


def test_what_is_not_said_has_a_default():
    policy = read_policy({"steps": [STEP]})
    assert policy == Policy(steps=(Step(name="one", anchor=Anchor.BOX_DELIVERED, offset_days=3),))
    assert policy.steps[0].at == time(9)
    assert policy.stops == frozenset(Stop)


def test_json_writes_times_as_text():
    policy = read_policy(
        {"steps": [{**STEP, "at": "10:30"}], "quiet_hours": {"start": "20:00", "end": "08:00"}}
    )
    assert policy.steps[0].at == time(10, 30)
    assert policy.quiet_hours == QuietHours(start=time(20), end=time(8))


def test_everything_that_is_wrong_is_said_at_once():
    assert refused(
        {
            "locale": "xx",
            "weekends": "never",
            "stops": ["muted", "asleep"],
            "it_email": "nobody",
            "hr_email": 5,
            "colour": "red",
            "quiet_hours": {"start": "25:00", "until": "08:00"},
            "steps": [
                {"name": "", "anchor": "moon", "offset_days": "three", "leevel": 1},
                {**STEP, "offset_days": -1, "template": "recovery/nothing", "level": 4},
                {**STEP, "name": "ONE", "template": "recovery/escalation", "at": "9 o'clock"},
                {
                    **STEP,
                    "name": "two",
                    "audience": "it",
                    "channel": "text",
                    "template": "recovery/escalation",
                },
                {**STEP, "name": "three", "template": "recovery/silent", "locale": "xx"},
                {"name": "four", "anchor": "no_scan", "offset_days": 0},
                {"name": "five", "anchor": "deadline", "offset_days": -400, "at": time(9, 0, 30)},
            ],
        }
    ) == {
        "locale": "ladder.locale_unknown",
        "weekends": "ladder.word_unknown",
        "stops[1]": "ladder.word_unknown",
        "it_email": "ladder.email_shape",
        "hr_email": "ladder.not_a_text",
        "colour": "ladder.field_unknown",
        "quiet_hours.start": "ladder.time_shape",
        "quiet_hours.end": "missing",
        "quiet_hours.until": "ladder.field_unknown",
        "steps[0].name": "ladder.step_name_length",
        "steps[0].anchor": "ladder.word_unknown",
        "steps[0].offset_days": "ladder.not_a_number",
        "steps[0].leevel": "ladder.field_unknown",
        "steps[1].name": "ladder.step_name_taken",
        "steps[1].offset_days": "ladder.offset_range",
        "steps[1].template": "ladder.template_unknown",
        "steps[1].level": "ladder.level_range",
        "steps[2].name": "ladder.step_name_taken",
        "steps[2].template": "ladder.template_audience",
        "steps[2].at": "ladder.time_shape",
        "steps[3].channel": "ladder.channel_audience",
        "steps[4].template": "ladder.template_anchor",
        "steps[4].locale": "ladder.locale_unknown",
        "steps[5].offset_days": "ladder.offset_range",
        "steps[5].template": "ladder.template_anchor",
        "steps[6].offset_days": "ladder.offset_range",
        "steps[6].at": "ladder.time_shape",
    }


@pytest.mark.parametrize("at", ["20:00+01:00", "20:00Z", "20:00:30"])
@pytest.mark.parametrize("end", ["start", "end"])
def test_quiet_hours_are_a_clocks_own_hours_and_minutes(at, end):
    hours = {"start": "19:00", "end": "08:00", end: at}
    assert refused({"quiet_hours": hours, "steps": [STEP]}) == {f"quiet_hours.{end}": "ladder.time_shape"}


@pytest.mark.parametrize("steps", [[], [{**STEP, "name": str(n)} for n in range(21)]])
def test_a_ladder_has_one_to_twenty_steps(steps):
    assert refused({"steps": steps}) == {"steps": "ladder.step_count"}


def test_quiet_hours_have_a_length():
    hours = {"start": "08:00", "end": "08:00"}
    assert refused({"steps": [STEP], "quiet_hours": hours}) == {"quiet_hours.end": "ladder.quiet_hours_empty"}


@pytest.mark.parametrize(
    ("document", "path"),
    [({"steps": 3}, "steps"), ({"steps": [3]}, "steps"), ({"steps": [STEP], "quiet_hours": 1}, "quiet_hours"),
     ({"steps": [STEP], "stops": "all"}, "stops")],
)  # fmt: skip
def test_a_document_of_another_shape_is_refused_by_name(document, path):
    assert path in refused(document)


texts = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=40)
steps = st.builds(
    Step,
    name=texts,
    anchor=st.just(Anchor.DEADLINE),
    offset_days=st.integers(-365, 365),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    channel=st.sampled_from(Channel),
    audience=st.just(Audience.EMPLOYEE),
    template=st.sampled_from(["recovery/reminder", "recovery/deadline"]),
    locale=st.sampled_from([None, "en", "de"]),
    level=st.integers(1, 3),
)


@given(
    st.lists(steps, min_size=1, max_size=4, unique_by=lambda one: one.name.lower()),
    st.sampled_from(Weekends),
    st.frozensets(st.sampled_from(Stop)),
)
def test_every_ladder_reads_back_from_its_file(chosen, weekends, stops):
    policy = Policy(
        steps=tuple(chosen),
        weekends=weekends,
        stops=stops,
        quiet_hours=QuietHours(start=time(20), end=time(7, 30)),
        it_email="it@maas.example",
    )
    assert check_policy(policy) == []
    assert read_policy(tomllib.loads(write_toml(policy))) == policy


def test_every_template_a_ladder_may_name_is_written():
    assert set(TEMPLATES) <= {listed.name for listed in templates()}
