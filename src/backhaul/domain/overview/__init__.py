"""What an organization needs to know first: what waits for somebody, how recoveries go, and what was spent.

Only reads, and only for the first page: nothing here decides anything. Each capability keeps its own lists; here is
how much stands on them. Start with `model`.
"""

from backhaul.domain.overview.model import (
    AGES,
    STAGES,
    Installation,
    Needs,
    Progress,
    ReturnWeek,
    Spent,
    Stage,
    WalletStanding,
)
from backhaul.domain.overview.queries import MOST, RECENT_CASES, get_installation, get_needs, get_progress

__all__ = [
    "AGES",
    "MOST",
    "RECENT_CASES",
    "STAGES",
    "Installation",
    "Needs",
    "Progress",
    "ReturnWeek",
    "Spent",
    "Stage",
    "WalletStanding",
    "get_installation",
    "get_needs",
    "get_progress",
]
