"""Reading contacts and previews: one statement a question."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from backhaul.domain.identity.model import Actor, Right
from backhaul.domain.ladders import (
    BUILT_IN,
    BUILT_IN_NAME,
    Place,
    Policy,
    find_default_ladder,
    get_ladder,
    place_of,
)
from backhaul.domain.recovery.errors import CampaignUnknown
from backhaul.domain.recovery.model import Campaign, number_of
from backhaul.domain.recovery.queries import get_case
from backhaul.domain.recovery.reminding import statements
from backhaul.domain.recovery.reminding.model import Contact
from backhaul.domain.recovery.reminding.previewing import Assumptions, Group, PlannedContact, preview
from backhaul.domain.recovery.starting.days import office_of, today_of
from backhaul.storage.database import Database
from backhaul.storage.rows import record


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """A ladder's calendar, and what it takes for granted."""

    ladder: str
    policy: Policy
    assumptions: Assumptions
    contacts: tuple[PlannedContact, ...]
    opened_count: int = 0  # people whose own day counts, since they were asked already


async def list_contacts(db: Database, *, actor: Actor, case: str) -> list[Contact]:
    """Return every step that was taken or passed over for a recovery, named by its id or code, in order of time."""
    found = await get_case(db, actor=actor, ref=case)
    scope = actor.scope(Right.RECOVERY_READ)
    async with db.read(scope) as reader:
        rows = await reader.fetch(statements.LIST_CONTACTS, scope.org_id, found.detail.case.id)
    return [record(Contact, row) for row in rows]


async def preview_campaign(
    db: Database,
    *,
    actor: Actor,
    campaign_number: str,
    now: datetime,
    box_after_days: int = 5,
    silent_after_days: int = 10,
    joining: Sequence[Group] = (),
) -> Preview:
    """Return a campaign's calendar for the people in it, or for one in its country while there is nobody.

    Whoever was asked already counts from then, whoever waits or is to come from the start, or today once it is over.
    `joining` are people who are not in it yet.
    """
    scope = actor.scope(Right.RECOVERY_READ)
    parsed = number_of(campaign_number)
    row = None
    if parsed is not None:
        async with db.read(scope) as reader:
            row = await reader.fetchrow(statements.PREVIEW, scope.org_id, parsed[1], parsed[0])
    if row is None:
        raise CampaignUnknown(campaign=campaign_number[:64])
    campaign = msgspec.convert(row["campaign"], Campaign)
    policy = BUILT_IN if row["policy"] is None else msgspec.convert(row["policy"], Policy)
    groups = [*msgspec.convert(row["people"], list[Group]), *joining]
    assumptions = Assumptions(
        starts_on=max(campaign.starts_on, today_of(campaign, now)),
        box_after_days=box_after_days,
        silent_after_days=silent_after_days,
        deadline_on=campaign.deadline_on,
    )
    return _preview(
        row["ladder_name"] or BUILT_IN_NAME,
        policy,
        assumptions,
        groups or [Group(country_code=campaign.country_code, state=None, people=1)],
        office_of(campaign),
    )


async def preview_ladder(
    db: Database,
    *,
    actor: Actor,
    name: str | None,
    assumptions: Assumptions,
    country_code: str,
    people: int = 1,
) -> Preview:
    """Return a ladder's calendar for so many people in one country; without a name, that of the default ladder."""
    if name is None:
        found = await find_default_ladder(db, actor=actor)
    elif name.strip().lower() == BUILT_IN_NAME:
        actor.scope(Right.RECOVERY_READ)
        found = None
    else:
        found = await get_ladder(db, actor=actor, name=name)
    groups = [Group(country_code=country_code, state=None, people=people)]
    ladder_name, policy = (BUILT_IN_NAME, BUILT_IN) if found is None else (found.name, found.policy)
    return _preview(ladder_name, policy, assumptions, groups, place_of(country_code))


def _preview(
    ladder: str, policy: Policy, assumptions: Assumptions, groups: list[Group], office: Place
) -> Preview:
    return Preview(
        ladder=ladder,
        policy=policy,
        assumptions=assumptions,
        contacts=tuple(preview(policy, assumptions, groups, office)),
        opened_count=sum(group.people for group in groups if group.opened_at is not None),
    )
