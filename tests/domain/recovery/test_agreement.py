"""Case, parcels, custody and items agree after whatever the carriers report, in whatever order."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backhaul.domain.inventory.model import Custody
from backhaul.domain.inventory.queries import get_asset
from backhaul.domain.recovery import NewItem, Outcome
from backhaul.domain.recovery.lifecycle import case_outcome
from backhaul.domain.recovery.status import Shown
from backhaul.domain.shipping.model import Fault, Leg, Tracking
from backhaul.domain.transfers.model import Status

SERIALS = itertools.count(1)
ENDED = {Outcome.KEPT, Outcome.LOST, Outcome.WRITTEN_OFF, Outcome.CANCELLED}
reports = st.tuples(
    st.integers(0, 1),
    st.sampled_from(Leg),
    st.sampled_from(
        [
            (Tracking.IN_TRANSIT, None),
            (Tracking.DELIVERED, None),
            (Tracking.RETURN_TO_SENDER, Fault.REFUSED),
            (Tracking.FAILURE, Fault.LOST),
        ]
    ),
)
endings = st.tuples(st.integers(1, 2), st.sampled_from(sorted(ENDED)))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(steps=st.lists(st.one_of(reports, endings), max_size=6))
async def test_everything_agrees_after_any_sequence(desk, steps):
    world = desk.world
    serials = [f"AGREE-{next(SERIALS)}" for _ in range(2)]
    for serial in serials:
        await world.make.asset(desk.actor, serial_number=serial)
    case = await desk.add(*(NewItem(name="Laptop", serial_number=serial) for serial in serials))
    await world.relay()
    await world.drain()
    for step in steps:
        if len(step) == 2:
            position, outcome = step
            if (await desk.look(case)).items[position - 1].outcome is None:
                await desk.end_item(case, position, outcome)
        else:
            number, leg, (status, fault) = step
            transfers = await desk.transfers(case)
            shipment = (await world.parcels(transfers[number])).get(leg)
            if shipment is not None and shipment.has_label:
                await world.report(shipment, status, fault=fault)
        while await world.relay():
            await world.drain()
    await _agree(desk, case, serials)


async def _agree(desk, case, serials):
    detail = await desk.look(case)
    transfers = await desk.transfers(case)
    assert detail.case.outcome is case_outcome(detail.items)
    assert (detail.case.ending is None) == (detail.case.outcome is None)
    for item, serial in zip(detail.items, serials, strict=True):
        transfer = transfers[item.parcel - 1]
        device = await desk.world.device(transfer)
        asset = (await get_asset(desk.db, actor=desk.actor, serial_number=serial)).asset
        assert asset.id == item.asset_id
        if transfer.status is Status.COMPLETE:
            assert item.outcome is Outcome.RETURNED
        if device.delivered_at is not None:
            assert asset.custody is Custody.ORGANIZATION
        elif device.shipped_at is not None:
            assert (asset.custody, asset.shipment_id) == (Custody.PARCEL, device.id)
        else:
            assert (asset.custody, asset.custody_count) == (Custody.ORGANIZATION, 1)
        if item.outcome is Outcome.RETURNED:
            assert transfer.status is Status.COMPLETE
    is_back = {Outcome.RETURNED, Outcome.PARTLY_RETURNED}
    assert (detail.status is Shown.COMPLETED) == (detail.case.outcome in is_back)
