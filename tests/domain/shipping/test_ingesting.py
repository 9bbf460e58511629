"""What carriers report, however often and in whatever order, leaves one and the same parcel behind."""

import asyncio
from datetime import timedelta, timezone

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.domain.shipping.parcels import hours, labelled, reload, scan, take

from backhaul.domain.shipping import lifecycle
from backhaul.domain.shipping.model import Fault, Tracking
from backhaul.domain.shipping.operations import cancel_shipment
from backhaul.domain.shipping.tables import fingerprint
from backhaul.storage import history

T = Tracking


async def moves(world, shipment):
    """The ParcelMoved events of a parcel: [(before, after)], and when each happened."""
    async with world.db.read(world.scope) as reader:
        rows = await reader.fetch(
            "SELECT payload FROM outbox WHERE org_id = $1 AND type = 'shipping.parcel_moved' "
            "AND payload ->> 'shipment_id' = $2 ORDER BY id",
            world.scope.org_id,
            str(shipment.id),
        )
    return [row["payload"] for row in rows]


def standing_of(shipment):
    return shipment.status, shipment.fault, shipment.shipped_at, shipment.delivered_at


SCANS = st.tuples(st.sampled_from(T), st.integers(0, 6), st.sampled_from([None, Fault.LOST, Fault.REFUSED]))

# Scans that carriers report of the same instant have no order of their own: once, the one taken in last won.
AT_ONE_INSTANT = [(T.FAILURE, 0, None), (T.IN_TRANSIT, 0, None)]


def arriving_in_any_order(facts):
    """These scans, and the places in which they arrive: each at least once, some again."""
    again = st.lists(st.sampled_from(range(len(facts))), max_size=3)
    orders = again.flatmap(lambda repeated: st.permutations([*range(len(facts)), *repeated]))
    return st.tuples(st.just(facts), orders)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(told=st.lists(SCANS, min_size=1, max_size=6).flatmap(arriving_in_any_order))
@example(told=(AT_ONE_INSTANT, [0, 1]))
@example(told=(AT_ONE_INSTANT, [1, 0]))
async def test_any_order_of_arrival_ends_in_the_same_parcel(world, told):
    facts, order = told
    scans = [scan(status, world.now + hours(hour), fault=fault) for status, hour, fault in facts]
    arriving = [scans[place] for place in order]
    in_order, out_of_order = await labelled(world, "N1"), await labelled(world, "N2")
    at_once = await take(world, in_order, *sorted(scans, key=lambda one: one.at))

    seen, statuses = set(), [T.PRE_TRANSIT]
    for one in arriving:
        is_known = fingerprint(one) in seen
        before = await reload(world, out_of_order)
        after = await take(world, out_of_order, one)
        seen.add(fingerprint(one))
        assert after.version == before.version + (not is_known)
        if after.status is not statuses[-1]:
            statuses.append(after.status)

    assert standing_of(await reload(world, out_of_order)) == standing_of(at_once)
    assert standing_of(at_once) == standing_of_scans(scans)
    told = await moves(world, out_of_order)
    changes = [move for move in told if move["before"] != move["after"]]
    assert [T.PRE_TRANSIT, *(move["after"] for move in changes)] == statuses
    assert [move["before"] for move in changes] == statuses[:-1]
    assert len(told) - len(changes) <= 1  # a late scan shows that it was handed over, and changes no status
    assert await world.history(out_of_order) == ["opened", "label_bought", *["tracked"] * len(seen)]


def standing_of_scans(scans):
    whole = lifecycle.standing(scans)
    return whole.status, whole.fault, whole.shipped_at, whole.delivered_at


async def test_known_scans_change_nothing_but_the_next_look(world):
    parcel = await labelled(world, "N1")
    journey = [scan(T.PRE_TRANSIT, world.now), scan(T.IN_TRANSIT, world.now + hours(1))]
    first = await take(world, parcel, *journey)
    before = await world.traces()
    again = await take(world, parcel, *journey)
    after = await world.traces()
    assert again == first
    for name in before:
        assert name == "shipments" or after[name] == before[name], name
    assert (await reload(world, parcel)).looks == first.looks + 1


async def test_an_empty_answer_changes_nothing_but_the_next_look(world):
    parcel = await labelled(world, "N1")
    for looks in (1, 2, 3):
        await take(world, parcel)
        kept = await reload(world, parcel)
        assert (kept.version, kept.looks, kept.next_look_at) == (2, looks, world.now + hours(2 * 2**looks))


async def test_equal_reports_at_the_same_time_are_taken_in_once(world):
    parcel = await labelled(world, "N1")
    one = scan(T.IN_TRANSIT, world.now)
    await asyncio.gather(*(take(world, parcel, one) for _ in range(5)))
    assert len(await moves(world, parcel)) == 1
    assert (await reload(world, parcel)).version == 3


async def test_scans_repeated_inside_one_answer_count_once(world):
    parcel = await labelled(world, "N1")
    one = scan(T.IN_TRANSIT, world.now)
    await take(world, parcel, one, one, one)
    assert len(await world.scans(parcel)) == 1


async def test_one_instant_told_in_another_time_zone_is_the_same_scan(world):
    parcel = await labelled(world, "N1")
    await take(world, parcel, scan(T.IN_TRANSIT, world.now))
    reno = timezone(timedelta(hours=-7))
    after = await take(world, parcel, scan(T.IN_TRANSIT, world.now.astimezone(reno)))
    assert after.version == 3
    assert len(await world.scans(parcel)) == 1


async def test_several_steps_in_one_answer_are_one_move(world):
    parcel = await labelled(world, "N1")
    at = world.now
    await take(
        world,
        parcel,
        scan(T.PRE_TRANSIT, at),
        scan(T.IN_TRANSIT, at + hours(1)),
        scan(T.OUT_FOR_DELIVERY, at + hours(2)),
        scan(T.DELIVERED, at + hours(3)),
    )
    (move,) = await moves(world, parcel)
    assert (move["before"], move["after"]) == ("pre_transit", "delivered")
    kept = await reload(world, parcel)
    assert (kept.shipped_at, kept.delivered_at) == (at + hours(1), at + hours(3))


async def test_a_move_is_dated_by_the_scan_that_brought_it(world):
    parcel = await labelled(world, "N1")
    first = world.now
    journey = [
        (T.IN_TRANSIT, 1),
        (T.OUT_FOR_DELIVERY, 20),
        (T.IN_TRANSIT, 26),
        (T.AVAILABLE_FOR_PICKUP, 30),
        (T.RETURN_TO_SENDER, 90),
    ]
    world.clock.advance(hours(100))  # we hear of all of it late
    for status, hour in journey:
        await take(world, parcel, scan(status, first + hours(hour)))
    from datetime import datetime

    told = [datetime.fromisoformat(move["moved_at"]) for move in await moves(world, parcel)]
    assert told == [first + hours(hour) for _, hour in journey]


async def test_a_late_scan_that_changes_the_story_is_told(world):
    parcel = await labelled(world, "N1")
    at = world.now
    await take(world, parcel, scan(T.IN_TRANSIT, at), scan(T.DELIVERED, at + hours(9)))
    after = await take(world, parcel, scan(T.RETURN_TO_SENDER, at + hours(5), fault=Fault.REFUSED))
    assert (after.status, after.fault, after.delivered_at) == (T.RETURN_TO_SENDER, Fault.REFUSED, None)
    assert [move["after"] for move in await moves(world, parcel)] == ["delivered", "return_to_sender"]


async def test_a_code_nobody_knows_is_kept_and_changes_no_status(world):
    parcel = await labelled(world, "N1")
    at = world.now
    await take(world, parcel, scan(T.IN_TRANSIT, at))
    after = await take(world, parcel, scan(T.UNKNOWN, at + hours(1), place="Customs, somewhere"))
    assert after.status is T.IN_TRANSIT
    assert [kept.place for kept in await world.scans(parcel)] == [None, "Customs, somewhere"]
    assert len(await moves(world, parcel)) == 1


async def test_the_fault_is_told_with_the_move_and_outlives_the_way_back(world):
    parcel = await labelled(world, "N1")
    at = world.now
    await take(world, parcel, scan(T.IN_TRANSIT, at))
    await take(world, parcel, scan(T.RETURN_TO_SENDER, at + hours(1), fault=Fault.BAD_ADDRESS))
    after = await take(
        world, parcel, scan(T.RETURN_TO_SENDER, at + hours(2)), scan(T.IN_TRANSIT, at + hours(3))
    )
    assert (after.status, after.fault) == (T.RETURN_TO_SENDER, Fault.BAD_ADDRESS)
    assert [move["fault"] for move in await moves(world, parcel)] == [None, "bad_address"]


async def test_a_voided_label_stays_cancelled_until_somebody_uses_it(world):
    parcel = await labelled(world, "N1")
    async with world.db.transaction(world.scope) as tx:
        await cancel_shipment(tx, author=history.SYSTEM, shipment=parcel, at=world.now)
    after = await take(world, parcel, scan(T.PRE_TRANSIT, world.now), scan(T.UNKNOWN, world.now))
    assert (after.status, after.next_look_at, await moves(world, parcel)) == (T.CANCELLED, None, [])
    after = await take(world, parcel, scan(T.IN_TRANSIT, world.now + hours(2)))
    assert after.status is T.IN_TRANSIT
    assert [(move["before"], move["after"]) for move in await moves(world, parcel)] == [
        ("cancelled", "in_transit")
    ]


async def test_a_parcel_given_up_for_lost_is_watched_until_it_turns_up(world):
    parcel = await labelled(world, "N1")
    after = await take(world, parcel, scan(T.FAILURE, world.now, fault=Fault.LOST))
    assert after.next_look_at == world.now + hours(24)
    after = await take(world, parcel, scan(T.IN_TRANSIT, world.now + hours(2)), hint=world.now + hours(5))
    assert after.next_look_at == world.now + hours(5)


@pytest.mark.parametrize(
    ("status", "looks", "minutes"),
    [
        (T.OUT_FOR_DELIVERY, 0, 15),
        (T.OUT_FOR_DELIVERY, 1, 30),
        (T.IN_TRANSIT, 0, 60),
        (T.IN_TRANSIT, 3, 480),
        (T.AVAILABLE_FOR_PICKUP, 0, 180),
        (T.PRE_TRANSIT, 0, 120),
        (T.UNKNOWN, 0, 120),
        (T.PRE_TRANSIT, 4, 24 * 60),
        (T.PRE_TRANSIT, 10_000, 24 * 60),
        (T.DELIVERED, 0, None),
        (T.RETURN_TO_SENDER, 0, None),
        (T.FAILURE, 0, 24 * 60),
        (T.FAILURE, 9, 24 * 60),
        (T.CANCELLED, 0, None),
    ],
)
def test_the_closer_to_the_door_the_sooner_the_next_look(clock, status, looks, minutes):
    from backhaul.domain.shipping.operations.tracking import next_look_at

    now = clock.now()
    found = next_look_at(status, looks=looks, now=now, hint=None)
    assert found == (None if minutes is None else now + timedelta(minutes=minutes))
    hinted = next_look_at(status, looks=looks, now=now, hint=now + hours(7))
    assert hinted == (None if minutes is None else now + hours(7))
    overdue = next_look_at(status, looks=looks, now=now, hint=now - hours(7))
    assert overdue == (None if minutes is None else now)
