"""What can be done with a reshipment, one file per verb."""

from backhaul.domain.reshipping.operations.answer import answer_estimate
from backhaul.domain.reshipping.operations.create import create_reshipment
from backhaul.domain.reshipping.operations.delete import delete_reshipment
from backhaul.domain.reshipping.operations.dispatch import dispatch_reshipment
from backhaul.domain.reshipping.operations.expire import expire_reshipment
from backhaul.domain.reshipping.operations.quote import quote_reshipment
from backhaul.domain.reshipping.operations.tolerance import set_tolerance
from backhaul.domain.reshipping.operations.weigh import weigh_and_label

__all__ = [
    "answer_estimate",
    "create_reshipment",
    "delete_reshipment",
    "dispatch_reshipment",
    "expire_reshipment",
    "quote_reshipment",
    "set_tolerance",
    "weigh_and_label",
]
