"""Legal holds as somebody at a screen looks through them: what each covers, by the names people know, and who decides.

Not here: what a hold is and how it ends (`holds.model`, `holds.lifecycle`). Start with `model`.
"""

from backhaul.domain.holds.browsing.model import (
    Change,
    HoldFilter,
    HoldLine,
    HoldSheet,
    PendingRelease,
    ShownRelease,
    ShownSubject,
)
from backhaul.domain.holds.browsing.queries import browse_holds, get_hold_sheet, list_pending

__all__ = [
    "Change",
    "HoldFilter",
    "HoldLine",
    "HoldSheet",
    "PendingRelease",
    "ShownRelease",
    "ShownSubject",
    "browse_holds",
    "get_hold_sheet",
    "list_pending",
]
