"""Make a campaign: what is not said follows from the organization and the day."""

from datetime import datetime

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.ladders.calendar import day_where
from backhaul.domain.recovery import tables
from backhaul.domain.recovery.errors import ReturnAddressMissing
from backhaul.domain.recovery.model import Campaign, CampaignId, CampaignStatus, NewCampaign, ReturnAddress
from backhaul.domain.recovery.spelling import clean_campaign, require_order
from backhaul.domain.recovery.starting.days import office_at
from backhaul.domain.recovery.tables import Surroundings
from backhaul.kernel.ids import new_id
from backhaul.storage import history
from backhaul.storage.database import Database


async def create_campaign(db: Database, *, actor: Actor, new: NewCampaign, now: datetime) -> Campaign:
    """Make a campaign that people can be added to.

    It starts on its day by the clock of where its things are returned to; without one, on the day it is there now.
    Without a return address things go to the organization's default one, in laptop boxes; refused without either.
    """
    scope = actor.scope(Right.RECOVERY_WRITE)
    clean = clean_campaign(new)
    async with db.transaction(scope) as tx:
        around = await tables.look_around(tx, actor, clean.owner_email, clean.ladder)
        places = clean.return_addresses or _default(around)
        campaign = Campaign(
            id=CampaignId(new_id()),
            org_id=scope.org_id,
            number=around.number,
            name=clean.name,
            description=clean.description,
            status=CampaignStatus.ACTIVE,
            country_code=clean.country_code or places[0].address.country_code,
            starts_on=clean.starts_on or day_where(now, office_at(places[0])),
            deadline_on=clean.deadline_on,
            helpdesk_email=clean.helpdesk_email,
            owner_id=around.owner_id,
            owner_email=around.owner_email,
            return_addresses=places,
            ladder_id=around.ladder_id,
            case_count=0,
            item_count=0,
            created_at=now,
            updated_at=now,
            version=1,
        )
        require_order(campaign.starts_on, campaign.deadline_on)
        tables.make(tx, campaign)
        subject = ("recovery_campaign", campaign.id)
        history.note(tx, actor.author, subject=subject, action="created", at=now, after=campaign)
        with tables.taken_names_refused(name=campaign.name):
            await tx.write_facts()
    return campaign


def _default(around: Surroundings) -> tuple[ReturnAddress, ...]:
    if around.default_address is None:
        raise ReturnAddressMissing
    return (ReturnAddress(address=around.default_address),)
