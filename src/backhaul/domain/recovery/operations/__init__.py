"""What can be done with campaigns and cases, one file per verb."""

from backhaul.domain.recovery.operations.add import add_case, add_cases
from backhaul.domain.recovery.operations.change import change_campaign
from backhaul.domain.recovery.operations.complete import complete_campaign
from backhaul.domain.recovery.operations.create import create_campaign
from backhaul.domain.recovery.operations.diagnose import record_diagnosis
from backhaul.domain.recovery.operations.settle import close_case, close_item

__all__ = [
    "add_case",
    "add_cases",
    "change_campaign",
    "close_case",
    "close_item",
    "complete_campaign",
    "create_campaign",
    "record_diagnosis",
]
