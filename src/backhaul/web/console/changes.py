"""Lines of history in words: who did what, and each value before and after. Pure."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from backhaul.domain.identity.audit import Change
from backhaul.kernel.money import Money
from backhaul.web.console.change_words import unit_of, word_for
from backhaul.web.console.wording import humanized, money_text

_MOST_VALUES = 12  # of one line; the first line of a record has all that it says
_LONGEST = 500  # of one text; a record's parts are all shown
_UNSAID = frozenset({"id", "org_id", "version", "created_at", "updated_at"})
_MINOR = "_minor"
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(Z|[+-]\d{2}:\d{2})")
_ACTORS = {
    "system": "Backhaul",
    "operator": "The operator",
    "link": "Somebody with a link",
    "client": "A client program",
    "user": "A former member",
    "api_key": "An API key",
}


# A value as pages write it: a text, an instant, which each viewer reads in their own zone, or several of them.
Part = str | datetime
Written = Part | tuple[Part, ...]


class Value(msgspec.Struct, frozen=True):
    """A field before and after."""

    name: str
    before: Written | None
    after: Written | None


class ShownChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change as people read it."""

    change: Change
    what: str
    record: str
    who: str
    values: tuple[Value, ...]
    reason: str | None
    has_more: bool  # more values than are shown


def shown(changes: Iterable[Change]) -> list[ShownChange]:
    """Return changes in words, in the same order."""
    return [_shown(one) for one in changes]


def _shown(one: Change) -> ShownChange:
    values = _values(one.change, one.subject_kind)
    reason = one.change.get("reason")
    return ShownChange(
        change=one,
        what=humanized(one.action),
        record=humanized(one.subject_kind),
        who=who_did(one.actor_kind, one.actor_name),
        values=tuple(values[:_MOST_VALUES]),
        reason=_short(str(reason[1])) if isinstance(reason, list) and reason[1:] and reason[1] else None,
        has_more=len(values) > _MOST_VALUES,
    )


def who_did(actor_kind: str, actor_name: str | None) -> str:
    """Return who did something, as far as it is known."""
    named = actor_name or _ACTORS.get(actor_kind, humanized(actor_kind))
    return f"{named} (API key)" if actor_kind == "api_key" and actor_name else named


def _values(change: dict[str, Any], kind: str) -> list[Value]:
    return [
        value_of(name, pair, change, kind=kind)
        for name, pair in change.items()
        if name not in _UNSAID and name != "reason" and is_pair(pair)
    ]


def is_pair(value: Any) -> bool:
    """Tell whether a value is one before and one after."""
    return isinstance(value, list) and len(value) == 2  # noqa: PLR2004 -- before and after


def value_of(name: str, pair: list[Any], change: dict[str, Any], *, kind: str = "") -> Value:
    """Return a field of a record's change before and after: amounts in the change's currency, codes by their names."""
    before, after = pair
    if name.endswith(_MINOR):
        said = [one for one in change.get("currency") or () if isinstance(one, str)]
        currency = said[-1] if said else None
        return Value(
            humanized(name.removesuffix(_MINOR)), _amount(before, currency), _amount(after, currency)
        )
    return Value(humanized(unit_of(name)[0]), _of_field(name, before, kind), _of_field(name, after, kind))


def _of_field(name: str, value: Any, kind: str) -> Written | None:
    """Return the value of a field: a code by its name, a measure with its unit."""
    if isinstance(value, str) and (word := word_for(kind, name, value)) is not None:
        return word
    unit = unit_of(name)[1]
    if unit is not None and isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}{'' if unit == '%' else ' '}{unit}"
    return written(value)


def written(value: Any) -> Written | None:
    """Return a value as it is shown: parts of a record one after the other."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict | list):
        parts = tuple(_parts(value))
        return parts[0] if len(parts) == 1 else parts or None
    text = str(value)
    if _INSTANT.fullmatch(text):
        return datetime.fromisoformat(text)
    return _short(text)


def _parts(value: dict[str, Any] | list[Any]) -> Iterator[Part]:
    """Yield the parts of a record or a list, those of records within it among them."""
    if isinstance(value, list):
        for one in value:
            yield from _flat(written(one))
        return
    currency = value.get("currency")
    for name, one in value.items():
        if name.endswith(_MINOR):
            yield from _flat(_amount(one, currency if isinstance(currency, str) else None))
        elif isinstance(one, bool):
            yield f"{humanized(name)}: {'yes' if one else 'no'}"
        elif isinstance(one, int | float) and unit_of(name)[1] is None:
            yield f"{humanized(name)}: {one:,}"
        elif isinstance(one, int | float):
            yield f"{humanized(unit_of(name)[0])} {_of_field(name, one, '')}"
        elif name != "currency":
            yield from _flat(_of_field(name, one, ""))


def _flat(value: Written | None) -> tuple[Part, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _amount(minor: Any, currency: str | None) -> Written | None:
    """Return minor units, which are hundredths, as an amount; bare figures where no currency is known."""
    if not isinstance(minor, int):
        return written(minor)
    return money_text(Money(minor, currency)) if currency else money_text(Money(minor, "")).rstrip()


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
