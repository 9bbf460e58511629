"""How a ladder is written: everything that is wrong with it is said at once."""

from collections import Counter
from collections.abc import Iterator
from datetime import time

from backhaul.domain.identity.spelling import clean_email
from backhaul.domain.ladders.model import (
    BUILT_IN_NAME,
    LOCALES,
    MAX_LEVEL,
    MAX_OFFSET_DAYS,
    MAX_STEPS,
    TEMPLATES,
    Anchor,
    Audience,
    Channel,
    Policy,
    Step,
)
from backhaul.kernel.errors import FieldProblem, InvalidInput

MAX_NAME, MAX_STEP_NAME = 100, 60
HAVE_PHONES = frozenset({Audience.EMPLOYEE, Audience.MANAGER})


def clean_name(name: str) -> str:
    """Return a ladder's name without space around it and in it, or refuse it."""
    clean = " ".join(name.split())
    if not 1 <= len(clean) <= MAX_NAME or not clean.isprintable():
        text = f"must have 1 to {MAX_NAME} characters"
        raise InvalidInput([FieldProblem("name", "ladder.name_length", text)])
    if clean.lower() == BUILT_IN_NAME:
        text = f"must not be {BUILT_IN_NAME}: that is the ladder every organization has"
        raise InvalidInput([FieldProblem("name", "ladder.name_reserved", text)])
    return clean


def check_policy(policy: Policy) -> list[FieldProblem]:
    """Return everything that is wrong with a policy."""
    return list(_problems(policy))


def _problems(policy: Policy) -> Iterator[FieldProblem]:
    if not 1 <= len(policy.steps) <= MAX_STEPS:
        text = f"must have 1 to {MAX_STEPS} steps, not {len(policy.steps)}"
        yield FieldProblem("steps", "ladder.step_count", text)
    names = Counter(step.name.lower() for step in policy.steps)
    for position, step in enumerate(policy.steps):
        path = f"steps[{position}]"
        if names[step.name.lower()] > 1:
            text = f"must not be another step's name, too: {step.name}"
            yield FieldProblem(f"{path}.name", "ladder.step_name_taken", text)
        yield from _step_problems(step, path)
    if policy.quiet_hours is not None and policy.quiet_hours.start == policy.quiet_hours.end:
        yield FieldProblem(
            "quiet_hours.end", "ladder.quiet_hours_empty", "must not be the time at which they start"
        )
    for name in ("start", "end"):
        if policy.quiet_hours is not None and not _is_clock_time(getattr(policy.quiet_hours, name)):
            yield _time_shape(f"quiet_hours.{name}")
    if policy.locale not in LOCALES:
        yield _locale_unknown("locale")
    for name in ("it_email", "hr_email"):
        yield from _email_problems(name, getattr(policy, name))


def _step_problems(step: Step, path: str) -> Iterator[FieldProblem]:
    if not 1 <= len(step.name) <= MAX_STEP_NAME or not step.name.isprintable():
        yield FieldProblem(
            f"{path}.name", "ladder.step_name_length", f"must have 1 to {MAX_STEP_NAME} characters"
        )
    first = -MAX_OFFSET_DAYS if step.anchor is Anchor.DEADLINE else int(step.anchor is Anchor.NO_SCAN)
    if not first <= step.offset_days <= MAX_OFFSET_DAYS:
        text = f"must be {first} to {MAX_OFFSET_DAYS} days after {step.anchor.value}, not {step.offset_days}"
        yield FieldProblem(f"{path}.offset_days", "ladder.offset_range", text)
    yield from _template_problems(step, path)
    if step.channel is Channel.TEXT and step.audience not in HAVE_PHONES:
        text = "must be email: no telephone number of IT or HR is known"
        yield FieldProblem(f"{path}.channel", "ladder.channel_audience", text)
    if step.locale is not None and step.locale not in LOCALES:
        yield _locale_unknown(f"{path}.locale")
    if not 1 <= step.level <= MAX_LEVEL:
        yield FieldProblem(f"{path}.level", "ladder.level_range", f"must be 1 to {MAX_LEVEL}")
    if not _is_clock_time(step.at):
        yield _time_shape(f"{path}.at")


def _template_problems(step: Step, path: str) -> Iterator[FieldProblem]:
    if step.template not in TEMPLATES:
        text = f"must be one of {', '.join(sorted(TEMPLATES))}"
        yield FieldProblem(f"{path}.template", "ladder.template_unknown", text)
    elif step.audience not in TEMPLATES[step.template]:
        readers = ", ".join(sorted(audience.value for audience in TEMPLATES[step.template]))
        text = f"must be a template for {step.audience.value}; {step.template} is for {readers}"
        yield FieldProblem(f"{path}.template", "ladder.template_audience", text)
    if step.template == "recovery/silent" and step.anchor is not Anchor.NO_SCAN:
        text = (
            "must be another template: recovery/silent tells since when no scan came, so it needs that anchor"
        )
        yield FieldProblem(f"{path}.template", "ladder.template_anchor", text)
    if step.anchor is Anchor.NO_SCAN and step.template in TEMPLATES and step.template != "recovery/silent":
        text = (
            "must be recovery/silent: the others say that nothing is on its way, and no_scan is about what is"
        )
        yield FieldProblem(f"{path}.template", "ladder.template_anchor", text)


def _email_problems(path: str, email: str | None) -> Iterator[FieldProblem]:
    if email is None:
        return
    try:
        clean_email(email)
    except InvalidInput:
        text = "must be an e-mail address like it@example.com"
        yield FieldProblem(path, "ladder.email_shape", text)


def _is_clock_time(at: time) -> bool:
    return at.tzinfo is None and not at.second and not at.microsecond


def _time_shape(path: str) -> FieldProblem:
    return FieldProblem(
        path, "ladder.time_shape", "must be a time of day in hours and minutes, without a zone"
    )


def _locale_unknown(path: str) -> FieldProblem:
    return FieldProblem(path, "ladder.locale_unknown", f"must be one of {', '.join(sorted(LOCALES))}")
