"""What is kept of a parcel: for its organization alone, without people on the public page, and nothing senseless."""

import asyncpg
import pytest
from tests.domain.shipping.parcels import hours, labelled, open_parcel, reload, scan, take

from backhaul.domain.shipping.errors import ShipmentUnknown
from backhaul.domain.shipping.model import Leg, Tracking
from backhaul.domain.shipping.queries import find_public_tracking
from backhaul.storage import history

T = Tracking


async def test_another_organizations_parcel_is_not_there(world):
    parcel = await labelled(world, "N1")
    other = await world.elsewhere()
    with pytest.raises(ShipmentUnknown):
        await take(other, parcel, scan(T.IN_TRANSIT, world.now))
    assert await world.scans(parcel) == []


async def test_the_public_page_shows_the_newest_parcel_of_a_number_and_no_people(world):
    assert await find_public_tracking(world.db, tracking_number="N1") is None
    await labelled(world, "N1")
    world.clock.advance(hours(1))
    newer = await labelled(world, "N1")
    await take(world, newer, scan(T.IN_TRANSIT, world.now, place="Reno"))
    shown = await find_public_tracking(world.db, tracking_number="N1")
    assert (shown.status, shown.shipped_at, [one.place for one in shown.events]) == (
        T.IN_TRANSIT,
        world.now,
        ["Reno"],
    )
    import msgspec

    written = msgspec.json.encode(shown).decode()
    assert not [
        word for word in ("Christopher", "Hidden Spring", "Pittsburgh", "home.example") if word in written
    ]


async def test_the_database_refuses_what_makes_no_sense(world, subtests):
    parcel = await labelled(world, "N1")
    for assignment in (
        "status = 'teleported'",
        "fault = 'gremlins'",
        "carrier = 'Pigeon'",
        "tracking_number = NULL",
        "adapter = NULL",
    ):
        with subtests.test(assignment):
            with pytest.raises(asyncpg.CheckViolationError):
                await assign(world, parcel, assignment)
            assert await reload(world, parcel) == parcel


async def assign(world, parcel, assignment):
    statement = f"UPDATE shipments SET {assignment} WHERE org_id = $1 AND id = $2"
    async with world.db.transaction(world.scope) as tx:
        await tx.execute(statement, world.scope.org_id, parcel.id)


async def test_a_subject_has_one_parcel_of_each_leg(world):
    from tests.domain.shipping.parcels import PARCEL

    from backhaul.domain.shipping.operations import NewShipment, open_shipments

    parcel = await open_parcel(world)
    new = NewShipment(leg=Leg.DEVICE, parcel=PARCEL, carrier=None, ready_at=None)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with world.db.transaction(world.scope) as tx:
            await open_shipments(
                tx, author=history.SYSTEM, subject=("errand", parcel.subject_id), parcels=[new], at=world.now
            )
