"""Reshipments as somebody at a screen looks through them: listed, one with all its parts, a warehouse's queues.

Not here: the lists that contracts describe (`reshipping.queries`). Start with `model`.
"""

from backhaul.domain.reshipping.browsing.model import (
    Change,
    HeldReturn,
    OnwardParcel,
    QueuedReshipment,
    ReshipmentLines,
    ReshipmentQueue,
    ReshipmentSheet,
    Spendable,
    Stage,
    stage_of,
)
from backhaul.domain.reshipping.browsing.queries import (
    browse_queue,
    browse_reshipments,
    get_bench_sheet,
    get_onward_label_on_bench,
    get_reshipment_sheet,
)

__all__ = [
    "Change",
    "HeldReturn",
    "OnwardParcel",
    "QueuedReshipment",
    "ReshipmentLines",
    "ReshipmentQueue",
    "ReshipmentSheet",
    "Spendable",
    "Stage",
    "browse_queue",
    "browse_reshipments",
    "get_bench_sheet",
    "get_onward_label_on_bench",
    "get_reshipment_sheet",
    "stage_of",
]
