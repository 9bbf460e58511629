"""Words and colours for what stands on pages about money."""

from backhaul.domain.billing.model import RefundStatus, Status
from backhaul.domain.billing.wallet import FeeKind, HoldStatus

CHARGES: dict[Status, tuple[str, str]] = {
    Status.PENDING: ("Waiting", "neutral"),
    Status.COLLECTING: ("Being collected", "accent"),
    Status.CAPTURED: ("Paid", "good"),
    Status.DECLINED: ("Declined", "bad"),
    Status.PARTLY_REFUNDED: ("Partly refunded", "warn"),
    Status.REFUNDED: ("Refunded", "neutral"),
    Status.CANCELLED: ("Cancelled", "neutral"),
}
REFUNDS: dict[RefundStatus, tuple[str, str]] = {
    RefundStatus.REQUESTED: ("On its way", "accent"),
    RefundStatus.PAID: ("Paid back", "good"),
    RefundStatus.REFUSED: ("Refused", "bad"),
    RefundStatus.DROPPED: ("Not needed", "neutral"),
}
HOLDS: dict[HoldStatus, tuple[str, str]] = {
    HoldStatus.HELD: ("Held", "accent"),
    HoldStatus.CAPTURED: ("Spent", "good"),
    HoldStatus.RELEASED: ("Given back", "neutral"),
    HoldStatus.EXPIRED: ("Expired, given back", "neutral"),
}
FEES: dict[FeeKind, str] = {
    FeeKind.PROCESS: "Processing",
    FeeKind.VERIFY: "Verification",
    FeeKind.RESHIP: "Reshipping",
    FeeKind.RESHIP_DIFFERENCE: "Reshipping, difference",
    FeeKind.STORAGE: "Storage",
    FeeKind.OTHER: "Other",
}
# Of an invoice: fees by their kinds, and what else stands on it.
LINES: dict[str, str] = {kind.value: text for kind, text in FEES.items()} | {
    "transfer": "Transfer",
    "refund": "Refund",
}
SUBJECTS = {"transfer": "Transfer", "reshipment": "Reshipment", "return": "Return", "wallet": "Top-up"}
# Not sure to be wanted again before somebody looks: the page asks for itself anew meanwhile.
MOVING = frozenset({Status.PENDING, Status.COLLECTING})
