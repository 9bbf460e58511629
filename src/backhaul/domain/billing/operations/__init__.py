"""What can be done with money, one file per verb."""

from backhaul.domain.billing.operations.collecting import begin_attempt, settle_attempt
from backhaul.domain.billing.operations.opening import open_charge
from backhaul.domain.billing.operations.refunding import (
    refund,
    refund_subject,
    refuse_refund,
    request_refund,
    settle_refund,
)
from backhaul.domain.billing.operations.retrying import collect_again, retry_declined

__all__ = [
    "begin_attempt",
    "collect_again",
    "open_charge",
    "refund",
    "refund_subject",
    "refuse_refund",
    "request_refund",
    "retry_declined",
    "settle_attempt",
    "settle_refund",
]
