"""Received parcels sent on: created, quoted, answered, weighed, dispatched, or let go after a while.

Not here: what was received (returns), how a parcel travels (shipping), rates and money (billing). Start with `model`
and `lifecycle`, then `operations.create`.
"""

from backhaul.domain.reshipping.model import (
    LISTED,
    MAX_RETURNS,
    Consignee,
    Decision,
    NewReshipment,
    Policy,
    Reshipment,
    ReshipmentId,
    Status,
)
from backhaul.domain.reshipping.operations import (
    answer_estimate,
    create_reshipment,
    delete_reshipment,
    dispatch_reshipment,
    expire_reshipment,
    quote_reshipment,
    set_tolerance,
    weigh_and_label,
)
from backhaul.domain.reshipping.queries import (
    ReshipmentPage,
    get_reshipment,
    list_numbers,
    list_reshipments,
    list_to_answer,
    list_waiting,
)
from backhaul.domain.returns import Order

__all__ = [
    "LISTED",
    "MAX_RETURNS",
    "Consignee",
    "Decision",
    "NewReshipment",
    "Order",
    "Policy",
    "Reshipment",
    "ReshipmentId",
    "ReshipmentPage",
    "Status",
    "answer_estimate",
    "create_reshipment",
    "delete_reshipment",
    "dispatch_reshipment",
    "expire_reshipment",
    "get_reshipment",
    "list_numbers",
    "list_reshipments",
    "list_to_answer",
    "list_waiting",
    "quote_reshipment",
    "set_tolerance",
    "weigh_and_label",
]
