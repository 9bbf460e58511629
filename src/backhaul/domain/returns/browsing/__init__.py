"""Returns as somebody at a screen looks through them: listed, searched, one with all its parts, a warehouse's queues.

Not here: the lists that contracts describe (`returns.queries`). Start with `model`.
"""

from backhaul.domain.returns.browsing.model import (
    BenchSheet,
    Change,
    ContactedTransfer,
    Customer,
    ListedDevice,
    ListedIntake,
    ListedReturn,
    QueueCounts,
    QueuedReturn,
    ReturnFilter,
    ReturnLines,
    ReturnQueue,
    ReturnSheet,
    SheetItem,
    ShownFee,
    ShownMessage,
    ShownPhoto,
)
from backhaul.domain.returns.browsing.queries import (
    browse_returns,
    find_photo,
    get_return_sheet,
    list_of_numbers,
)
from backhaul.domain.returns.browsing.working import (
    browse_intakes,
    browse_queue,
    count_queues,
    find_intake_of,
    find_photo_on_table,
    find_scanned_devices,
    get_bench_sheet,
    list_customers,
)

__all__ = [
    "BenchSheet",
    "Change",
    "ContactedTransfer",
    "Customer",
    "ListedDevice",
    "ListedIntake",
    "ListedReturn",
    "QueueCounts",
    "QueuedReturn",
    "ReturnFilter",
    "ReturnLines",
    "ReturnQueue",
    "ReturnSheet",
    "SheetItem",
    "ShownFee",
    "ShownMessage",
    "ShownPhoto",
    "browse_intakes",
    "browse_queue",
    "browse_returns",
    "count_queues",
    "find_intake_of",
    "find_photo",
    "find_photo_on_table",
    "find_scanned_devices",
    "get_bench_sheet",
    "get_return_sheet",
    "list_customers",
    "list_of_numbers",
]
