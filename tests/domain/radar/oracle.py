"""What should be open, worked out in plain Python from the records themselves: nothing of the radar's SQL is used."""

from tests.domain.radar.tower import DAY

from backhaul.domain.inventory.model import Custody
from backhaul.domain.inventory.queries import get_asset
from backhaul.domain.recovery.browsing import get_case_sheet
from backhaul.domain.shipping.model import Fault, Leg, Tracking
from backhaul.domain.shipping.queries import list_events
from backhaul.domain.transfers.model import Status
from backhaul.domain.transfers.queries import find_linked_asset

MOVING = {Tracking.IN_TRANSIT, Tracking.OUT_FOR_DELIVERY, Tracking.AVAILABLE_FOR_PICKUP}
TROUBLE = {Tracking.RETURN_TO_SENDER, Tracking.FAILURE}
BEFORE_THE_BOX = {Status.PENDING_BOX, Status.BOX_IN_TRANSIT}


class Held:
    """What a recovery's parcel holds."""

    def __init__(self, case, items, attempt, *, is_last):
        self.case, self.items, self.attempt, self.is_last = case, items, attempt, is_last
        self.is_expected = any(item.outcome is None for item in items)


class Oracle:
    """Knows the transfers of one world and, of those that belong to recoveries, the case."""

    def __init__(self, tower, desk):
        self.tower, self.world, self.desk = tower, tower.world, desk

    async def expected(self, transfers, case):
        """The (shipment, kind, suggested action, since) that must be open now."""
        found = set()
        for transfer in transfers:
            fresh = await self.world.reload(transfer)
            items = await self._items(case, fresh)
            for shipment in (await self.world.parcels(fresh)).values():
                scans = await self._scans(shipment) if shipment.has_label else []
                trouble = self._needless(fresh, shipment, items)
                if trouble is None:
                    trouble = await self._trouble(fresh, shipment, scans, items)
                if trouble:
                    found.add((shipment.id, *trouble))
        return found

    async def _scans(self, shipment):
        async with self.world.db.read(self.world.scope) as reader:
            return await list_events(
                reader, self.world.scope, shipment_id=shipment.id, tracking_number=shipment.tracking_number
            )

    async def _items(self, case, transfer):
        """What a recovery's parcel holds, which attempt it is and whether the last one; None of another transfer."""
        sheet = await get_case_sheet(
            self.tower.db, actor=self.tower.actor, ref=case.public_number, now=self.tower.now
        )
        detail = sheet.found.detail
        for parcel in sheet.parcels:
            if parcel.transfer_id == transfer.id:
                last = max(one.attempt for one in sheet.parcels if one.position == parcel.position)
                items = [item for item in detail.items if item.parcel == parcel.position]
                return Held(detail.case, items, parcel.attempt, is_last=parcel.attempt == last)
        return None

    async def _trouble(self, transfer, shipment, scans, recovery):
        expected = recovery is None or (recovery.is_expected and recovery.is_last)
        is_device, status = shipment.leg is Leg.DEVICE, shipment.status
        if shipment.fault is Fault.BAD_ADDRESS and status in MOVING | TROUBLE:
            if expected and (is_device or transfer.status in BEFORE_THE_BOX | {Status.FAILED}):
                since = min(
                    [s.at for s in scans if s.fault is Fault.BAD_ADDRESS], default=shipment.updated_at
                )
                action = "correct_address" if status in MOVING else "send_again"
                return "address_exception", action, since
        elif not is_device and status in TROUBLE:
            if expected and transfer.status in BEFORE_THE_BOX | {Status.FAILED}:
                since = min([s.at for s in scans if s.status in TROUBLE], default=shipment.updated_at)
                return "box_undeliverable", "send_again", since
        elif status is Tracking.PRE_TRANSIT and shipment.has_label and shipment.ready_at is not None:
            waiting = Status.PENDING_DEVICE if is_device else Status.PENDING_BOX
            since = max(shipment.ready_at, shipment.labelled_at)
            if expected and transfer.status is waiting and self._is_past(since, 7):
                return "label_never_scanned", "ask_sender" if is_device else "check_depot", since
        elif status in MOVING:
            return self._stillness(transfer, shipment, max(scan.at for scan in scans))
        elif status is Tracking.DELIVERED and is_device and self._is_past(shipment.delivered_at, 3):
            action = await self._unreceived(transfer, shipment, recovery)
            if action is not None:
                return "delivered_not_received", action, shipment.delivered_at
        return None

    def _needless(self, transfer, shipment, recovery):
        """What is wrong with a second box that nobody needs, () once nobody waits for it; None of any other parcel."""
        if recovery is None or recovery.attempt == 1 or recovery.is_expected or shipment.leg is Leg.DEVICE:
            return None
        if transfer.status in {Status.BOX_IN_TRANSIT, Status.PENDING_DEVICE}:
            ended = max(item.ending.at for item in recovery.items)
            return "box_not_needed", "tell_receiver", max(ended, shipment.shipped_at)
        return () if transfer.status is Status.NOT_RETURNED else None

    def _stillness(self, transfer, shipment, since):
        is_watched = shipment.leg is Leg.DEVICE or transfer.status in BEFORE_THE_BOX
        if not is_watched or not self._is_past(since, 5):
            return None
        action = "collect" if shipment.status is Tracking.AVAILABLE_FOR_PICKUP else "trace"
        return "no_movement", action, since

    async def _unreceived(self, transfer, shipment, recovery):
        if recovery is not None:
            by_person = all(
                item.ending is not None and item.ending.author_kind != "system" for item in recovery.items
            )
            return None if recovery.case.diagnosed_at is not None or by_person else "inspect"
        actor = self.tower.actor
        link = await find_linked_asset(self.tower.db, actor=actor, transfer_id=transfer.id)
        if link is None:
            return None
        asset = (await get_asset(self.tower.db, actor=actor, serial_number=link.serial_number)).asset
        if asset.custody is Custody.PARCEL and asset.shipment_id == shipment.id:
            return "take_in"
        if asset.custody is Custody.OUTSIDE and asset.custody_since == shipment.delivered_at:
            return "find_holder"
        return None

    def _is_past(self, since, days):
        return since <= self.tower.now - days * DAY
