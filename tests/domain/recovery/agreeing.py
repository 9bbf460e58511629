"""One case whose parcels move, are opened and are spoken of, and what a test expects of it."""

import contextlib
import itertools
from datetime import timedelta

from tests.making import OFFICE

from backhaul.domain.inventory.model import Custody
from backhaul.domain.inventory.queries import get_asset, list_custody
from backhaul.domain.recovery import NewItem, Outcome, Package, ReturnAddress, Shipping
from backhaul.domain.recovery.browsing import OPEN_STAGES, Stage, get_case_sheet
from backhaul.domain.recovery.errors import OutcomeRefused
from backhaul.domain.recovery.lifecycle import BACK, MOVES, case_outcome
from backhaul.domain.recovery.status import Shown
from backhaul.domain.transfers.errors import TransferMoveRefused
from backhaul.domain.transfers.model import Status
from backhaul.domain.transfers.operations import cancel_transfer
from backhaul.kernel.measures import Dimensions

SERIALS = itertools.count(1)
PAIR = Package(device="Laptop", quantity=2, size=Dimensions(400, 300, 200, 9000))
HOUR = timedelta(hours=1)
FOUND = "found"
DELIVERIES = """
SELECT subject_id FROM outbox WHERE org_id = $1 AND type = 'shipping.parcel_moved'
    AND payload ->> 'leg' = 'device' AND payload ->> 'after' = 'delivered' ORDER BY id
"""


class Story:
    """One case with two devices, and what the test expects of it."""

    def __init__(self, desk, depot):
        self.desk, self.world, self.depot = desk, desk.world, depot
        self.outcomes = [None, None]
        # That an item is back: a parcel's number, or FOUND; None: nobody but a person.
        self.shown_by = [None, None]
        self.corrected = [set(), set()]  # parcels whose scan somebody corrected
        self.arrived = set()  # parcels whose device a carrier delivered, whatever it reported afterwards
        self.opened = {}  # by a warehouse: the positions of what was in each
        self.told = 0  # events that are taken into account
        self.last = None

    async def begin(self, *, is_together, shipping):
        self.serials = [f"AGREE-{next(SERIALS)}" for _ in range(2)]
        for serial in self.serials:
            await self.world.make.asset(self.desk.actor, serial_number=serial)
        places = (ReturnAddress(address=OFFICE, packages=(PAIR,)),) if is_together else ()
        campaign = await self.desk.create(return_addresses=places)
        items = [NewItem(name="Laptop", serial_number=serial) for serial in self.serials]
        callback_url = "https://hooks.example.com/" if shipping is Shipping.LABEL else None
        self.case = await self.desk.add(
            *items, campaign=campaign, shipping=shipping, callback_url=callback_url
        )
        await self.work()
        self.world.clock.advance(24 * HOUR)
        assert len(await self.desk.transfers(self.case)) == (1 if is_together else 2)

    async def work(self):
        while await self.world.relay():
            await self.world.drain()

    async def take(self, step):
        kind, *arguments = step
        await getattr(self, kind)(*arguments)
        await self.work()
        await self.note_deliveries()

    async def scan(self, number, leg, scan, hours_ago):
        transfers = await self.desk.transfers(self.case)
        shipment = (await self.world.parcels(transfers[number % len(transfers)])).get(leg)
        if shipment is None or not shipment.has_label:
            return
        status, fault = scan
        self.last = (shipment, status, {"at": self.desk.now - hours_ago * HOUR, "fault": fault})
        await self.again()

    async def again(self):
        if self.last is not None:
            shipment, status, how = self.last
            await self.world.report(shipment, status, **how)

    async def later(self, hours):
        self.world.clock.advance(hours * HOUR)

    async def say(self, position, outcome):
        await self._settle(
            [position],
            outcome,
            self.desk.end_item(
                self.case, position, outcome, outstanding=_outstanding(outcome), reason="Somebody looked."
            ),
            may_correct=True,
        )

    async def close(self, outcome):
        open_ = [position for position in (1, 2) if self.outcomes[position - 1] is None]
        await self._settle(
            open_ or [1, 2],
            outcome,
            self.desk.end(self.case, outcome, outstanding=_outstanding(outcome)),
            may_correct=False,
        )

    async def open(self, number, positions, has_charger):
        transfers = await self.desk.transfers(self.case)
        number %= len(transfers)
        device = await self.world.device(transfers[number])
        if number + 1 in self.opened or not device.has_label:
            return
        one = (await self.depot.receive(device.tracking_number)).one
        for position in sorted(positions):
            await self.depot.scan(one.number, self.serials[position - 1], has_charger=has_charger)
        await self.depot.process(one.number)
        self.opened[number + 1] = positions
        for item in (await self.desk.look(self.case)).items:
            self._note_opened(item, number + 1, positions, has_charger)

    def _note_opened(self, item, number, positions, has_charger):
        at = item.position - 1
        is_scan = isinstance(self.shown_by[at], int)
        if item.position not in positions:
            if self.outcomes[at] in BACK and self.shown_by[at] == item.parcel == number:
                self.outcomes[at] = self.shown_by[at] = None
                self.corrected[at] = set()
            return
        lacks = has_charger is False
        if self.outcomes[at] not in BACK or (self.outcomes[at] is Outcome.RETURNED and is_scan):
            self.outcomes[at] = Outcome.PARTLY_RETURNED if lacks else Outcome.RETURNED
            self.shown_by[at] = FOUND
        elif self.outcomes[at] is Outcome.PARTLY_RETURNED and has_charger:
            self.outcomes[at], self.shown_by[at] = Outcome.RETURNED, FOUND

    async def _settle(self, positions, outcome, saying, *, may_correct):
        befores = [self.outcomes[position - 1] for position in positions]
        is_possible = all(outcome in MOVES[before] for before in befores)
        if not may_correct and outcome is not Outcome.RETURNED:
            is_possible = is_possible and not BACK & set(befores)
        try:
            await saying
        except OutcomeRefused:
            assert not is_possible
            return
        assert is_possible
        for position in positions:
            at = position - 1
            if outcome is not Outcome.RETURNED and isinstance(self.shown_by[at], int):
                self.corrected[at].add(self.shown_by[at])
            self.outcomes[at], self.shown_by[at] = outcome, None

    async def cancel(self, number):
        transfers = await self.desk.transfers(self.case)
        with contextlib.suppress(TransferMoveRefused):
            await cancel_transfer(
                self.desk.db,
                actor=self.desk.actor,
                transfer_id=transfers[number % len(transfers)].id,
                reason="x",
                now=self.desk.now,
            )

    async def note_deliveries(self):
        """Take into account what carriers told of deliveries: of what a warehouse opened, it knows better."""
        transfers = await self.desk.transfers(self.case)
        async with self.desk.db.read(self.world.scope) as reader:
            rows = await reader.fetch(DELIVERIES, self.world.scope.org_id)
        numbers = {transfer.id: number for number, transfer in enumerate(transfers, 1)}
        for row in rows[self.told :]:
            number = numbers.get(row["subject_id"])
            self.arrived.add(number)
            for item in (await self.desk.look(self.case)).items:
                at = item.position - 1
                is_news = self.outcomes[at] not in BACK and number not in self.corrected[at]
                if item.parcel == number and number not in self.opened and is_news:
                    self.outcomes[at], self.shown_by[at] = Outcome.RETURNED, number
        self.told = len(rows)

    async def agrees(self):
        detail = await self.desk.look(self.case)
        transfers = await self.desk.transfers(self.case)
        assert [item.outcome for item in detail.items] == self.outcomes
        assert detail.case.outcome is case_outcome(detail.items)
        assert (detail.case.ending is None) == (detail.case.outcome is None)
        assert await self.stage() is expected_stage(detail, transfers)
        assert (detail.status is Shown.COMPLETED) == (detail.case.outcome in BACK)
        for item, serial in zip(detail.items, self.serials, strict=True):
            transfer = transfers[item.parcel - 1]
            has_arrived = item.parcel in self.arrived
            assert (item.ending is None) == (item.outcome is None)
            assert (transfer.status is Status.COMPLETE) <= has_arrived
            assert has_arrived <= (transfer.status in (Status.COMPLETE, Status.CANCELLED))
            await self._device_agrees(item, serial, transfer, has_arrived=has_arrived)

    async def stage(self):
        ref = self.case.public_number
        return (await get_case_sheet(self.desk.db, actor=self.desk.actor, ref=ref, now=self.desk.now)).stage

    async def _device_agrees(self, item, serial, transfer, *, has_arrived):
        device = await self.world.device(transfer)
        asset = (await get_asset(self.desk.db, actor=self.desk.actor, serial_number=serial)).asset
        assert asset.id == item.asset_id
        lines = await list_custody(self.desk.db, actor=self.desk.actor, asset=serial)
        if item.position in self.opened.get(item.parcel, ()):
            assert asset.custody is Custody.WAREHOUSE
        elif self.opened:
            pass  # it was missed, or found elsewhere: what the ledger says is checked below
        elif has_arrived:
            assert (asset.custody, asset.shipment_id) == (Custody.ORGANIZATION, None)
        elif device.shipped_at is not None:
            assert (asset.custody, asset.shipment_id) == (Custody.PARCEL, device.id)
        else:
            assert (asset.custody, len(lines)) == (Custody.ORGANIZATION, 1)
        assert asset.custody_count == len(lines)
        assert lines[-1].to_custody is asset.custody
        assert [line.at for line in lines] == sorted(line.at for line in lines)


STAGES = {
    Status.PENDING_BOX: Stage.BOX,
    Status.BOX_IN_TRANSIT: Stage.BOX,
    Status.PENDING_DEVICE: Stage.PERSON,
    Status.DEVICE_IN_TRANSIT: Stage.RETURNING,
}


def expected_stage(detail, transfers):
    """How far a case is by its own records: that of the parcel which is furthest behind."""
    if detail.case.outcome is not None:
        return Stage.RECEIVED if detail.case.outcome in BACK else Stage.ENDED
    wanted = {item.parcel for item in detail.items if item.outcome is None}
    reached = {
        STAGES.get(transfer.status, Stage.STUCK)
        for number, transfer in enumerate(transfers, 1)
        if number in wanted
    }
    return next(stage for stage in OPEN_STAGES if stage in reached)


def _outstanding(outcome):
    return "charger" if outcome is Outcome.PARTLY_RETURNED else None
