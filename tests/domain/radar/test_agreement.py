"""After whatever the carriers report, people decide and time does, exactly what should be open is open."""

import itertools

import msgspec
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.domain.radar.oracle import Oracle
from tests.domain.radar.tower import HOUR

from backhaul.domain import radar
from backhaul.domain.inventory.operations import take_in
from backhaul.domain.radar import Policy
from backhaul.domain.recovery import NewItem, Outcome, record_diagnosis
from backhaul.domain.recovery.person import Choice, send_again
from backhaul.domain.shipping.model import Fault, Leg, Tracking
from backhaul.domain.shipping.operations import replace_tracking_number
from backhaul.domain.transfers.model import Direction
from backhaul.domain.transfers.operations import cancel_transfer, mark_not_returned
from backhaul.kernel.errors import DomainError

SERIALS = itertools.count(1)
# The last two are of the parcel that was sent again, if one was.
PARCELS = [
    (0, Leg.BOX), (0, Leg.DEVICE), (1, Leg.DEVICE), (2, Leg.BOX), (2, Leg.DEVICE), (3, Leg.BOX), (3, Leg.DEVICE),
]  # fmt: skip
REPORTS = [
    (Tracking.IN_TRANSIT, None),
    (Tracking.IN_TRANSIT, Fault.BAD_ADDRESS),
    (Tracking.AVAILABLE_FOR_PICKUP, None),
    (Tracking.DELIVERED, None),
    (Tracking.RETURN_TO_SENDER, Fault.BAD_ADDRESS),
    (Tracking.RETURN_TO_SENDER, Fault.REFUSED),
    (Tracking.FAILURE, Fault.LOST),
]
ACTS = ["resend", "cancel", "give_up", "renumber", "keep", "diagnose", "take_in"]
pauses = st.sampled_from([1, 24, 3 * 24, 5 * 24, 7 * 24])  # hours


def stories():
    """Mostly about one parcel, so that it gets somewhere: (what, about which, what of it, hours until the next)."""

    def about(parcel):
        which = st.one_of(st.just(parcel), st.just(parcel), st.sampled_from(PARCELS))
        scan = st.tuples(
            st.just("scan"), which, st.tuples(st.sampled_from(REPORTS), st.sampled_from([0, 1, 30]))
        )
        act = st.tuples(st.sampled_from(ACTS), which, st.none())
        step = st.tuples(st.one_of(scan, scan, scan, act), pauses)
        return st.lists(step, min_size=1, max_size=7)

    return st.sampled_from(PARCELS).flatmap(about)


# Called off and sent again; the second box leaves, the first parcel arrives, the second box goes back.
SENT_TWICE = [
    (("cancel", (2, Leg.BOX), None), 1),
    (("resend", (2, Leg.BOX), None), 1),
    (("scan", (3, Leg.BOX), ((Tracking.IN_TRANSIT, None), 0)), 24),
    (("scan", (2, Leg.DEVICE), ((Tracking.DELIVERED, None), 0)), 24),
    (("scan", (3, Leg.BOX), ((Tracking.RETURN_TO_SENDER, Fault.REFUSED), 0)), 24),
]


class Story:
    """A deployment, a return with a waived box and a recovery's kit, and what happens to them."""

    def __init__(self, tower, desk):
        self.tower, self.world, self.desk = tower, tower.world, desk

    async def begin(self):
        self.serial = f"RADAR-{next(SERIALS)}"
        await self.world.make.asset(self.tower.actor, serial_number=self.serial)
        self.case = await self.desk.add(NewItem(name="Laptop", custom_1="sim-kept"))
        await self.world.relay()
        (recovered,) = await self.desk.transfers(self.case)
        order = {"ticket_reference": "sim-kept", "is_box_waived": True}
        deployed = await self.world.place(
            direction=Direction.DEPLOYMENT, device_serial_number=self.serial, ticket_reference="sim-kept"
        )
        self.transfers = [deployed, await self.world.place(**order), recovered]
        await self.follow()
        return self

    async def follow(self):
        """Everything that follows by itself, but for the carriers' own scans."""
        while await self.world.relay():
            await self.world.drain()

    async def step(self, step):
        (kind, parcel, more), hours = step
        try:
            await getattr(self, kind)(*parcel, more)
        except DomainError:
            return  # not possible now
        finally:
            await self.follow()
            self.world.clock.advance(hours * HOUR)

    async def resend(self, _which, _leg, _more):
        await send_again(
            self.tower.db,
            actor=self.tower.actor,
            case=self.case.public_number,
            transfer_id=self.transfers[-1].id,
            choice=Choice.KIT,
            now=self.world.now,
        )
        await self.world.relay()
        (latest,) = await self.desk.transfers(self.case)
        if latest.id != self.transfers[-1].id:
            self.transfers.append(latest)

    async def scan(self, which, leg, more):
        which = min(which, len(self.transfers) - 1)
        shipment = (await self.world.parcels(self.transfers[which])).get(leg)
        if shipment is not None and shipment.has_label:
            (status, fault), hours_ago = more
            at = self.world.now - hours_ago * HOUR
            await self.world.report(shipment, status, fault=fault, at=at, text=str(self.world.now))

    async def cancel(self, which, _leg, _more):
        transfer_id = self.transfers[min(which, len(self.transfers) - 1)].id
        await cancel_transfer(
            self.tower.db, actor=self.tower.actor, transfer_id=transfer_id, reason=None, now=self.world.now
        )

    async def give_up(self, which, _leg, _more):
        transfer_id = self.transfers[min(which, len(self.transfers) - 1)].id
        await mark_not_returned(
            self.tower.db, actor=self.tower.actor, transfer_id=transfer_id, reason=None, now=self.world.now
        )

    async def renumber(self, which, _leg, _more):
        await replace_tracking_number(
            self.tower.db,
            actor=self.tower.actor,
            shipment_id=(await self.world.device(self.transfers[min(which, len(self.transfers) - 1)])).id,
            tracking_number=f"NEW-{next(SERIALS)}",
            tracking_url=None,
            now=self.world.now,
        )

    async def keep(self, _which, _leg, _more):
        await self.desk.end(self.case, Outcome.KEPT)

    async def diagnose(self, _which, _leg, _more):
        await record_diagnosis(
            self.tower.db, actor=self.tower.actor, case=self.case.public_number, now=self.world.now
        )

    async def take_in(self, _which, _leg, _more):
        await take_in(self.tower.db, actor=self.tower.actor, asset=self.serial, now=self.world.now)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(steps=stories(), looks=st.sets(st.integers(0, 6), max_size=3))
@example(steps=SENT_TWICE, looks={1, 2, 3})
async def test_exactly_what_should_be_open_is_open(tower, desk, steps, looks):
    # However late the radar looks: what it leaves alone after a month has stories of its own.
    tower.world.ports[Policy] = msgspec.structs.replace(tower.policy, look_back_days=1000)
    story = await Story(tower, desk).begin()
    oracle = Oracle(tower, desk)
    for index, step in enumerate(steps):
        await story.step(step)
        if index in looks:
            await _agree(tower, oracle, story)
    await _agree(tower, oracle, story)


async def _agree(tower, oracle, story):
    await tower.look()
    mine = {shipment.id for t in story.transfers for shipment in (await tower.world.parcels(t)).values()}
    opened = [one for one in await tower.open(limit=500) if one.shipment_id in mine]
    found = {(one.shipment_id, one.kind.value, one.suggested_action.value) for one in opened}
    expected = await oracle.expected(story.transfers, story.case)
    assert found == {(shipment, kind, action) for shipment, kind, action, _ in expected}
    began = {(shipment, kind): since for shipment, kind, _, since in expected}
    for one in opened:
        if one.opened_at == tower.now:
            assert one.since == began[one.shipment_id, one.kind.value]
    before = await tower.traces()
    await tower.look()
    assert await tower.traces() == before
    assert sum((await radar.count_open(tower.db, actor=tower.actor)).values()) >= len(opened)
