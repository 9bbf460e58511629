"""Looking at a list of people before anybody is added: one statement."""

from collections.abc import Sequence

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.recovery.errors import CampaignMoveRefused, CampaignUnknown
from backhaul.domain.recovery.model import CampaignStatus, number_of
from backhaul.domain.recovery.rosters import statements
from backhaul.domain.recovery.rosters.model import Entry, Known, Review, Terms
from backhaul.domain.recovery.rosters.reviewing import review
from backhaul.storage.database import Database
from backhaul.storage.rows import record

MAX_SHOWN = 64


async def review_roster(
    db: Database, *, actor: Actor, campaign_number: str, entries: Sequence[Entry], terms: Terms
) -> Review:
    """Return who of a list would be added to an active campaign, and every reason why others would not."""
    actor.require_all({Right.RECOVERY_WRITE, Right.DIRECTORY_READ, Right.INVENTORY_READ})
    scope = actor.scope(Right.RECOVERY_WRITE)
    parsed = number_of(campaign_number)
    if parsed is None:
        raise CampaignUnknown(campaign=campaign_number[:MAX_SHOWN])
    emails = [entry.email for entry in entries]
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LOOK_UP, scope.org_id, parsed[1], parsed[0], emails)
    if not rows:
        raise CampaignUnknown(campaign=campaign_number)
    if rows[0]["status"] != CampaignStatus.ACTIVE.value:
        raise CampaignMoveRefused(status=rows[0]["status"], action="take anybody in any more")
    known = {row["email_key"]: record(Known, row) for row in rows if row["email_key"] is not None}
    may_hold = Right.HOLDS_WRITE in actor.rights
    people = tuple(
        review(entry, known.get(entry.email.strip().lower()), terms, may_hold=may_hold) for entry in entries
    )
    return Review(people=people)
