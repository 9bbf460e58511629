"""What codes and measures in history are called: by the record and the field that they are in. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from backhaul.web.console.cases import words as cases
from backhaul.web.console.inventory import words as inventory
from backhaul.web.console.people import words as people
from backhaul.web.console.returns import words as returns
from backhaul.web.console.transfers import words as transfers
from backhaul.web.console.wording import humanized

# By the record's kind and the field; a field of any record stands under the empty kind.
_WORDS: dict[tuple[str, str], Mapping[Any, Any]] = {
    ("transfer", "status"): transfers.STATUSES,
    ("transfer", "direction"): transfers.DIRECTIONS,
    ("shipment", "status"): transfers.TRACKING,
    ("pickup", "status"): transfers.PICKUPS,
    ("charge", "status"): transfers.CHARGES,
    ("message", "status"): transfers.MESSAGES,
    ("return", "status"): returns.STATUSES,
    ("return", "verdict"): returns.VERDICTS,
    ("return", "method"): returns.METHODS,
    ("return", "verification"): returns.VERIFICATIONS,
    ("return", "lock_status"): returns.LOCKS,
    ("recovery_campaign", "status"): cases.CAMPAIGNS,
    ("employee", "status"): people.STATUSES,
    ("", "leg"): transfers.LEGS,
    ("", "outcome"): cases.OUTCOMES,
    ("", "custody"): inventory.CUSTODY,
}
# Fields that hold a code of ours, whatever the record: one without words of its own is written as words.
_CODED = frozenset(
    {
        "carrier", "channel", "custody", "direction", "fault", "kind", "leg", "lock_status", "method", "outcome",
        "plan", "result", "role", "service", "stage", "standing", "status", "status_before_hold", "type", "verdict",
        "verification", "wanted_status",
    }
)  # fmt: skip
_CODE = re.compile(r"[a-z]+(?:_[a-z0-9]+)*")
# What a field's name ends with, and the unit it says: stored whole, written with the number.
_UNITS = {
    "_grams": "g", "_mm": "mm", "_cm": "cm", "_seconds": "s", "_minutes": "min", "_hours": "h", "_days": "days",
    "_percent": "%", "_bytes": "bytes",
}  # fmt: skip


def word_for(kind: str, name: str, code: str) -> str | None:
    """Return what a code of a record's field is called; None for what is no code."""
    if name not in _CODED and (kind, name) not in _WORDS:
        return None
    table = _WORDS.get((kind, name)) or _WORDS.get(("", name)) or {}
    word = table.get(code)
    if word is not None:
        return word if isinstance(word, str) else str(word[0])
    return humanized(code) if _CODE.fullmatch(code) else None


def unit_of(name: str) -> tuple[str, str | None]:
    """Return a field's name without its unit, and the unit; None where its name says none."""
    for ending, unit in _UNITS.items():
        if name.endswith(ending):
            return name.removesuffix(ending), unit
    return name, None
