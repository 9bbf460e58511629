"""One number, one parcel; whose fault a refusal is; and how long a parcel is watched."""

from datetime import timedelta

import msgspec
import pytest
from tests.domain.shipping.parcels import (
    PARCEL,
    ScriptedCarrier,
    hours,
    labelled,
    open_parcel,
    reload,
    scan,
    served_by,
)

from backhaul.adapters.carriers.manual import ManualCarrier
from backhaul.adapters.carriers.simulated import SimulatedCarrier
from backhaul.domain.shipping import jobs
from backhaul.domain.shipping.errors import CarrierRefused, LabelUnknown
from backhaul.domain.shipping.model import BY_HAND, CarrierCode, Fault, LabelFormat, Tracking, TrackResult
from backhaul.domain.shipping.operations import cancel_shipment, ingest, replace_tracking_number
from backhaul.domain.shipping.operations.tracking import WATCH_FOR, next_look_at
from backhaul.domain.shipping.ports import Carriers
from backhaul.domain.shipping.queries import find_public_tracking, get_label
from backhaul.storage import history

T = Tracking


@pytest.fixture
def carrier(world):
    """The carrier that sells labels, beside the one for labels bought elsewhere."""
    scripted = ScriptedCarrier()
    by_hand = ManualCarrier(tracking_page="https://track.example/")
    adapters = {scripted.name: scripted, by_hand.name: by_hand}
    carriers = Carriers(adapters, dict.fromkeys(CarrierCode, scripted.name))
    world.ports = {**world.ports, Carriers: carriers}
    world.run = msgspec.structs.replace(world.run, ports=world.ports)
    return scripted


async def paste(world, parcel, number, url=None):
    return await replace_tracking_number(
        world.db,
        actor=world.actor,
        shipment_id=parcel.id,
        tracking_number=number,
        tracking_url=url,
        now=world.now,
    )


async def take(world, parcel, number, *scans):
    return await ingest(
        world.db,
        scope=world.scope,
        shipment_id=parcel.id,
        tracking_number=number,
        result=TrackResult(events=scans),
        now=world.now,
    )


# A replaced number


async def test_an_answer_about_the_old_number_says_nothing_about_the_new_one(world, carrier):
    parcel = await labelled(world, "A")

    async def answer_late(_carrier, request, *, now):
        await paste(world, parcel, "B")
        assert request.tracking_number == "A"
        return TrackResult(events=(scan(T.DELIVERED, now),))

    carrier.track = answer_late
    await jobs.look_up(world.run, org_id=world.scope.org_id, shipment_id=parcel.id)
    kept = await reload(world, parcel)
    assert (kept.tracking_number, kept.status, kept.delivered_at) == ("B", T.PRE_TRANSIT, None)
    assert await world.scans(parcel) == []


async def test_scans_of_the_old_number_are_shown_and_do_not_count(world, carrier):
    parcel = await labelled(world, "A")
    old = scan(T.OUT_FOR_DELIVERY, world.now + hours(3))
    await take(world, parcel, "A", old)
    world.clock.advance(hours(4))
    anew = await paste(world, parcel, "B")
    assert (anew.status, anew.fault, anew.shipped_at, anew.delivered_at) == (T.PRE_TRANSIT, None, None, None)
    assert (anew.adapter, anew.looks, anew.next_look_at) == (BY_HAND, 0, world.now)

    moved = await take(world, parcel, "B", scan(T.IN_TRANSIT, world.now))
    assert (moved.status, moved.shipped_at) == (T.IN_TRANSIT, world.now)
    assert [one.status for one in await world.scans(parcel)] == [T.OUT_FOR_DELIVERY, T.IN_TRANSIT]
    public = await find_public_tracking(world.db, tracking_number="B")
    assert [one.status for one in public.events] == [T.IN_TRANSIT]


async def test_the_same_words_about_both_numbers_are_two_scans(world, carrier):
    parcel = await labelled(world, "A")
    one = scan(T.IN_TRANSIT, world.now)
    await take(world, parcel, "A", one)
    await paste(world, parcel, "B")
    assert (await take(world, parcel, "B", one)).status is T.IN_TRANSIT
    assert len(await world.scans(parcel)) == 2


async def test_the_replaced_label_is_voided_where_it_was_bought_and_only_once(world, carrier):
    parcel = await labelled(world, "A")
    await paste(world, parcel, "B")
    await paste(world, parcel, "C")
    async with world.db.transaction(world.scope) as tx:
        latest = await reload(world, parcel)
        await cancel_shipment(tx, author=history.SYSTEM, shipment=latest, at=world.now)
    await world.drain()
    assert carrier.voided == [("id-A", f"{parcel.id}:void")]
    assert await world.parked() == []


async def test_the_replaced_label_is_not_printed_any_more(world, carrier):
    parcel = await labelled(world, "A")
    async with world.db.read(world.scope) as reader:
        assert await get_label(reader, world.scope, shipment_id=parcel.id, form=LabelFormat.PDF) == b"%PDF-"
    await paste(world, parcel, "B")
    async with world.db.read(world.scope) as reader:
        with pytest.raises(LabelUnknown):
            await get_label(reader, world.scope, shipment_id=parcel.id, form=LabelFormat.PDF)


async def test_the_account_that_sold_the_old_label_is_not_asked_about_the_new_number(world, carrier):
    parcel = await labelled(world, "A")
    await paste(world, parcel, "B")
    await jobs.look_up_due(world.run)
    assert carrier.tracked == []
    assert (await reload(world, parcel)).next_look_at is None


async def test_the_same_number_again_keeps_the_label_and_changes_the_page_at_most(world, carrier):
    parcel = await labelled(world, "A")
    assert await paste(world, parcel, " A ") == parcel
    changed = await paste(world, parcel, "A", "https://carrier.example/A")
    assert (changed.adapter, changed.carrier_shipment_id, changed.tracking_url) == (
        "scripted", "id-A", "https://carrier.example/A",
    )  # fmt: skip
    assert "shipping.void_label" not in await world.jobs()


# Whose fault


async def test_the_fault_is_what_the_carrier_says_and_not_what_its_words_contain(world, carrier):
    carrier.quotes = {
        CarrierCode.UPS: CarrierRefused(carrier="UPS", reason="nobody there", fault=Fault.BAD_ADDRESS)
    }
    parcel = await open_parcel(world, carrier=None)
    world.ports = {**world.ports, Carriers: served_by(carrier, codes=(CarrierCode.UPS,))}
    world.run = msgspec.structs.replace(world.run, ports=world.ports)
    await jobs.buy(world.run, org_id=world.scope.org_id, shipment_id=parcel.id)
    assert (await reload(world, parcel)).fault is Fault.BAD_ADDRESS
    assert CarrierRefused(carrier="UPS", reason="the address label is torn").data["fault"] is Fault.OTHER


async def test_the_simulated_refusal_of_a_label_is_not_the_customers_fault(world):
    simulated = SimulatedCarrier(tracking_page="https://track.example/")
    parcel = msgspec.structs.replace(PARCEL, reference="sim-no-label")
    with pytest.raises(CarrierRefused) as refused:
        await simulated.buy(CarrierCode.UPS, parcel, idempotency_key="k", now=world.now)
    assert refused.value.data["fault"] is Fault.OTHER


# How long a parcel is watched


@pytest.mark.parametrize("status", list(T))
def test_nothing_is_watched_for_ever(clock, status):
    now = clock.now()
    for hint in (None, now + hours(1)):
        assert next_look_at(status, looks=0, now=now, hint=hint, since=now - WATCH_FOR) is None


async def test_a_lost_parcel_that_turns_up_is_noticed_without_anybody_asking(world, carrier):
    parcel = await labelled(world, "A")
    carrier.answers = {"A": TrackResult(events=(scan(T.FAILURE, world.now, fault=Fault.LOST),))}
    await jobs.look_up_due(world.run)
    assert (await reload(world, parcel)).next_look_at == world.now + timedelta(days=1)
    world.clock.advance(timedelta(days=1))
    found = scan(T.IN_TRANSIT, world.now)
    carrier.answers = {"A": TrackResult(events=(*carrier.answers["A"].events, found))}
    await jobs.look_up_due(world.run)
    assert (await reload(world, parcel)).status is T.IN_TRANSIT


async def test_a_label_nobody_used_is_asked_about_for_sixty_days_and_no_longer(world, carrier):
    parcel = await labelled(world, "A")
    for _ in range(70):
        await jobs.look_up_due(world.run)
        world.clock.advance(timedelta(days=1))
    assert len(carrier.tracked) == 61
    assert (await reload(world, parcel)).next_look_at is None
