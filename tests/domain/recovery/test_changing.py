"""A campaign's words, deadline, owner and ladder may change, and a wrong return address; how it packs may not."""

from datetime import UTC, datetime, time, timedelta

import msgspec
import pytest
from tests.making import OFFICE

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


DEPOT = msgspec.structs.replace(OFFICE, line_1="9 New Depot", phone="+1 775 555 0100")


async def test_what_is_ordered_from_now_on_goes_to_the_new_return_address_and_the_rest_stays(desk):
    before = await desk.add()
    await desk.world.settle()
    (place,) = desk.campaign.return_addresses
    after = await change(desk, return_addresses=(msgspec.structs.replace(place, address=DEPOT),))
    assert (after.return_addresses[0].address, after.version) == (DEPOT, 2)
    later = await desk.add()
    await desk.world.settle()
    ((old,), (new,)) = (await desk.transfers(before), await desk.transfers(later))
    assert (old.organization_address, new.organization_address) == (OFFICE, DEPOT)
    assert (await desk.world.device(old)).parcel.destination == OFFICE
    (line,) = [
        line
        for line in await desk.world.changes("recovery_campaign", desk.campaign.id)
        if line["action"] == "changed"
    ]
    assert [side[0]["address"]["line_1"] for side in line["change"]["return_addresses"]] == [
        OFFICE.line_1,
        "9 New Depot",
    ]


@pytest.mark.parametrize(
    "places",
    [
        lambda _place: (),
        lambda place: (place, place),
        lambda place: (msgspec.structs.replace(place, packages=place.packages * 2),),
        lambda place: (
            msgspec.structs.replace(
                place, address=msgspec.structs.replace(OFFICE, state_code=None, country_code="DE")
            ),
        ),
        lambda place: (msgspec.structs.replace(place, phone="call me"),),
    ],
)
async def test_return_addresses_that_would_have_packed_otherwise_are_refused(desk, places):
    (place,) = desk.campaign.return_addresses
    async with desk.refuses(InvalidInput):
        await change(desk, return_addresses=places(place))


async def test_whoever_waits_is_asked_by_the_clock_of_the_new_return_address(desk):
    starts_on = desk.now.date() + timedelta(days=30)
    desk.campaign = await desk.create(starts_on=starts_on)
    case = await desk.add(campaign=desk.campaign)
    (place,) = desk.campaign.return_addresses
    far = msgspec.structs.replace(OFFICE, city="Honolulu", state_code="HI", postal_code="96813")
    await change(desk, return_addresses=(msgspec.structs.replace(place, address=far),))
    moved = (await desk.look(case)).case.begins_at
    assert moved == datetime.combine(starts_on, time(10), UTC)  # midnight in Hawaii
    assert moved != case.begins_at


async def test_a_campaign_that_has_begun_does_not_wait_anew_where_it_is_still_the_day_before(desk):
    """On the evening of its first day it starts a day earlier, where the clock is a day behind."""
    place = desk.campaign.return_addresses[0]
    east = msgspec.structs.replace(
        place, address=msgspec.structs.replace(OFFICE, city="Bangor", state_code="ME", postal_code="04401")
    )
    desk.world.clock.advance(datetime(2026, 5, 11, 5, tzinfo=UTC) - desk.now)  # one at night there
    starts_on = desk.now.date()
    desk.campaign = await desk.create(starts_on=starts_on, return_addresses=(east,))
    asked = await desk.add(campaign=desk.campaign)
    assert not asked.is_waiting
    due = starts_on + timedelta(days=9)
    far = msgspec.structs.replace(OFFICE, city="Honolulu", state_code="HI", postal_code="96813")
    moved = (msgspec.structs.replace(east, address=far),)
    after = await change(desk, return_addresses=moved, deadline_on=due)
    assert (after.starts_on, after.deadline_on) == (starts_on - timedelta(days=1), due)
    found = await get_campaign(desk.db, actor=desk.actor, number=desk.campaign.public_number)
    assert found.campaign == after
    assert not (await desk.add(campaign=desk.campaign)).is_waiting
    (line,) = [
        one
        for one in await desk.world.changes("recovery_campaign", desk.campaign.id)
        if one["action"] == "changed"
    ]
    assert line["change"]["starts_on"] == [starts_on.isoformat(), after.starts_on.isoformat()]
    back = await change(desk, version=2, return_addresses=(east,), deadline_on=due)
    assert back.starts_on == after.starts_on
