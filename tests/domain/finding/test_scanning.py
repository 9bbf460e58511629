"""What a scanned code means: exactly that first, then what begins so, never anything of somebody else's."""

import msgspec
import pytest
from tests.domain.inventory.stock import Stock, number
from tests.making import OFFICE, STREET, Make

from backhaul.domain.finding import HitKind, get_asset_dossier, get_person_dossier, scan
from backhaul.domain.holds import place_hold
from backhaul.domain.holds.model import NewSubject, SubjectKind
from backhaul.domain.identity import operator_actor, set_default_address
from backhaul.domain.identity.errors import RightMissing
from backhaul.domain.identity.model import Right
from backhaul.domain.identity.queries import get_organization
from backhaul.domain.recovery import NewCampaign, NewCase, NewItem, Shipping, add_case, create_campaign
from backhaul.storage.database import Scope


@pytest.fixture
async def stock(opened, sweep, clock):
    await sweep()
    make = Make(opened, clock)
    return Stock(opened, clock, make, actor=await make.organization())


async def found(stock, code, actor=None):
    hits = await scan(stock.db, actor=actor or stock.actor, code=code)
    return [(hit.kind, hit.key, hit.is_exact) for hit in hits]


async def case_for(stock, email, asset):
    async with stock.db.read(stock.scope) as reader:
        organization = await get_organization(reader, Scope(stock.actor.org_id))
    operator = operator_actor(organization)
    await set_default_address(stock.db, actor=operator, address=OFFICE, now=stock.now)
    campaign = await create_campaign(
        stock.db, actor=stock.actor, new=NewCampaign(name="Laptops"), now=stock.now
    )
    new = NewCase(
        email=email,
        first_name="Ada",
        last_name="Lovelace",
        phone="4125550198",
        address=STREET,
        shipping=Shipping.ASK,
        items=(NewItem(name="Laptop", serial_number=asset.serial_number),),
    )
    case = await add_case(
        stock.db, actor=stock.actor, campaign_number=campaign.public_number, new=new, now=stock.now
    )
    return campaign, case


async def test_every_number_of_a_thing_leads_to_it_alone(stock):
    ada = await stock.employee(first_name="Ada", last_name="Lovelace")
    asset = await stock.add(
        serial_number="C02 XL0", tag="IT-7", imei="356938035643809", imei2="356938035643810",
        status_name="In Use", assign_to_email=ada.email,
    )  # fmt: skip
    campaign, case = await case_for(stock, ada.email, asset)
    transfer = await stock.make.transfer(stock.actor)
    only = [(HitKind.ASSET, str(asset.number), True)]
    for code in ("c02xl0", " C02 XL0 ", "it-7", "356938035643809", "356938035643810", number(asset)):
        assert await found(stock, code) == only, code
    assert await found(stock, ada.email.upper()) == [(HitKind.PERSON, str(ada.number), True)]
    assert await found(stock, str(transfer.id)) == [(HitKind.TRANSFER, str(transfer.id), True)]
    for code in (case.code, case.code.lower(), case.public_number):
        assert await found(stock, code) == [(HitKind.CASE, case.public_number, True)], code
    assert await found(stock, campaign.public_number) == [(HitKind.CAMPAIGN, campaign.public_number, True)]


async def test_what_is_nothing_exactly_is_looked_for_by_its_beginning_or_a_name(stock):
    ada = await stock.employee(first_name="Ada", last_name="Lovelace")
    asset = await stock.add(serial_number="C02XL0")
    await stock.add(serial_number="OTHER")
    assert await found(stock, "c02") == [(HitKind.ASSET, str(asset.number), False)]
    assert await found(stock, "lovel") == [(HitKind.PERSON, str(ada.number), False)]
    assert await found(stock, "nothing at all") == []
    assert await found(stock, "  ") == []
    assert await found(stock, "9" * 400) == []
    assert await found(stock, "\x00\ud800") == []


async def test_a_code_that_means_several_things_names_them_all(stock):
    one = await stock.add(serial_number="TWICE")
    other = await stock.add(serial_number="SN", tag="twice")
    assert sorted(await found(stock, "twice")) == sorted(
        [(HitKind.ASSET, str(one.number), True), (HitKind.ASSET, str(other.number), True)]
    )


async def test_only_kinds_that_the_caller_may_see_are_found_and_nothing_of_another_organization(stock):
    ada = await stock.employee(first_name="Ada", last_name="Lovelace")
    await stock.add(serial_number="MINE")
    elsewhere = await stock.elsewhere()
    assert await found(elsewhere, "MINE") == []
    assert await found(elsewhere, ada.email) == []
    reader = msgspec.structs.replace(stock.actor, rights=frozenset({Right.DIRECTORY_READ}))
    assert await found(stock, "MINE", reader) == []
    assert await found(stock, ada.email, reader) == [(HitKind.PERSON, str(ada.number), True)]
    nobody = msgspec.structs.replace(stock.actor, rights=frozenset())
    with pytest.raises(RightMissing):
        await found(stock, "MINE", nobody)


async def test_the_dossiers_tell_what_others_know_and_only_to_who_may_see_it(stock):
    ada = await stock.employee(first_name="Ada", last_name="Lovelace")
    asset = await stock.add(status_name="In Use", assign_to_email=ada.email)
    campaign, case = await case_for(stock, ada.email, asset)
    hold = await place_hold(
        stock.db,
        actor=stock.actor,
        summary="Case 7",
        description="Asked for by a court.",
        subjects=[NewSubject(kind=SubjectKind.EMPLOYEE, name=ada.email)],
        now=stock.now,
    )
    of_asset = await get_asset_dossier(stock.db, actor=stock.actor, asset_id=asset.id)
    assert [(one.public_number, one.campaign_name, one.outcome) for one in of_asset.owed] == [
        (case.public_number, campaign.name, None)
    ]
    assert [one.number for one in of_asset.holds] == [hold.number]
    of_person = await get_person_dossier(stock.db, actor=stock.actor, employee_id=ada.id)
    assert [(one.asset_number, one.item_name) for one in of_person.owed] == [(asset.number, "Laptop")]
    assert [one.number for one in of_person.holds] == [hold.number]
    assert [(one.serial_number, one.is_to) for one in of_person.hand_overs] == [(asset.serial_number, True)]
    assert [one.action for one in of_person.changes] == ["held", "added"]
    rights = frozenset({Right.INVENTORY_READ, Right.DIRECTORY_READ})
    reader = msgspec.structs.replace(stock.actor, rights=rights)
    narrow = await get_asset_dossier(stock.db, actor=reader, asset_id=asset.id)
    assert (narrow.owed, narrow.holds, narrow.transfers) == ((), (), ())
    narrow = await get_person_dossier(stock.db, actor=reader, employee_id=ada.id)
    assert (narrow.owed, narrow.holds, len(narrow.hand_overs)) == ((), (), 1)
