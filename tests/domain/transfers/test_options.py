"""What an order may ask for, as it shows in parcels and on the bill."""

import pytest

from backhaul.domain.identity import Plan
from backhaul.domain.shipping.model import CarrierCode
from backhaul.domain.shipping.ports import Carriers
from backhaul.domain.transfers.model import Status
from backhaul.domain.transfers.packaging import empty_box, full_box
from backhaul.kernel.money import Money
from backhaul.settings import Settings, TransferSettings


async def lines(world, order):
    (charge,) = await world.charges(order)
    return {line.code: line.amount_minor for line in charge.lines}


async def test_required_carriers_are_used_and_billed_for_each_parcel(world):
    order = await world.order(box_carrier=CarrierCode.UPS, device_carrier=CarrierCode.SENDLE)
    box, device = await world.box(order), await world.device(order)
    assert (box.carrier, device.carrier) == (CarrierCode.UPS, CarrierCode.SENDLE)
    assert box.tracking_number.startswith("1Z")
    assert device.tracking_number.startswith("S1M")
    assert await lines(world, order) == {"transfer.flat": 8500, "option.carrier_required": 3000}
    one = await world.order(device_carrier=CarrierCode.DHL_EXPRESS)
    assert [p.carrier for p in (await world.parcels(one)).values()] == ["USPS", "DHLExpress"]
    assert await lines(world, one) == {"transfer.flat": 8500, "option.carrier_required": 1500}


async def test_rush_buys_the_faster_service_and_is_billed_for_each_parcel(world):
    plain, rushed = await world.order(), await world.order(is_box_rush=True, is_device_rush=True)
    for leg in ("box", "device"):
        usual = (await world.parcels(plain))[leg]
        faster = (await world.parcels(rushed))[leg]
        assert faster.service != usual.service
        assert faster.cost_minor > usual.cost_minor
    assert await lines(world, rushed) == {"transfer.flat": 8500, "option.rush": 5000}
    ordered_at = world.now
    await world.live_until(rushed, Status.COMPLETE)
    took = world.now - ordered_at
    await world.live_until(plain, Status.COMPLETE)
    assert took < world.now - ordered_at


@pytest.mark.parametrize(("insured_minor", "price"), [(100_000, 1500), (10_000, 500), (0, None)])
async def test_insurance_is_a_share_of_the_amount_and_reaches_the_carrier(world, insured_minor, price):
    order = await world.order(insured_minor=insured_minor)
    expected = {"transfer.flat": 8500} | ({} if price is None else {"option.insurance": price})
    assert await lines(world, order) == expected
    box, device = await world.box(order), await world.device(order)
    assert box.parcel.insured is None
    assert device.parcel.insured == (Money(insured_minor) if insured_minor else None)


async def test_an_insured_device_costs_us_more_to_send(world):
    plain, insured = await world.order(), await world.order(insured_minor=200_000)
    assert (await world.device(insured)).cost_minor > (await world.device(plain)).cost_minor
    assert (await world.box(insured)).cost_minor == (await world.box(plain)).cost_minor


async def test_everything_at_once_adds_up(world):
    order = await world.order(
        box_carrier=CarrierCode.UPS,
        is_box_rush=True,
        insured_minor=100_000,
        pickup_wish=True,
        device_carrier=CarrierCode.UPS,
    )
    assert await lines(world, order) == {
        "transfer.flat": 8500,
        "option.carrier_required": 3000,
        "option.rush": 2500,
        "option.insurance": 1500,
        "option.pickup": 1000,
    }
    assert await world.payments(order) == [("captured", 16500, 0)]


async def test_the_plan_decides_the_price(world):
    world.actor = await world.make.organization(plan=Plan.CUSTOM)
    world.scope = world.actor.scope("transfers.read")
    assert await lines(world, await world.order()) == {"transfer.flat": 7900}


async def test_set_to_cheapest_each_parcel_goes_with_the_lowest_rate(world):
    cheapest = Settings(transfers=TransferSettings(box_carrier="cheapest", device_carrier="cheapest"))
    world = await world.elsewhere(cheapest)
    order = await world.order()
    carriers = world.ports[Carriers]
    for parcel in (await world.parcels(order)).values():
        rates = {
            (rate.cost.amount_minor, code)
            for code in carriers.codes
            for rate in await carriers.serving(code).rates(code, parcel.parcel)
        }
        assert (parcel.cost_minor, parcel.carrier) == min(rates)
    named = await world.order(device_carrier=CarrierCode.DHL_EXPRESS)
    assert (await world.device(named)).carrier is CarrierCode.DHL_EXPRESS


async def test_set_to_another_carrier_parcels_go_with_it(world):
    world = await world.elsewhere(
        Settings(transfers=TransferSettings(box_carrier="UPS", device_carrier="Sendle"))
    )
    order = await world.order()
    assert [p.carrier for p in (await world.parcels(order)).values()] == ["UPS", "Sendle"]
    assert await lines(world, order) == {"transfer.flat": 8500}


async def test_the_ticket_is_printed_after_our_own_reference(world):
    order = await world.order(ticket_reference="HELP-77")
    short = str(order.id)[-12:]
    assert (await world.box(order)).parcel.reference == f"BH-{short} box HELP-77"
    assert (await world.device(order)).parcel.reference == f"BH-{short} device HELP-77"
    plain = await world.order()
    assert (await world.box(plain)).parcel.reference == f"BH-{str(plain.id)[-12:]} box"


@pytest.mark.parametrize("device_type", ["laptop", "Monitor ", "phone", "something else"])
def test_an_empty_box_is_as_large_as_the_full_one_and_a_fifth_as_heavy(device_type):
    full, empty = full_box(device_type), empty_box(full_box(device_type))
    assert (empty.length_mm, empty.width_mm, empty.height_mm) == (
        full.length_mm,
        full.width_mm,
        full.height_mm,
    )
    assert empty.weight_grams == round(full.weight_grams / 5)


def test_a_laptop_box_is_the_contracts():
    assert (full_box("laptop").length_mm, full_box("laptop").width_mm, full_box("laptop").height_mm) == (
        406, 305, 102,
    )  # fmt: skip
    assert full_box(" LAPTOP") == full_box("laptop")
    assert full_box("toaster") != full_box("laptop")
