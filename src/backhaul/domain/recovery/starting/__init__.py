"""The start of a campaign: people are added before it, and nothing reaches anybody until its day has come.

Not here: what follows once somebody is asked (reactions, person, reminding). Start with `days`, which is pure; a case
that waits has `begins_at`, and `operations.begin` is the one transaction in which it begins.
"""

from backhaul.domain.recovery.starting.days import is_waiting, office_of, today_of
from backhaul.domain.recovery.starting.errors import CampaignBegun, CaseWaiting
from backhaul.domain.recovery.starting.operations.begin import begin_cases
from backhaul.domain.recovery.starting.operations.start import start_campaign

__all__ = [
    "CampaignBegun",
    "CaseWaiting",
    "begin_cases",
    "is_waiting",
    "office_of",
    "start_campaign",
    "today_of",
]
