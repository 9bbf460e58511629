"""What a warehouse found when it opened a recovery's parcel, and what that says about the case's items.

A carrier's scan tells that a parcel came back; only who opens it knows what was in it. Not here: how a parcel is
received and opened (returns), what somebody of the organization says became of an item (`operations.settle`), which
outranks both. Start with `deciding`, which is pure; `reactions` applies it.
"""

from backhaul.domain.recovery.inspecting.model import FoundLine, Opened
from backhaul.domain.recovery.inspecting.queries import list_found

__all__ = ["FoundLine", "Opened", "list_found"]
