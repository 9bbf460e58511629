"""An organization's wallet: paid in through the gateway, held for what is to come, spent on fees.

Not here: charges that the gateway collects one by one (`billing.operations`). The balance is a projection of the
ledger, locked by whoever changes it. Start with `model`, then `lifecycle`; most of the operations are steps of
somebody else's transaction. Whoever calls several of them in one locks nothing of billing's in between.
"""

from backhaul.domain.billing.wallet.errors import (
    BalanceUnchargeable,
    BalanceUnreadable,
    CreditLimitTooLow,
    FeeUnknown,
    HoldMoveRefused,
    InsufficientFunds,
    OnceKeyReused,
    WalletHoldUnknown,
)
from backhaul.domain.billing.wallet.model import (
    Fee,
    FeeId,
    FeeKind,
    FeeLine,
    Hold,
    HoldId,
    HoldStatus,
    Wallet,
)
from backhaul.domain.billing.wallet.operations import (
    capture_hold,
    charge_fee,
    expire_hold,
    is_held,
    refund,
    refund_fee,
    release_hold,
    require_and_hold,
    set_credit_limit,
    top_up,
)
from backhaul.domain.billing.wallet.queries import (
    get_balance,
    list_balances,
    list_fees,
    list_fees_of,
    list_holds,
    read_balances,
)

__all__ = [
    "BalanceUnchargeable",
    "BalanceUnreadable",
    "CreditLimitTooLow",
    "Fee",
    "FeeId",
    "FeeKind",
    "FeeLine",
    "FeeUnknown",
    "Hold",
    "HoldId",
    "HoldMoveRefused",
    "HoldStatus",
    "InsufficientFunds",
    "OnceKeyReused",
    "Wallet",
    "WalletHoldUnknown",
    "capture_hold",
    "charge_fee",
    "expire_hold",
    "get_balance",
    "is_held",
    "list_balances",
    "list_fees",
    "list_fees_of",
    "list_holds",
    "read_balances",
    "refund",
    "refund_fee",
    "release_hold",
    "require_and_hold",
    "set_credit_limit",
    "top_up",
]
