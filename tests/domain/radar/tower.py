"""The radar of an organization, as tests see it: time passes, it looks, this is open."""

from datetime import timedelta

from backhaul.domain import radar
from backhaul.domain.radar.model import Policy
from backhaul.domain.shipping.model import Tracking
from backhaul.domain.transfers.model import Status
from backhaul.jobqueue import PERIODICS
from backhaul.storage import history

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TABLES = ("parcel_exceptions", "history", "outbox")


class Tower:
    """Watches the parcels of one world."""

    def __init__(self, world):
        self.world, self.db, self.actor = world, world.db, world.actor

    @property
    def now(self):
        return self.world.now

    @property
    def policy(self):
        return self.world.ports[Policy]

    async def look(self):
        """One turn of the periodic job; unlike in a worker, its failure is not caught."""
        await PERIODICS["radar.look"](self.world.run)

    async def look_at(self, moment):
        """Look once at this moment."""
        self.world.clock.advance(moment - self.now)
        await self.look()

    async def open(self, **how):
        """The open exceptions, the latest first."""
        return await self.listed(is_open=True, **how)

    async def listed(self, **how):
        found = await radar.list_exceptions(self.db, actor=self.actor, **how)
        return [one.exception for one in found]

    async def kinds(self):
        """What is open, in two words each."""
        return [(one.kind.value, one.suggested_action.value) for one in await self.open()]

    async def only(self):
        (exception,) = await self.open()
        return exception

    async def reload(self, exception):
        found = await radar.get_exception(self.db, actor=self.actor, exception=exception.number)
        return found.exception

    async def ending(self, exception):
        """When and why it was closed."""
        after = await self.reload(exception)
        return after.closed_at, after.closed_because and after.closed_because.value

    async def opens_at(self, moment):
        """One exception is opened at this moment and not a second before."""
        await self.look_at(moment - SECOND)
        assert await self.open() == []
        await self.look_at(moment)
        return await self.only()

    async def story(self, exception):
        """What was done to an exception: history and events."""
        async with self.db.read(self.world.scope) as reader:
            lines = await history.of_subject(
                reader, self.world.scope, kind="parcel_exception", subject_id=exception.id
            )
            rows = await reader.fetch(
                "SELECT type FROM outbox WHERE org_id = $1 AND subject_id = $2 ORDER BY id",
                self.world.scope.org_id,
                exception.id,
            )
        return [line.action for line in lines], [row["type"].removeprefix("radar.") for row in rows]

    async def traces(self):
        """Everything that a refused call must leave alone."""
        async with self.db.read(self.world.scope) as reader:
            return {
                name: [row["whole"] for row in await reader.fetch(
                    f"SELECT {name}::text AS whole FROM {name} WHERE org_id = $1 ORDER BY 1", self.world.scope.org_id
                )]
                for name in TABLES
            }  # fmt: skip

    # Parcels that get into trouble

    async def kept(self):
        """A return whose device waits for its sender; returns transfer and device."""
        transfer = await self.world.order(ticket_reference="sim-device-kept")
        await self.world.live_until(transfer, Status.PENDING_DEVICE)
        return transfer, await self.world.device(transfer)

    async def moving(self):
        """A return whose device was scanned once, just now."""
        transfer, device = await self.kept()
        await self.report(device, Tracking.IN_TRANSIT)
        return transfer, await self.world.device(transfer)

    async def report(self, shipment, status, **how):
        """A scan, and everything that follows from it."""
        await self.world.report(shipment, status, **how)
        await self.world.settle()
