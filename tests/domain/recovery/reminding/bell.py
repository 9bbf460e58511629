"""Reminders as tests see them: cases at a desk, boxes and scans by hand, time that jumps to what is due next."""

from datetime import datetime, timedelta

from tests.domain.recovery.desk import Desk

from backhaul.domain import ladders
from backhaul.domain.recovery import reminding
from backhaul.domain.recovery.person.model import Pages
from backhaul.domain.recovery.reminding.operations.remind import remind
from backhaul.domain.shipping import queries as shipping_queries
from backhaul.domain.shipping.model import CarrierCode, Leg, Purchase, Tracking
from backhaul.domain.shipping.operations import attach_label
from backhaul.jobqueue import PERIODICS
from backhaul.kernel.ids import new_id
from backhaul.kernel.money import Money
from backhaul.storage import relay

NEXT = "SELECT min(next_at) FROM recovery_reminders WHERE next_at > $1"
PARCELS = """
SELECT p.transfer_id FROM recovery_parcels AS p WHERE p.org_id = $1 AND p.case_id = $2 ORDER BY p.position
"""
MESSAGES = """
SELECT subject_id, template, recipient, decided_at, channel, locale, key FROM messages
WHERE org_id = $1 AND subject_kind = 'recovery_case' AND template <> 'recovery/invited' ORDER BY decided_at, recipient
"""
REMINDERS = "SELECT next_at, wakes FROM recovery_reminders WHERE org_id = $1 AND case_id = $2"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


class Bell:
    """One organization's reminders."""

    def __init__(self, desk: Desk):
        self.desk, self.world, self.db, self.actor = desk, desk.world, desk.db, desk.actor
        self.pages = self.world.ports[Pages]

    @property
    def now(self) -> datetime:
        return self.world.now

    # Ladders

    async def ladder(self, *steps, name="ours", **rules):
        """A ladder; steps as (name, anchor, days) or whole."""
        policy = ladders.Policy(steps=tuple(map(step, steps)), **rules)
        return await ladders.create_ladder(self.db, actor=self.actor, name=name, policy=policy, now=self.now)

    async def campaign(self, *steps, rules=None, name="ours", **values):
        """A campaign with a ladder of its own."""
        await self.ladder(*steps, name=name, **(rules or {}))
        return await self.desk.create(ladder=name, **values)

    # What happens

    async def relay(self):
        """Tell every event, and run no job: labels come from `label`."""
        while await relay.relay_waiting(self.db, ports=self.world.ports, clock=self.world.clock):
            pass

    async def parcels_of(self, case, position=1):
        async with self.db.read(self.world.scope) as reader:
            rows = await reader.fetch(PARCELS, self.actor.org_id, case.id)
        async with self.db.read(self.world.scope) as reader:
            return await shipping_queries.find_of_subject(
                reader, self.world.scope, kind="transfer", subject_id=rows[position - 1]["transfer_id"]
            )

    async def label(self, shipment):
        """A label that nobody rendered."""
        number = f"TEST{new_id().hex[-12:].upper()}"
        purchase = Purchase(
            carrier_shipment_id=number,
            tracking_number=number,
            tracking_url=None,
            service="test",
            cost=Money(100),
            labels=(),
        )
        await attach_label(
            self.db, org_id=self.actor.org_id, shipment_id=shipment.id, adapter="manual",
            carrier=CarrierCode.FEDEX, purchase=purchase, now=self.now,
        )  # fmt: skip

    async def scan(self, case, leg, status, *, position=1, relayed=True):
        """Something a carrier reports of a case's parcel."""
        shipment = (await self.parcels_of(case, position))[leg]
        if not shipment.has_label:
            await self.label(shipment)
            shipment = (await self.parcels_of(case, position))[leg]
        await self.world.report(shipment, status, text=self.now.isoformat())
        if relayed:
            await self.relay()

    async def add(self, *items, **values):
        """Somebody in a campaign, with everything opened that follows."""
        case = await self.desk.add(*items, **values)
        await self.relay()
        return case

    async def box(self, case, position=1):
        """The box arrives now."""
        await self.scan(case, Leg.BOX, Tracking.DELIVERED, position=position)

    async def hand_over(self, case, position=1):
        """The carrier takes the parcel now."""
        await self.scan(case, Leg.DEVICE, Tracking.IN_TRANSIT, position=position)

    async def arrive(self, case, position=1):
        """The parcel is delivered now."""
        await self.scan(case, Leg.DEVICE, Tracking.DELIVERED, position=position)

    async def waiting(self, *items, **values):
        """Somebody whose box arrives at this moment."""
        case = await self.add(*items, **values)
        await self.box(case)
        return case

    # Time

    async def look(self):
        """One turn of the job."""
        await PERIODICS["recovery.remind_due"](self.world.run)

    async def remind(self, case):
        await remind(self.db, scope=self.world.scope, case_id=case.id, pages=self.pages, now=self.now)

    async def live(self, *, days=0.0, until=None):
        """Let time pass from one due moment to the next."""
        end = until or self.now + timedelta(days=days)
        await self.relay()
        await self.look()
        while self.now < end:
            async with self.db.system() as reader:
                following = await reader.fetchval(NEXT, self.now)
            self.world.clock.advance(min(following or end, end) - self.now)
            await self.look()

    # What became of it

    async def contacts(self, case):
        return await reminding.list_contacts(self.db, actor=self.actor, case=case.public_number)

    async def told(self, case):
        """(step, sent or why not) in order of time."""
        return [(c.step, c.reason.value if c.reason else "sent") for c in await self.contacts(case)]

    async def messages(self):
        async with self.db.read(self.world.scope) as reader:
            return [dict(row) for row in await reader.fetch(MESSAGES, self.actor.org_id)]

    async def next_at(self, case):
        async with self.db.read(self.world.scope) as reader:
            row = await reader.fetchrow(REMINDERS, self.actor.org_id, case.id)
        return row["next_at"]


def step(given):
    """A step from (name, anchor, days), or with more by name."""
    if isinstance(given, ladders.Step):
        return given
    name, anchor, days, *more = given
    return ladders.Step(
        name=name, anchor=ladders.Anchor(anchor), offset_days=days, **(more[0] if more else {})
    )
