"""What recovery tells others."""

from backhaul.domain.identity.model import Plan
from backhaul.domain.recovery.model import Outcome
from backhaul.storage.outbox import Event, event


@event("recovery.case_opened")
class CaseOpened(Event, frozen=True, kw_only=True):
    """Something is expected of somebody from now on: they were added to a campaign, or the one they wait in starts."""

    plan: Plan


@event("recovery.case_ended")
class CaseEnded(Event, frozen=True, kw_only=True):
    """It is known what became of everything that was expected of somebody; it may be known better later."""

    outcome: Outcome


@event("recovery.case_reopened")
class CaseReopened(Event, frozen=True, kw_only=True):
    """Something that was taken for returned was not found: it is expected again."""


@event("recovery.campaign_changed")
class CampaignChanged(Event, frozen=True, kw_only=True):
    """A campaign has another start, deadline or ladder: its reminders are planned anew."""


@event("recovery.campaign_completed")
class CampaignCompleted(Event, frozen=True, kw_only=True):
    """Nothing is waited for any more."""
