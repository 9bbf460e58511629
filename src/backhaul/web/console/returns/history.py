"""The history of a return or a reshipment in words: who did what, and each changed value before and after. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from backhaul.kernel.money import Money
from backhaul.web.console.changes import Value
from backhaul.web.console.transfers.history import values_of, who_did
from backhaul.web.console.wording import money_text

_WAREHOUSE = "operator"  # who an operator is in another organization's history
_CENTS = "_minor"
# What says nothing to people, or stands in the line already.
_UNSAID = frozenset(
    {
        "intake_id", "return_id", "reshipment_id", "warehouse_id", "asset_id", "hold_id", "currency", "position",
        "status_before_reshipping", "received_at", "processed_at", "verified_at", "discarded_at", "answered_at",
        "dispatched_at", "ended_at", "noted_at", "taken_at", "recorded_at", "message_count", "sha256", "number",
        "is_process_fee_due", "estimate_lines", "byte_count", "media_type",
    }
)  # fmt: skip


class Changed(Protocol):
    """A line of history as it is kept."""

    @property
    def action(self) -> str: ...

    @property
    def at(self) -> datetime: ...

    @property
    def actor_kind(self) -> str: ...

    @property
    def actor_name(self) -> str | None: ...

    @property
    def change(self) -> dict[str, Any]: ...


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """A change as people read it."""

    at: datetime
    text: str
    who: str
    values: tuple[Value, ...]
    reason: str | None


def lines_of(changes: Iterable[Changed], actions: Mapping[str, str]) -> list[HistoryLine]:
    """Return the history in words, in the same order."""
    return [_line(one, actions) for one in changes]


def _line(one: Changed, actions: Mapping[str, str]) -> HistoryLine:
    reason = one.change.get("reason", (None, None))[1]
    return HistoryLine(
        at=one.at,
        text=actions.get(one.action) or one.action.replace("_", " ").capitalize(),
        who="the warehouse" if one.actor_kind == _WAREHOUSE else who_did(one.actor_kind, one.actor_name),
        values=values_of(_readable(one.change), besides=_UNSAID, kind="return"),
        reason=None if reason is None else str(reason),
    )


def _readable(change: dict[str, Any]) -> dict[str, Any]:
    """Return a change with amounts and weights as people write them."""
    written = {}
    for name, pair in change.items():
        if name.endswith(_CENTS):
            written[name.removesuffix(_CENTS)] = [_money(value) for value in pair]
        elif name == "weight_grams":
            written["weight"] = [f"{value} g" if value else None for value in pair]
        else:
            written[name] = pair
    return written


def _money(value: Any) -> str | None:
    return money_text(Money(value)) if value else None
