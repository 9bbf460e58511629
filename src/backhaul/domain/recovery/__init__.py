"""Campaigns: whose devices must come back, in which parcels, and what became of each.

Not here: how a parcel travels (transfers, shipping), who holds a device (inventory), what outsiders call things
(dialects). Start with `model`, `lifecycle` and `status`; then `operations` and `reactions`, which keep case, parcels
and custody in agreement.
"""

from backhaul.domain.recovery.answers import (
    CampaignDetail,
    CampaignPage,
    CaseDetail,
    CaseInCampaign,
    Expectation,
    ListedCampaign,
)
from backhaul.domain.recovery.model import (
    Campaign,
    CampaignChanges,
    CampaignStatus,
    Case,
    NewCampaign,
    NewCase,
    NewItem,
    Outcome,
    Package,
    Reason,
    ReturnAddress,
    Shipping,
)
from backhaul.domain.recovery.operations import (
    add_case,
    add_cases,
    change_campaign,
    close_case,
    close_item,
    complete_campaign,
    create_campaign,
    record_diagnosis,
)
from backhaul.domain.recovery.ports import CallbackWording, LabelNews
from backhaul.domain.recovery.queries import get_campaign, get_case, list_campaigns, list_expectations
from backhaul.domain.recovery.spelling import check_case, check_many

__all__ = [
    "CallbackWording",
    "Campaign",
    "CampaignChanges",
    "CampaignDetail",
    "CampaignPage",
    "CampaignStatus",
    "Case",
    "CaseDetail",
    "CaseInCampaign",
    "Expectation",
    "LabelNews",
    "ListedCampaign",
    "NewCampaign",
    "NewCase",
    "NewItem",
    "Outcome",
    "Package",
    "Reason",
    "ReturnAddress",
    "Shipping",
    "add_case",
    "add_cases",
    "change_campaign",
    "check_case",
    "check_many",
    "close_case",
    "close_item",
    "complete_campaign",
    "create_campaign",
    "get_campaign",
    "get_case",
    "list_campaigns",
    "list_expectations",
    "record_diagnosis",
]
