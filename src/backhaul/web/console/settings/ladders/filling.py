"""A ladder's form as the document that the domain reads, and what is wrong with it back at the form's fields. Pure."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from backhaul.domain import ladders
from backhaul.domain.ladders import Policy, Step, Stop
from backhaul.domain.ladders.model import MAX_STEPS
from backhaul.kernel.errors import FieldProblem, InvalidInput
from backhaul.web.console.forms import Form

_STEP = re.compile(r"steps\[(\d+)\]\.(\w+)")
STEP_FIELDS = ("name", "anchor", "offset_days", "at", "channel", "audience", "template", "locale", "level")
NUMBERS = frozenset({"offset_days", "level"})
SPARE = 2  # empty steps below those there are
Row = dict[str, str]


def policy_in(form: Form) -> Policy:
    """Return the policy of a form: of its document where that was sent, else of its fields."""
    if "document" in form:
        return _policy_of_document(form.raw("document"))
    rows = [
        n
        for n in range(MAX_STEPS + SPARE)
        if form[f"step-{n}-name"] and not form.is_ticked(f"step-{n}-remove")
    ]
    document: dict[str, Any] = {
        "locale": form["locale"],
        "weekends": form["weekends"],
        "stops": [text for text in form.all("stops") if text in set(Stop)],
        "steps": [_step(form, n) for n in rows],
        **{name: form[name] for name in ("it_email", "hr_email") if form[name]},
    }
    if form["quiet_hours.start"] or form["quiet_hours.end"]:
        document["quiet_hours"] = {
            part: form[f"quiet_hours.{part}"] for part in ("start", "end") if form[f"quiet_hours.{part}"]
        }
    try:
        return ladders.read_policy(document)
    except InvalidInput as refusal:
        raise InvalidInput([_at_field(problem, rows) for problem in refusal.problems]) from None


def rows_of(policy: Policy | None, form: Form | None) -> list[Row]:
    """Return the steps as the form shows them: as they were sent, or as they are, with empty ones below."""
    if form is not None and "step-0-name" in form:
        count = max((n + 1 for n in range(MAX_STEPS + SPARE) if f"step-{n}-name" in form), default=0)
        return [{field: form[f"step-{n}-{field}"] for field in STEP_FIELDS} for n in range(count)]
    steps = () if policy is None else policy.steps
    empty = {"anchor": "box_delivered", "at": "09:00", "channel": "email", "audience": "employee",
             "template": "recovery/reminder", "level": "1"}  # fmt: skip
    spare = max(0, min(SPARE, MAX_STEPS - len(steps)))
    return [*map(_row, steps), *({**dict.fromkeys(STEP_FIELDS, ""), **empty} for _ in range(spare))]


def _policy_of_document(text: str) -> Policy:
    try:
        document: Mapping[str, Any] = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            [FieldProblem("document", "ladder.file_unreadable", f"is not TOML: {error}")]
        ) from None
    try:
        return ladders.read_policy(document)
    except InvalidInput as refusal:
        problems = [
            FieldProblem("document", problem.code, f"{problem.path}: {problem.text}")
            for problem in refusal.problems
        ]
        raise InvalidInput(problems) from None


def _step(form: Form, row: int) -> dict[str, Any]:
    step: dict[str, Any] = {}
    for field in STEP_FIELDS:
        text = form[f"step-{row}-{field}"]
        if text:
            step[field] = _number(text) if field in NUMBERS else text
    return step


def _number(text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?\d{1,4}", text) else text


def _row(step: Step) -> Row:
    return {
        "name": step.name,
        "anchor": step.anchor.value,
        "offset_days": str(step.offset_days),
        "at": f"{step.at:%H:%M}",
        "channel": step.channel.value,
        "audience": step.audience.value,
        "template": step.template,
        "locale": step.locale or "",
        "level": str(step.level),
    }


def _at_field(problem: FieldProblem, rows: list[int]) -> FieldProblem:
    found = _STEP.fullmatch(problem.path)
    if found is None:
        return problem
    return FieldProblem(f"step-{rows[int(found[1])]}-{found[2]}", problem.code, problem.text)
