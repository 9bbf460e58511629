"""Reminder ladders: who is written to, when, in which words, and what stops it, as data.

Not here: whose reminders they are and what became of them (recovery/reminding), the words (notify). Start with `model`
and `calendar`, which says on which instant a step falls; `documents` reads and writes ladders as files.
"""

from backhaul.domain.ladders.documents import read_policy, write_toml
from backhaul.domain.ladders.errors import LadderChangedMeanwhile, LadderNameTaken, LadderUnknown
from backhaul.domain.ladders.model import (
    BUILT_IN,
    BUILT_IN_NAME,
    TEMPLATES,
    Anchor,
    Audience,
    Channel,
    Ladder,
    LadderId,
    Policy,
    QuietHours,
    Step,
    Stop,
    Weekends,
)
from backhaul.domain.ladders.operations import change_ladder, choose_default, create_ladder
from backhaul.domain.ladders.places import ANYWHERE, Place, place_of
from backhaul.domain.ladders.queries import (
    find_default_ladder,
    get_ladder,
    get_ladder_by_number,
    list_ladders,
)
from backhaul.domain.ladders.spelling import check_policy

__all__ = [
    "ANYWHERE",
    "BUILT_IN",
    "BUILT_IN_NAME",
    "TEMPLATES",
    "Anchor",
    "Audience",
    "Channel",
    "Ladder",
    "LadderChangedMeanwhile",
    "LadderId",
    "LadderNameTaken",
    "LadderUnknown",
    "Place",
    "Policy",
    "QuietHours",
    "Step",
    "Stop",
    "Weekends",
    "change_ladder",
    "check_policy",
    "choose_default",
    "create_ladder",
    "find_default_ladder",
    "get_ladder",
    "get_ladder_by_number",
    "list_ladders",
    "place_of",
    "read_policy",
    "write_toml",
]
