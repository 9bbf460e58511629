"""Who a step is written to, and by whose clock. Pure."""

from backhaul.domain.ladders import Audience, Channel, Place, place_of
from backhaul.domain.recovery.model import Case
from backhaul.domain.recovery.reminding.model import Facts, Reader, Skip
from backhaul.domain.recovery.starting.days import office_of


def reader_of(case: Case, facts: Facts, audience: Audience, channel: Channel) -> Reader | Skip:
    """Return who to write to, or why there is nobody."""
    if audience is Audience.EMPLOYEE:
        own = case.phone if channel is Channel.TEXT else case.email
        return Reader(address=own, name=f"{case.first_name} {case.last_name}")
    if audience is Audience.MANAGER:
        manager = facts.manager
        address = None if manager is None else manager.phone if channel is Channel.TEXT else manager.email
        if manager is None or address is None:
            return Skip.NO_MANAGER
        return Reader(address=address, name=manager.name)
    if audience is Audience.IT:
        campaign = facts.campaign
        known = facts.ladder.it_email or campaign.helpdesk_email or campaign.owner_email
        return Reader(address=known, name=None)
    if facts.ladder.hr_email is None:
        return Skip.NO_HR
    return Reader(address=facts.ladder.hr_email, name=None)


def place_where(case: Case, facts: Facts, audience: Audience) -> Place:
    """Return whose clock and week count: the reader's own; of IT and HR, those of where things are returned to."""
    if audience is Audience.EMPLOYEE:
        return place_of(case.country_code, case.state)
    if audience is Audience.MANAGER and facts.manager is not None:
        return place_of(facts.manager.country_code, facts.manager.state)
    return office_of(facts.campaign)


def region_of(case: Case, facts: Facts, audience: Audience) -> str:
    """Return the country in which a reader's telephone number is read."""
    if audience is Audience.MANAGER and facts.manager is not None:
        return facts.manager.country_code
    return case.country_code
