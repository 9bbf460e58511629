"""The history of a campaign or case in words: who did what, and each changed value before and after. Pure."""

from collections.abc import Sequence

import msgspec

from backhaul.domain.recovery.browsing import Change
from backhaul.web.console.cases import words
from backhaul.web.console.changes import Value
from backhaul.web.console.transfers.history import values_of, who_did


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """A change as people read it."""

    change: Change
    text: str
    who: str
    values: tuple[Value, ...]
    reason: str | None


def lines_of(changes: Sequence[Change]) -> list[HistoryLine]:
    """Return the history in words, in the same order."""
    return [_line(change) for change in changes]


def _line(change: Change) -> HistoryLine:
    reason = change.change.get("reason")
    return HistoryLine(
        change=change,
        text=words.action(change.action),
        who=who_did(change.actor_kind, change.actor_name),
        values=values_of(change.change, besides=_UNSAID),
        reason=str(reason[1]) if isinstance(reason, list) and len(reason) == 2 and reason[1] else None,  # noqa: PLR2004 -- a pair
    )


# What says nothing to people, or stands in the line already.
_UNSAID = frozenset({"number", "campaign_id", "employee_id", "owner_id", "ladder_id", "case_id", "asset_id", "ending",
                     "position", "parcel", "case_count", "item_count", "hold_id"})  # fmt: skip
