"""A postal code that is none of its country is taken, since contracts do; somebody is told before the box leaves."""

import msgspec
import pytest
from tests.domain.recovery.desk import HOME, Desk

from backhaul.domain.directory import PostalAddress
from backhaul.domain.recovery import Outcome, Shipping, person
from backhaul.domain.recovery.person import Pages
from backhaul.domain.shipping.model import Tracking

NOWHERE = msgspec.structs.replace(HOME, postal_code="ABC")
PAGES = Pages(person_page="https://maas.example/return/")


@pytest.fixture
async def desk(tower):
    return await Desk(tower.world).furnished()


async def sent_nowhere(desk, **values):
    case = await desk.add(address=NOWHERE, **values)
    await desk.world.settle()
    return case


async def linked_to(desk, case):
    page = await person.make_link(desk.db, actor=desk.actor, case=case.code, pages=PAGES, now=desk.now)
    return await person.follow(desk.db, token=page.removeprefix(PAGES.person_page), now=desk.now)


async def correct(desk, case, *, address=HOME, is_certain=False):
    return await person.correct_address_for(
        desk.db, actor=desk.actor, case=case.code, address=address, is_certain=is_certain, now=desk.now
    )


async def test_it_is_raised_once_before_the_box_leaves_and_closes_when_the_address_is_corrected(tower, desk):
    case = await sent_nowhere(desk)
    await desk.add()
    await desk.world.settle()
    await tower.look()
    await tower.look()
    found = await tower.only()
    assert (found.kind.value, found.suggested_action.value) == ("address_exception", "correct_address")
    assert (found.case_id, found.leg.value, found.owner_email) == (case.id, "box", desk.actor.user_email)
    await correct(desk, case)
    await desk.world.settle()
    await tower.look()
    assert await tower.ending(found) == (tower.now, "gone")
    assert await tower.open() == []


@pytest.mark.parametrize("is_person", [True, False])
async def test_whoever_says_that_it_is_right_as_it_is_ends_the_doubt(tower, desk, is_person):
    case = await sent_nowhere(desk)
    await tower.look()
    assert len(await tower.open()) == 1
    if is_person:
        linked = await linked_to(desk, case)
        await person.correct_address(desk.db, linked=linked, address=NOWHERE, is_certain=True, now=desk.now)
    else:
        await correct(desk, case, address=NOWHERE, is_certain=True)
    await tower.look()
    assert await tower.open() == []
    (transfer,) = await desk.transfers(case)
    assert transfer.employee_address.postal_code == "ABC"
    before = await desk.traces()
    await correct(desk, case, address=NOWHERE, is_certain=True)
    assert await desk.traces() == before


async def test_it_stands_while_the_box_travels_and_ends_with_its_delivery(tower, desk):
    case = await sent_nowhere(desk)
    (transfer,) = await desk.transfers(case)
    await desk.world.report(await desk.world.box(transfer), Tracking.IN_TRANSIT)
    await desk.world.settle()
    await tower.look()
    assert await tower.kinds() == [("address_exception", "correct_address")]
    linked = await linked_to(desk, case)  # the very address can be called right when the box has left, too
    await person.correct_address(desk.db, linked=linked, address=NOWHERE, is_certain=True, now=desk.now)
    await tower.look()
    assert await tower.open() == []


async def test_nothing_is_told_of_a_label_of_a_case_that_ended_and_of_a_country_without_rules(tower, desk):
    await sent_nowhere(desk, shipping=Shipping.LABEL, callback_url="https://maas.example/label")
    ended = await sent_nowhere(desk)
    await tower.look()
    (found,) = await tower.open()
    await desk.end(ended, Outcome.KEPT)
    await desk.world.settle()
    await tower.look()
    assert await tower.ending(found) == (tower.now, "ended")
    island = PostalAddress(line_1="1 Quay", city="Nuuk", postal_code="ABC", country_code="AQ")
    case = await desk.add(address=island)
    assert not case.is_address_doubtful
