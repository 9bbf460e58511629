"""Lines of history in words: who did what, and each value before and after. Pure."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

from backhaul.domain.identity.audit import Change
from backhaul.kernel.money import Money
from backhaul.web.console.wording import humanized, money_text

_MOST_VALUES = 12  # of one line; the first line of a record has all that it says
_LONGEST = 160
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


class Value(msgspec.Struct, frozen=True):
    """A field before and after."""

    name: str
    before: str | None
    after: str | None


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
    values = _values(one.change)
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


def _values(change: dict[str, Any]) -> list[Value]:
    return [
        value_of(name, pair, change)
        for name, pair in change.items()
        if name not in _UNSAID and name != "reason" and is_pair(pair)
    ]


def is_pair(value: Any) -> bool:
    """Tell whether a value is one before and one after."""
    return isinstance(value, list) and len(value) == 2  # noqa: PLR2004 -- before and after


def value_of(name: str, pair: list[Any], change: dict[str, Any]) -> Value:
    """Return a field of a change before and after: amounts in the change's currency, instants by UTC."""
    before, after = pair
    if not name.endswith(_MINOR):
        return Value(humanized(name), written(before), written(after))
    said = [one for one in change.get("currency") or () if isinstance(one, str)]
    currency = said[-1] if said else None
    return Value(humanized(name.removesuffix(_MINOR)), _amount(before, currency), _amount(after, currency))


def written(value: Any) -> str | None:
    """Return a value on one line: parts of a record with commas between."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        value = [_amount(part, None) if name.endswith(_MINOR) else part for name, part in value.items()]
    if isinstance(value, list):
        return _short(", ".join(text for part in value if (text := written(part)) is not None)) or None
    text = str(value)
    if _INSTANT.fullmatch(text):
        return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return _short(text)


def _amount(minor: Any, currency: str | None) -> str | None:
    """Return minor units, which are hundredths, as an amount; bare figures where no currency is known."""
    if not isinstance(minor, int):
        return written(minor)
    return money_text(Money(minor, currency)) if currency else money_text(Money(minor, "")).rstrip()


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
