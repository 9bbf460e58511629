"""Campaigns and cases as somebody at a screen looks through them: filtered, searched, a page after the other by cursor.

Not here: the lists that contracts describe, with their pages by number (`recovery.queries`). Start with `model`.
"""

from backhaul.domain.recovery.browsing.model import (
    OPEN_STAGES,
    CampaignFilter,
    CampaignLine,
    CampaignSheet,
    CaseFilter,
    CaseLine,
    CaseSheet,
    Change,
    Owner,
    Progress,
    Stage,
)
from backhaul.domain.recovery.browsing.queries import (
    browse_campaigns,
    browse_cases,
    find_campaigns,
    get_campaign_sheet,
    get_case_sheet,
    list_owners,
)

__all__ = [
    "OPEN_STAGES",
    "CampaignFilter",
    "CampaignLine",
    "CampaignSheet",
    "CaseFilter",
    "CaseLine",
    "CaseSheet",
    "Change",
    "Owner",
    "Progress",
    "Stage",
    "browse_campaigns",
    "browse_cases",
    "find_campaigns",
    "get_campaign_sheet",
    "get_case_sheet",
    "list_owners",
]
