"""What can be done with a wallet, one file per verb."""

from backhaul.domain.billing.wallet.operations.capture import capture_hold
from backhaul.domain.billing.wallet.operations.charge import charge_fee
from backhaul.domain.billing.wallet.operations.expire import expire_hold
from backhaul.domain.billing.wallet.operations.hold import is_held, require_and_hold
from backhaul.domain.billing.wallet.operations.limit import set_credit_limit
from backhaul.domain.billing.wallet.operations.refund import refund, refund_fee
from backhaul.domain.billing.wallet.operations.release import release_hold
from backhaul.domain.billing.wallet.operations.top_up import top_up

__all__ = [
    "capture_hold",
    "charge_fee",
    "expire_hold",
    "is_held",
    "refund",
    "refund_fee",
    "release_hold",
    "require_and_hold",
    "set_credit_limit",
    "top_up",
]
