"""The installation's customers and their money, as its operator sees them.

Not here: what the operator does about it (`operations.request_refund`, `wallet.refund_fee`, `wallet.set_credit_limit`).
Which organization a number means is asked across organizations; everything else in that one's own scope. Start with
`model`.
"""

from backhaul.domain.billing.customers.model import Account, ChargeOf, Customer, FeeOf, ListedCustomer
from backhaul.domain.billing.customers.queries import (
    MOST_DECLINED,
    MOST_HOLDS,
    find_customer,
    get_account,
    get_charge_of,
    get_fee_of,
    list_customers,
)

__all__ = [
    "MOST_DECLINED",
    "MOST_HOLDS",
    "Account",
    "ChargeOf",
    "Customer",
    "FeeOf",
    "ListedCustomer",
    "find_customer",
    "get_account",
    "get_charge_of",
    "get_fee_of",
    "list_customers",
]
