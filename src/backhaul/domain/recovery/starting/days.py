"""On which day a campaign begins, by the clock of where its things are returned to. Pure."""

from datetime import date, datetime, time

from backhaul.domain.ladders import Place, place_of
from backhaul.domain.ladders.calendar import day_where, instant
from backhaul.domain.recovery.model import Campaign, ReturnAddress


def office_of(campaign: Campaign) -> Place:
    """Return where the organization is, for its own people: where things are returned to."""
    return office_at(campaign.return_addresses[0])


def office_at(place: ReturnAddress) -> Place:
    """Return whose clock counts where things are returned to."""
    return place_of(place.address.country_code, place.address.state_code)


def today_of(campaign: Campaign, now: datetime) -> date:
    """Return the calendar day it is for a campaign."""
    return day_where(now, office_of(campaign))


def is_waiting(campaign: Campaign, now: datetime) -> bool:
    """Return whether the day on which a campaign starts is still to come."""
    return campaign.starts_on > today_of(campaign, now)


def begins_at(campaign: Campaign, now: datetime) -> datetime | None:
    """Return when whoever is added now is asked, the first instant of the campaign's day; None: at once."""
    return first_instant(campaign) if is_waiting(campaign, now) else None


def first_instant(campaign: Campaign) -> datetime:
    """Return when a campaign's start day begins (UTC)."""
    return instant(campaign.starts_on, time(), office_of(campaign).zone)
