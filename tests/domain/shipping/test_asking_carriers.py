"""The calls to carriers: repeated, refused, unanswered, and never more than one parcel's trouble."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from tests.domain.shipping.parcels import (
    EVERYTHING,
    PARCEL,
    ScriptedCarrier,
    hours,
    labelled,
    open_parcel,
    reload,
    scan,
    served_by,
)

from backhaul.domain.shipping import jobs, tables
from backhaul.domain.shipping.errors import (
    CarrierRefused,
    CarrierUnavailable,
    CarrierUnknown,
    LabelUnknown,
    ShipmentUnknown,
)
from backhaul.domain.shipping.model import CarrierCode, Fault, LabelFormat, Rate, Tracking, TrackResult
from backhaul.domain.shipping.operations import cancel_shipment
from backhaul.domain.shipping.ports import Carriers
from backhaul.domain.shipping.queries import get_label, get_shipment
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money
from backhaul.storage import history


@pytest.fixture
def carrier(world):
    """The only carrier there is."""
    scripted = ScriptedCarrier()
    use(world, served_by(scripted))
    return scripted


def use(world, carriers):
    world.ports = {**world.ports, Carriers: carriers}
    world.run = msgspec.structs.replace(world.run, ports=world.ports)


async def buy(world, parcel):
    await jobs.buy(world.run, org_id=world.scope.org_id, shipment_id=parcel.id)
    return await reload(world, parcel)


async def refusals(world, parcel):
    """Why labels were refused, as the parcel's history tells."""
    opened, *lines = await world.changes("shipment", parcel.id)
    assert [opened["action"], *{line["action"] for line in lines}] == ["opened", "label_refused"]
    return [line["change"]["reason"][1] for line in lines]


def rate(code, minor):
    return Rate(carrier=code, service="GROUND", cost=Money(minor), days=3)


# Labels


async def test_a_label_is_bought_once_with_the_parcels_id_as_the_key(world, carrier):
    parcel = await open_parcel(world, ready_at=world.now)
    bought = await buy(world, parcel)
    assert carrier.bought == [(CarrierCode.UPS, str(parcel.id), parcel.created_at)]
    assert (bought.adapter, bought.tracking_number, bought.cost_minor) == ("scripted", str(parcel.id), 900)
    assert bought.next_look_at == world.now
    assert await buy(world, parcel) == bought
    assert len(carrier.bought) == 1
    assert await world.history(parcel) == ["opened", "label_bought"]


async def test_two_workers_buying_at_once_keep_one_label(world, carrier):
    parcel = await open_parcel(world)
    await asyncio.gather(*(buy(world, parcel) for _ in range(4)))
    assert {key for _, key, _ in carrier.bought} == {str(parcel.id)}
    assert await world.history(parcel) == ["opened", "label_bought"]
    async with world.db.read(world.scope) as reader:
        count = await reader.fetchval(
            "SELECT count(*) FROM outbox WHERE org_id = $1 AND type = 'shipping.label_bought'",
            world.scope.org_id,
        )
    assert count == 1


async def test_a_parcel_nobody_can_hand_over_yet_is_not_watched(world, carrier):
    bought = await buy(world, await open_parcel(world, ready_at=None))
    assert (bought.has_label, bought.next_look_at) == (True, None)


async def test_for_a_cancelled_parcel_no_label_is_bought(world, carrier):
    parcel = await open_parcel(world)
    async with world.db.transaction(world.scope) as tx:
        cancelled = await cancel_shipment(tx, author=history.SYSTEM, shipment=parcel, at=world.now)
        assert await cancel_shipment(tx, author=history.SYSTEM, shipment=cancelled, at=world.now) is cancelled
    await buy(world, parcel)
    assert carrier.bought == []
    assert "shipping.void_label" not in await world.jobs()


async def test_a_label_is_voided_with_a_key_of_its_own(world, carrier):
    parcel = await labelled(world, "N1")
    async with world.db.transaction(world.scope) as tx:
        await cancel_shipment(tx, author=history.SYSTEM, shipment=parcel, at=world.now)
    await world.drain()
    assert carrier.voided == [("id-N1", f"{parcel.id}:void")]


async def test_what_cannot_be_voided_is_not(world):
    silent = ScriptedCarrier(capabilities=msgspec.structs.replace(EVERYTHING, voids=False))
    use(world, served_by(silent))
    parcel = await labelled(world, "N1")
    unlabelled = await open_parcel(world)
    async with world.db.transaction(world.scope) as tx:
        for given_up in (parcel, unlabelled):
            await cancel_shipment(tx, author=history.SYSTEM, shipment=given_up, at=world.now)
    assert (await world.jobs()).count("shipping.void_label") == 1
    await world.drain()
    assert silent.voided == []


@pytest.mark.parametrize(
    ("reason", "said", "fault"),
    [
        ("nobody lives there", {"fault": Fault.BAD_ADDRESS}, Fault.BAD_ADDRESS),
        ("the address is fine, the parcel is too heavy", {}, Fault.OTHER),
    ],
)
async def test_a_refused_label_fails_the_parcel_once(world, carrier, reason, said, fault):
    async def refuse(*_, **__):
        raise CarrierRefused(carrier="UPS", reason=reason, **said)

    carrier.buy = refuse
    parcel = await open_parcel(world)
    failed = await buy(world, parcel)
    assert (failed.status, failed.fault, failed.has_label) == (Tracking.FAILURE, fault, False)
    assert await buy(world, parcel) == failed
    assert await refusals(world, parcel) == [reason]


async def test_a_label_that_does_not_exist_is_refused_by_name(world):
    parcel = await open_parcel(world)
    async with world.db.read(world.scope) as reader:
        with pytest.raises(LabelUnknown):
            await get_label(reader, world.scope, shipment_id=parcel.id, form=LabelFormat.PDF)
    with pytest.raises(ShipmentUnknown):
        await get_shipment(world.db, org_id=world.scope.org_id, shipment_id=new_id())


# The cheapest carrier


async def test_the_lowest_quote_of_all_carriers_wins_and_the_first_named_a_tie(carrier):
    use_first = served_by(carrier, codes=(CarrierCode.FEDEX, CarrierCode.UPS, CarrierCode.USPS))
    carrier.quotes = {
        CarrierCode.FEDEX: [rate(CarrierCode.FEDEX, 1200), rate(CarrierCode.FEDEX, 900)],
        CarrierCode.UPS: [rate(CarrierCode.UPS, 900)],
        CarrierCode.USPS: [rate(CarrierCode.USPS, 901)],
    }
    assert await jobs.cheapest(use_first, PARCEL) is CarrierCode.FEDEX
    carrier.quotes[CarrierCode.USPS] = [rate(CarrierCode.USPS, 899)]
    assert await jobs.cheapest(use_first, PARCEL) is CarrierCode.USPS


async def test_a_carrier_that_refuses_to_quote_does_not_spoil_the_others(world, carrier):
    carrier.quotes = {
        CarrierCode.USPS: CarrierRefused(carrier="USPS", reason="insured up to 50000 only"),
        CarrierCode.SENDLE: [rate(CarrierCode.SENDLE, 1500)],
    }
    bought = await buy(world, await open_parcel(world, carrier=None))
    assert bought.carrier is CarrierCode.SENDLE


async def test_when_every_carrier_refuses_the_reason_is_kept(world, carrier):
    parcel = await open_parcel(world, carrier=None)
    carrier.quotes = dict.fromkeys(CarrierCode, CarrierRefused(carrier="USPS", reason="it ticks"))
    assert (await buy(world, parcel)).status is Tracking.FAILURE
    assert await refusals(world, parcel) == ["it ticks"]
    silent = await open_parcel(world, carrier=None)
    carrier.quotes = {}
    await buy(world, silent)
    assert await refusals(world, silent) == ["no rate for this parcel"]


async def test_a_carrier_without_quotes_is_not_asked_for_any(carrier):
    carrier.capabilities = msgspec.structs.replace(EVERYTHING, quotes_rates=False)
    carrier.quotes = {CarrierCode.UPS: AssertionError("asked all the same")}
    with pytest.raises(CarrierRefused, match="no rate for this parcel"):
        await jobs.cheapest(served_by(carrier), PARCEL)


def test_an_adapter_or_carrier_that_is_not_set_up_is_named():
    carriers = served_by(ScriptedCarrier(), codes=(CarrierCode.UPS,))
    assert carriers.codes == [CarrierCode.UPS]
    with pytest.raises(CarrierUnknown, match=r"No carrier called FedEx is set up\. Set up: UPS"):
        carriers.serving(CarrierCode.FEDEX)
    with pytest.raises(CarrierUnknown, match=r"No carrier called easypost is set up\. Set up: scripted"):
        carriers.adapter("easypost")


# Tracking


async def test_a_silent_carrier_and_an_odd_answer_hold_up_nobody_else(world, carrier):
    world.expects_failures = True
    silent, odd, fine = [await labelled(world, number) for number in ("SILENT", "ODD", "FINE")]
    carrier.answers = {
        "SILENT": CarrierUnavailable(carrier="UPS"),
        "ODD": KeyError("no such field in the answer"),
        "FINE": TrackResult(events=(scan(Tracking.IN_TRANSIT, world.now),)),
    }
    await jobs.look_up_due(world.run)
    assert sorted(carrier.tracked) == ["FINE", "ODD", "SILENT"]
    assert (await reload(world, fine)).status is Tracking.IN_TRANSIT
    for parcel in (silent, odd):
        kept = await reload(world, parcel)
        assert (kept.status, kept.version) == (Tracking.PRE_TRANSIT, 2)
        assert kept.next_look_at == world.now + timedelta(minutes=5)
    await jobs.look_up_due(world.run)
    assert len(carrier.tracked) == 3
    world.clock.advance(timedelta(minutes=5))
    await jobs.look_up_due(world.run)
    assert sorted(carrier.tracked[3:]) == ["ODD", "SILENT"]


async def test_two_workers_share_the_parcels_that_are_due(world, carrier):
    for n in range(20):
        await labelled(world, f"N{n}")
    await asyncio.gather(*(jobs.look_up_due(world.run) for _ in range(4)))
    assert sorted(carrier.tracked) == sorted(f"N{n}" for n in range(20))


async def test_a_parcel_that_another_worker_is_claiming_is_left_to_it(world, carrier):
    await labelled(world, "N1")
    async with world.db.system_transaction() as tx:
        assert len(await tx.fetch(tables.CLAIM_DUE, world.now, 10)) == 1
        await asyncio.wait_for(jobs.look_up_due(world.run), 5)
        assert carrier.tracked == []


async def test_a_parcel_is_looked_up_when_its_time_has_come(world, carrier):
    await labelled(world, "N1")
    carrier.answers = {"N1": TrackResult(events=(), next_look_at=world.now + hours(6))}
    await jobs.look_up_due(world.run)
    world.clock.advance(hours(6) - timedelta(seconds=1))
    await jobs.look_up_due(world.run)
    assert carrier.tracked == ["N1"]
    world.clock.advance(timedelta(seconds=1))
    await jobs.look_up_due(world.run)
    assert carrier.tracked == ["N1", "N1"]


async def test_a_carrier_without_tracking_is_not_asked_again(world, carrier):
    parcel = await labelled(world, "N1")
    carrier.capabilities = msgspec.structs.replace(EVERYTHING, tracks=False)
    await jobs.look_up_due(world.run)
    assert carrier.tracked == []
    assert (await reload(world, parcel)).next_look_at is None


async def test_a_parcel_without_a_number_is_not_looked_up(world, carrier):
    parcel = await open_parcel(world)
    await jobs.look_up(world.run, org_id=world.scope.org_id, shipment_id=parcel.id)
    assert carrier.tracked == []
