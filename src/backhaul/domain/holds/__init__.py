"""Legal holds: what must be kept for a court is not given away, retired or erased until two people release it.

A hold covers assets, people and cases. Not here: what a device is and who has it (inventory), which asks here before it
lets a device go. Start with `model` and `lifecycle`; `require_free` is what every other capability needs.
"""

from backhaul.domain.holds.errors import (
    HeldLegally,
    HoldStatusMissing,
    HoldUnknown,
    NothingHeld,
    ReleaseApproved,
    ReleaseEnded,
    ReleaseOfAnother,
    ReleaseUnknown,
    SecondPersonNeeded,
)
from backhaul.domain.holds.guarding import require_free
from backhaul.domain.holds.model import (
    Hold,
    HoldId,
    KnownSubject,
    NewHold,
    NewSubject,
    Release,
    ReleaseId,
    ReleaseStatus,
    Subject,
    SubjectKind,
)
from backhaul.domain.holds.operations import (
    approve_release,
    place_hold,
    place_known,
    refuse_release,
    request_release,
    withdraw_release,
)
from backhaul.domain.holds.queries import (
    ActivePage,
    ActiveSubject,
    HoldDetail,
    ListedHold,
    get_hold,
    list_active,
    list_holds,
)

__all__ = [
    "ActivePage",
    "ActiveSubject",
    "HeldLegally",
    "Hold",
    "HoldDetail",
    "HoldId",
    "HoldStatusMissing",
    "HoldUnknown",
    "KnownSubject",
    "ListedHold",
    "NewHold",
    "NewSubject",
    "NothingHeld",
    "Release",
    "ReleaseApproved",
    "ReleaseEnded",
    "ReleaseId",
    "ReleaseOfAnother",
    "ReleaseStatus",
    "ReleaseUnknown",
    "SecondPersonNeeded",
    "Subject",
    "SubjectKind",
    "approve_release",
    "get_hold",
    "list_active",
    "list_holds",
    "place_hold",
    "place_known",
    "refuse_release",
    "request_release",
    "require_free",
    "withdraw_release",
]
