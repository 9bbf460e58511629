"""Ladders as documents: what a TOML or JSON file says, read with every problem at once, and written again. Pure."""

from collections.abc import Callable, Iterator, Mapping
from datetime import time
from enum import StrEnum
from typing import Any, TypeVar

from backhaul.domain.ladders.model import (
    Anchor,
    Audience,
    Channel,
    Policy,
    QuietHours,
    Step,
    Stop,
    Weekends,
)
from backhaul.domain.ladders.spelling import check_policy
from backhaul.kernel.errors import FieldProblem, InvalidInput

Choice = TypeVar("Choice", bound=StrEnum)
Document = Mapping[str, Any]


def read_policy(document: Document) -> Policy:
    """Return the policy of a document, or refuse everything that is wrong with it."""
    problems: list[FieldProblem] = []
    reader = _Table(document, "", problems)
    policy = Policy(
        steps=tuple(_step(table) for table in reader.tables("steps")),
        quiet_hours=_quiet_hours(reader.table("quiet_hours")),
        weekends=reader.choice("weekends", Weekends, Weekends.SEND),
        stops=frozenset(reader.choices("stops", Stop)),
        it_email=reader.text("it_email"),
        hr_email=reader.text("hr_email"),
        locale=reader.text("locale") or "en",
    )
    reader.refuse_the_rest()
    # What could not be read has a value of its own here: the rules would complain about that one as well.
    unread = {problem.path for problem in problems}
    problems += [problem for problem in check_policy(policy) if problem.path not in unread]
    if problems:
        raise InvalidInput(problems)
    return policy


def write_toml(policy: Policy) -> str:
    """Return a policy as a TOML document that reads back as the same policy."""
    return "\n".join(_lines(policy)) + "\n"


def _lines(policy: Policy) -> Iterator[str]:
    yield f"locale = {_quoted(policy.locale)}"
    yield f"weekends = {_quoted(policy.weekends.value)}"
    yield f"stops = [{', '.join(_quoted(stop.value) for stop in Stop if stop in policy.stops)}]"
    for name in ("it_email", "hr_email"):
        if getattr(policy, name) is not None:
            yield f"{name} = {_quoted(getattr(policy, name))}"
    if policy.quiet_hours is not None:
        yield from ("", "[quiet_hours]")
        yield f"start = {policy.quiet_hours.start.isoformat()}"
        yield f"end = {policy.quiet_hours.end.isoformat()}"
    for step in policy.steps:
        yield from ("", "[[steps]]", f"name = {_quoted(step.name)}", f"anchor = {_quoted(step.anchor.value)}")
        yield f"offset_days = {step.offset_days}"
        yield f"at = {step.at.isoformat()}"
        yield f"channel = {_quoted(step.channel.value)}"
        yield f"audience = {_quoted(step.audience.value)}"
        yield f"template = {_quoted(step.template)}"
        yield f"level = {step.level}"
        if step.locale is not None:
            yield f"locale = {_quoted(step.locale)}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _step(table: "_Table") -> Step:
    step = Step(
        name=" ".join((table.text("name") or "").split()),
        anchor=table.choice("anchor", Anchor, None),
        offset_days=table.whole_number("offset_days", None),
        at=table.time("at", time(9)),
        channel=table.choice("channel", Channel, Channel.EMAIL),
        audience=table.choice("audience", Audience, Audience.EMPLOYEE),
        template=table.text("template") or "recovery/reminder",
        locale=table.text("locale"),
        level=table.whole_number("level", 1),
    )
    table.refuse_the_rest()
    return step


def _quiet_hours(table: "_Table | None") -> QuietHours | None:
    if table is None:
        return None
    hours = QuietHours(start=table.time("start", None), end=table.time("end", None))
    table.refuse_the_rest()
    return hours


class _Table:
    """One table of a document: takes values out of it, and remembers what is wrong with them."""

    def __init__(self, values: Document, path: str, problems: list[FieldProblem]) -> None:
        self._rest = dict(values)
        self._path = path
        self._problems = problems

    def text(self, name: str) -> str | None:
        """Return a text without space around it; None: there is none."""
        value = self._rest.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, str):
            self._wrong(name, "ladder.not_a_text", "must be a text")
            return None
        return value.strip() or None

    def whole_number(self, name: str, default: int | None) -> int:
        """Return a whole number; without a default it is needed."""
        value = self._needed(name, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if value is not None:
            self._wrong(name, "ladder.not_a_number", "must be a whole number")
        return default or 1

    def time(self, name: str, default: time | None) -> time:
        """Return a time of day; TOML has such values, JSON writes them as 09:00."""
        value = self._needed(name, default)
        if isinstance(value, time):
            return value
        if isinstance(value, str):
            try:
                return time.fromisoformat(value)
            except ValueError:
                pass
        if value is not None:
            self._wrong(name, "ladder.time_shape", "must be a time of day like 09:00")
        return default or (time(20) if name == "start" else time(8))

    def choice(self, name: str, kind: type[Choice], default: Choice | None) -> Choice:
        """Return one of a few words; without a default it is needed."""
        value = self._needed(name, default)
        if value is not None:
            found = self._one_of(name, kind, value)
            if found is not None:
                return found
        return default or next(iter(kind))

    def choices(self, name: str, kind: type[Choice]) -> list[Choice]:
        """Return some of a few words; all of them when nothing is said."""
        value = self._rest.pop(name, None)
        if value is None:
            return list(kind)
        if not isinstance(value, list):
            self._wrong(name, "ladder.not_a_list", "must be a list")
            return []
        found = (self._one_of(f"{name}[{position}]", kind, one) for position, one in enumerate(value))
        return [one for one in found if one is not None]

    def table(self, name: str) -> "_Table | None":
        """Return a table in this one; None: there is none."""
        value = self._rest.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self._wrong(name, "ladder.not_a_table", "must be a table")
            return None
        return _Table(value, f"{self._path}{name}.", self._problems)

    def tables(self, name: str) -> list["_Table"]:
        """Return a list of tables."""
        value = self._rest.pop(name, None) or []
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            self._wrong(name, "ladder.not_a_list", "must be a list of tables")
            return []
        return [
            _Table(one, f"{self._path}{name}[{position}].", self._problems)
            for position, one in enumerate(value)
        ]

    def refuse_the_rest(self) -> None:
        """Refuse what nobody asked for: a word spelled wrong would else be passed over."""
        for name in self._rest:
            self._wrong(name, "ladder.field_unknown", "is no field of a ladder")

    def _needed(self, name: str, default: object) -> Any:
        value = self._rest.pop(name, None)
        if value is None and default is None:
            self._wrong(name, "missing", "can't be blank")
        return default if value is None else value

    def _one_of(self, name: str, kind: type[Choice], value: object) -> Choice | None:
        known: Callable[[Any], Choice] = kind
        try:
            return known(value)
        except ValueError:
            self._wrong(name, "ladder.word_unknown", f"must be one of {', '.join(kind)}")
            return None

    def _wrong(self, name: str, code: str, text: str) -> None:
        self._problems.append(FieldProblem(f"{self._path}{name}", code, text))
