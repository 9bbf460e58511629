"""Reminders: a campaign's ladder applied to each of its cases, and every contact kept as evidence.

Not here: what a ladder says and on which instant a step falls (ladders), the words (notify). Start with `model` and
`deciding`, which is pure; `operations.remind` is the one transaction a case's due steps are decided in.
"""

from backhaul.domain.recovery.reminding.model import Contact, ContactOutcome, Skip
from backhaul.domain.recovery.reminding.operations.mute import mute_case
from backhaul.domain.recovery.reminding.operations.opting import has_opted_out, opt_in, opt_out
from backhaul.domain.recovery.reminding.operations.remind_now import remind_now
from backhaul.domain.recovery.reminding.previewing import Assumptions, Group, PlannedContact
from backhaul.domain.recovery.reminding.queries import (
    Preview,
    list_contacts,
    preview_campaign,
    preview_ladder,
)

__all__ = [
    "Assumptions",
    "Contact",
    "ContactOutcome",
    "Group",
    "PlannedContact",
    "Preview",
    "Skip",
    "has_opted_out",
    "list_contacts",
    "mute_case",
    "opt_in",
    "opt_out",
    "preview_campaign",
    "preview_ladder",
    "remind_now",
]
