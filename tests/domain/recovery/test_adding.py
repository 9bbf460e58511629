"""Adding people to a campaign."""

import pytest
from tests.making import OFFICE

from backhaul.domain import recovery
from backhaul.domain.recovery import NewItem, Shipping
from backhaul.domain.recovery.errors import CampaignUnknown, PersonThereAlready
from backhaul.domain.recovery.model import LAPTOP_BOX
from backhaul.domain.recovery.status import Shown
from backhaul.kernel.errors import InvalidInput


async def test_a_campaign_with_a_name_only_follows_the_organization(desk):
    campaign = desk.campaign
    assert (campaign.country_code, campaign.starts_on) == ("US", desk.now.date())
    (place,) = campaign.return_addresses
    assert (place.address, place.packages) == (OFFICE, (LAPTOP_BOX,))
    assert (campaign.owner_id, campaign.owner_email) == (desk.actor.user_id, desk.actor.user_email)
    seconds = str(int(desk.now.timestamp()))
    assert campaign.public_number.startswith(seconds)
    assert len(campaign.public_number) == 14


async def test_a_person_with_a_kit_gets_a_transfer_with_a_box(desk):
    case = await desk.add("MacBook Pro 16")
    assert len(case.public_number) == 15
    assert (await desk.look(case)).status is Shown.ORDER_RECEIVED
    assert (await desk.look(case)).parcels == ()
    await desk.world.settle()
    (transfer,) = await desk.transfers(case)
    assert (transfer.is_box_waived, transfer.is_muted) == (False, True)
    assert (transfer.device_type, transfer.device_model) == ("Laptop", "MacBook Pro 16")
    assert transfer.ticket_reference == case.code
    assert transfer.organization_address == OFFICE
    (parcel,) = (await desk.look(case)).parcels
    assert parcel.box.tracking_number
    assert parcel.back.tracking_number


async def test_counters_follow(desk):
    await desk.add("Laptop", "Phone")
    await desk.add("Laptop")
    found = await recovery.get_campaign(desk.db, actor=desk.actor, number=desk.campaign.public_number)
    assert (found.campaign.case_count, found.campaign.item_count) == (2, 3)
    assert [len(case.items) for case in found.cases] == [1, 2]


async def test_who_is_there_is_refused_in_any_letter_case(desk):
    case = await desk.add()
    async with desk.refuses(PersonThereAlready):
        await desk.add(email=case.email.upper())
    other = await desk.create()
    await desk.add(campaign=other, email=case.email)


async def test_many_are_added_or_none(desk):
    there = await desk.add()
    many = [desk.person("Laptop"), desk.person("Laptop", email=there.email), desk.person("Phone")]
    number = desk.campaign.public_number

    async def add(list_):
        return await recovery.add_cases(
            desk.db, actor=desk.actor, campaign_number=number, many=list_, now=desk.now
        )

    async with desk.refuses(PersonThereAlready):
        await add(many)
    async with desk.refuses(InvalidInput) as refused:
        await add([many[0], many[0]])
    assert [problem.path for problem in refused.value.problems] == ["[1].email"]
    cases = await add([many[0], many[2]])
    assert [case.email for case in cases] == [many[0].email, many[2].email]
    found = await recovery.get_campaign(desk.db, actor=desk.actor, number=number)
    assert (found.campaign.case_count, found.campaign.item_count) == (3, 3)


@pytest.mark.parametrize("number", ["", "1", "abc", "17458430682853", "9" * 40, "1777896000\x00"])
async def test_an_unknown_campaign_is_refused(desk, number):
    with pytest.raises(CampaignUnknown):
        await recovery.get_campaign(desk.db, actor=desk.actor, number=number)
    async with desk.refuses(CampaignUnknown):
        await recovery.add_case(
            desk.db, actor=desk.actor, campaign_number=number, new=desk.person(), now=desk.now
        )


async def test_a_number_with_another_second_names_nothing(desk):
    number = str(int(desk.campaign.public_number[:10]) + 1) + desk.campaign.public_number[10:]
    with pytest.raises(CampaignUnknown):
        await recovery.get_campaign(desk.db, actor=desk.actor, number=number)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"items": ()}, "items"),
        ({"items": (NewItem(name="Laptop"),) * 6}, "items"),
        ({"items": (NewItem(name=" "),)}, "items[0].name"),
        ({"phone": "call me"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"shipping": Shipping.LABEL}, "callback_url"),
        ({"callback_url": "http://127.0.0.1/", "shipping": Shipping.LABEL}, "callback_url"),
        ({"callback_url": "ftp://example.com/"}, "callback_url"),
        ({"reason": recovery.Reason.OTHER}, "reason_note"),
    ],
)
async def test_what_cannot_be_is_refused_by_name(desk, changes, path):
    async with desk.refuses(InvalidInput) as refused:
        await desk.add(**changes)
    assert [problem.path for problem in refused.value.problems] == [path]


async def test_items_are_linked_to_the_one_asset_they_name(desk):
    make, actor = desk.world.make, desk.actor
    by_serial = (await make.asset(actor, serial_number="C02 XL1")).asset
    by_tag = (await make.asset(actor, tag="IT-1")).asset
    by_imei = (await make.asset(actor, imei2="356938035643809")).asset
    for _ in range(2):
        await make.asset(actor, tag="TWIN")
    stranger = await make.organization()
    await make.asset(stranger, serial_number="THEIRS")
    case = await desk.add(
        NewItem(name="a", serial_number="c02xl1", tag="", imei=""),
        NewItem(name="b", tag=" it-1"),
        NewItem(name="c", imei="356938035643809"),
        NewItem(name="d", tag="TWIN"),
        NewItem(name="e", serial_number="THEIRS"),
    )
    detail = await desk.look(case)
    assert [item.asset_id for item in detail.items] == [by_serial.id, by_tag.id, by_imei.id, None, None]
    contradicting = await desk.add(NewItem(name="f", serial_number="C02XL1", tag="IT-1"))
    assert (await desk.look(contradicting)).items[0].asset_id is None
