"""The history of an exception in words. Pure."""

from datetime import datetime

import msgspec

from backhaul.domain.radar import ClosedBecause, ExceptionChange
from backhaul.web.console.transfers import words
from backhaul.web.console.transfers.history import who_did

_ACTIONS = {
    "opened": "Opened",
    "closed": "Closed by itself",
    "acknowledged": "Taken care of",
    "assigned": "Given to somebody else",
    "snoozed": "Snoozed",
    "woken": "Woken",
}


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """A change as people read it."""

    change: ExceptionChange
    text: str
    who: str
    detail: str | None


def lines_of(changes: list[ExceptionChange]) -> list[HistoryLine]:
    """Return the history in words, in the same order."""
    return [
        HistoryLine(
            change=change,
            text=_ACTIONS.get(change.action) or change.action.replace("_", " ").capitalize(),
            who=who_did(change.actor_kind, change.actor_name),
            detail=_detail(change),
        )
        for change in changes
    ]


def _detail(change: ExceptionChange) -> str | None:
    before, after = change.change.get("owner_email", (None, None))
    if change.action == "assigned":
        return f"{before} → {after}"
    if change.action == "opened":
        return f"Owner: {after}."
    if change.action == "snoozed":
        until = datetime.fromisoformat(change.change["snoozed_until"][1])
        return f"Until {until:%Y-%m-%d %H:%M} UTC."
    parts = []
    note = change.change.get("note", (None, None))[1]
    if note:
        parts.append(f"“{note}”")
    because = change.change.get("closed_because", (None, None))[1]
    if because:
        parts.append(f"Closed: {words.CLOSED[ClosedBecause(because).value]}.")
    return " ".join(parts) or None
