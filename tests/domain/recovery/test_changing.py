"""A campaign's words, deadline, owner and ladder may change; where its parcels go may not."""

from datetime import timedelta

import pytest

from backhaul.domain.identity import Role, find_organization
from backhaul.domain.ladders import BUILT_IN_NAME, LadderUnknown, create_ladder
from backhaul.domain.ladders.model import BUILT_IN
from backhaul.domain.recovery import CampaignChanges, change_campaign, get_campaign
from backhaul.domain.recovery.errors import (
    CampaignChangedMeanwhile,
    CampaignMoveRefused,
    CampaignNameTaken,
)
from backhaul.domain.recovery.operations import complete_campaign
from backhaul.kernel.errors import InvalidInput


def changes(desk, **more):
    values = {"name": "Laptops 2027", "owner_email": desk.actor.user_email, "ladder": BUILT_IN_NAME}
    return CampaignChanges(**{**values, **more})


async def change(desk, *, version=1, **more):
    return await change_campaign(
        desk.db,
        actor=desk.actor,
        campaign_number=desk.campaign.public_number,
        version=version,
        changes=changes(desk, **more),
        now=desk.now,
    )


async def test_everything_is_written_with_history_and_reminders_are_looked_at_again(desk):
    case = await desk.add()
    await desk.world.settle()
    await create_ladder(desk.db, actor=desk.actor, name="Strict", policy=BUILT_IN, now=desk.now)
    colleague = await desk.world.make.member(
        await find_organization(desk.db, name=str(desk.actor.org_id)), role=Role.MEMBER
    )
    due = desk.now.date() + timedelta(days=20)
    after = await change(
        desk, deadline_on=due, helpdesk_email="help@maas.example", description="All of them.",
        owner_email=colleague.user_email, ladder="strict",
    )  # fmt: skip
    found = await get_campaign(desk.db, actor=desk.actor, number=desk.campaign.public_number)
    assert found.campaign.version == 2
    assert (found.campaign.name, found.campaign.deadline_on) == ("Laptops 2027", due)
    assert (found.campaign.owner_id, found.campaign.ladder_id) == (colleague.user_id, after.ladder_id)
    assert after.ladder_id is not None
    traces = await desk.traces()
    assert sum('"changed"' in row or ",changed," in row for row in traces["history"]) == 1

    async def wakes():
        async with desk.db.read(desk.world.scope) as reader:
            return await reader.fetchval(
                "SELECT wakes FROM recovery_reminders WHERE org_id = $1 AND case_id = $2",
                desk.actor.org_id,
                case.id,
            )

    before = await wakes()
    await desk.world.settle()
    assert await wakes() == before + 1


async def test_changing_nothing_leaves_no_trace(desk):
    before = await desk.traces()
    after = await change(desk, name=desk.campaign.name)
    assert after == desk.campaign
    assert await desk.traces() == before


async def test_an_older_version_is_refused(desk):
    await change(desk)
    async with desk.refuses(CampaignChangedMeanwhile):
        await change(desk, name="Mine")


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"name": " "}, "name"),
        ({"owner_email": "nobody@maas.example"}, "owner_email"),
        ({"helpdesk_email": "nowhere"}, "helpdesk_email"),
    ],
)
async def test_what_cannot_be_is_refused(desk, more, path):
    async with desk.refuses(InvalidInput) as refused:
        await change(desk, **more)
    assert [problem.path for problem in refused.value.problems] == [path]


async def test_a_deadline_before_the_start_a_taken_name_and_an_unknown_ladder_are_refused(desk):
    await desk.create(name="Phones")
    async with desk.refuses(InvalidInput) as refused:
        await change(desk, deadline_on=desk.campaign.starts_on - timedelta(days=1))
    assert [problem.code for problem in refused.value.problems] == ["recovery.deadline_order"]
    async with desk.refuses(CampaignNameTaken):
        await change(desk, name="PHONES")
    async with desk.refuses(LadderUnknown):
        await change(desk, ladder="Strict")


async def test_a_completed_campaign_stays_as_it_is(desk):
    await complete_campaign(
        desk.db, actor=desk.actor, campaign_number=desk.campaign.public_number, now=desk.now
    )
    async with desk.refuses(CampaignMoveRefused):
        await change(desk, version=2)
