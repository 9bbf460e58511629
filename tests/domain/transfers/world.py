"""A small world on a stepped clock: one organization, simulated carriers and gateway, mail in a folder.

Nothing in it runs by itself. `settle` does all there is to do at this moment; `live` moves the clock from one
due moment to the next, so that a month takes a second and every instant is exact.
"""

from datetime import datetime, timedelta

from backhaul.domain.billing import queries as billing_queries
from backhaul.domain.notify import queries as notify_queries
from backhaul.domain.shipping import queries as shipping_queries
from backhaul.domain.shipping.model import Leg, TrackingEvent, TrackResult
from backhaul.domain.shipping.operations import ingest
from backhaul.domain.transfers import queries
from backhaul.domain.transfers.model import Policy
from backhaul.domain.work import DECLARING
from backhaul.jobqueue import PERIODICS, Run, list_parked
from backhaul.jobqueue.draining import drain
from backhaul.main import make_ports
from backhaul.settings import Settings, ShippingSettings
from backhaul.storage import relay
from backhaul.storage.database import Scope

assert DECLARING

DAILY = ("shipping.look_up_due", "transfers.remind_due", "transfers.give_up_due", "billing.collect_due")
DAY = timedelta(days=1)

# When something happens next, on the clock of this world.
NEXT_DUE = """
SELECT min(at) FROM (
    SELECT min(next_look_at) AS at FROM shipments
    UNION ALL SELECT min(next_reminder_at) FROM transfers
    UNION ALL SELECT min(give_up_at) FROM transfers
    UNION ALL SELECT min(next_attempt_at) FROM charges
    UNION ALL SELECT min(next_attempt_at) FROM outbox WHERE processed_at IS NULL AND attempts < 12
    UNION ALL SELECT min(execute_after) FROM jobs.pgqueuer WHERE status = 'queued' AND execute_after <> created
) AS due WHERE at > $1
"""
CHANGES = """
SELECT action, actor_kind, at, change FROM history
WHERE org_id = $1 AND subject_kind = $2 AND subject_id = $3
ORDER BY coalesce((change -> 'version' ->> 1)::int, 0), at
"""


class World:
    def __init__(self, db, clock, make, *, actor, folder, settings=None):
        self.db, self.clock, self.make, self.actor, self.folder = db, clock, make, actor, folder
        self.scope = Scope(actor.org_id)
        self.settings = settings or Settings(shipping=ShippingSettings(day_seconds=86_400))
        self.ports = make_ports(self.settings, db, folder)
        self.run = Run(db, clock, self.ports)
        self.url = None  # of its database, for another process's pools
        self.expects_failures = False  # a test of failures says so; elsewhere a logged error fails the test

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def policy(self) -> Policy:
        return self.ports[Policy]

    async def elsewhere(self, settings=None):
        """The same world for another organization, or set up in another way."""
        actor = await self.make.organization()
        chosen = settings or self.settings
        return World(self.db, self.clock, self.make, actor=actor, folder=self.folder, settings=chosen)

    async def order(self, **changes):
        """A placed transfer with everything done that follows from it at once."""
        transfer = await self.place(**changes)
        await self.settle()
        return transfer

    async def place(self, **changes):
        """A placed transfer, and nothing else yet."""
        return await self.make.transfer(self.actor, **changes)

    # Time

    async def relay(self) -> int:
        """Tell every event that can be told now."""
        total = 0
        while told := await relay.relay_waiting(self.db, ports=self.ports, clock=self.clock):
            total += told
        return total

    async def drain(self):
        """Run every job that is due now."""
        return await drain(self.db, clock=self.clock, ports=self.ports)

    async def look(self) -> None:
        """Run one turn of every periodic job; unlike in a worker, their failures are not caught."""
        for name in DAILY:
            await PERIODICS[name](self.run)

    async def settle(self) -> None:
        """Do everything there is to do at this moment."""
        await self._work()
        await self.look()
        while await self._work():
            await self.look()

    async def _work(self) -> int:
        done = 0
        while True:
            told = await self.relay()
            ran = await self.drain()
            if not told and not ran.runs:
                return done
            done += told + ran.runs

    async def live(self, *, days: float, step_hours: float | None = None) -> None:
        """Let time pass: from one due moment to the next, or in equal steps."""
        end = self.now + timedelta(days=days)
        await self.settle()
        while self.now < end:
            step = timedelta(hours=step_hours) if step_hours else None
            following = self.now + step if step else await self._next_due() or end
            self.clock.advance(min(following, end) - self.now)
            await self.settle()

    async def live_until(self, transfer, status, *, at_most_days: float = 40):
        """Let time pass until the transfer has this status; return the transfer."""
        end = self.now + timedelta(days=at_most_days)
        await self.settle()
        while (current := await self.reload(transfer)).status is not status:
            following = await self._next_due()
            assert following is not None, f"nothing is due any more, and the transfer is {current.status}"
            assert following <= end, f"still {current.status} at {self.now}"
            self.clock.advance(following - self.now)
            await self.settle()
        return current

    async def _next_due(self) -> datetime | None:
        async with self.db.system() as reader:
            return await reader.fetchval(NEXT_DUE, self.now)

    # What became of it

    async def detail(self, transfer):
        return await queries.get_detail(self.db, actor=self.actor, transfer_id=transfer.id)

    async def reload(self, transfer):
        return (await self.detail(transfer)).transfer

    async def parcels(self, transfer):
        async with self.db.read(self.scope) as reader:
            return await shipping_queries.find_of_subject(
                reader, self.scope, kind="transfer", subject_id=transfer.id
            )

    async def box(self, transfer):
        return (await self.parcels(transfer))[Leg.BOX]

    async def device(self, transfer):
        return (await self.parcels(transfer))[Leg.DEVICE]

    async def scans(self, shipment):
        async with self.db.read(self.scope) as reader:
            return await shipping_queries.list_events(reader, self.scope, shipment_id=shipment.id)

    async def changes(self, kind, subject_id):
        """A record's history, by version: a version that nobody noted shows as a gap."""
        async with self.db.read(self.scope) as reader:
            return [dict(row) for row in await reader.fetch(CHANGES, self.scope.org_id, kind, subject_id)]

    async def history(self, record) -> list[str]:
        """What was done to a transfer, shipment, charge or pickup."""
        kind = type(record).__name__.lower()
        return [line["action"] for line in await self.changes(kind, record.id)]

    async def statuses(self, record) -> list[str]:
        """The statuses a record went through, as its history tells them."""
        lines = await self.changes(type(record).__name__.lower(), record.id)
        return [line["change"]["status"][1] for line in lines if "status" in line["change"]]

    async def messages(self, transfer):
        """Every message about a transfer, in order of time; those of one moment by name."""
        async with self.db.read(self.scope) as reader:
            found = await notify_queries.list_messages(
                reader, self.scope, about=("transfer", transfer.id), limit=200
            )
        return sorted(found, key=lambda message: (message.decided_at, message.template, message.recipient))

    async def letters(self, transfer) -> list[tuple[str, str]]:
        """Which letters went to whom; all of them must have been sent."""
        messages = await self.messages(transfer)
        assert {message.status.value for message in messages} <= {"sent"}
        return [(message.template.removeprefix("transfers/"), message.recipient) for message in messages]

    async def letter_text(self, transfer, letter) -> str:
        """The words of a letter, in one line."""
        found = [m for m in await self.messages(transfer) if m.template == f"transfers/{letter}"]
        async with self.db.read(self.scope) as reader:
            _, body = await notify_queries.get_message(reader, self.scope, message_id=found[-1].id)
        return " ".join(body.text.split())

    async def charges(self, transfer):
        async with self.db.read(self.scope) as reader:
            return await billing_queries.get_charges_of(
                reader, self.scope, subject_kind="transfer", subject_id=transfer.id
            )

    async def payments(self, transfer) -> list[tuple[str, int, int]]:
        """What was asked for: (status, amount, given back)."""
        return [
            (charge.status.value, charge.amount_minor, charge.refunded_minor)
            for charge in await self.charges(transfer)
        ]

    async def balances(self) -> dict[str, int]:
        """What stands on the organization's accounts; the books of all of them hold."""
        async with self.db.system() as reader:
            assert (await billing_queries.audit(reader)).holds
        async with self.db.read(self.scope) as reader:
            found = await billing_queries.ledger_balance(reader, self.scope)
        return {line.account.value: line.amount_minor for line in found if line.amount_minor}

    async def events(self, transfer) -> list[tuple[str, dict]]:
        """The outbox about a transfer."""
        async with self.db.read(self.scope) as reader:
            rows = await reader.fetch(
                "SELECT type, payload FROM outbox WHERE org_id = $1 AND subject_id = $2 ORDER BY id",
                self.scope.org_id,
                transfer.id,
            )
        return [(row["type"], row["payload"]) for row in rows]

    async def moves(self, transfer, leg) -> list[tuple[str, str]]:
        """What the outbox says of one parcel's movement."""
        return [
            (told["before"], told["after"])
            for name, told in await self.events(transfer)
            if name == "shipping.parcel_moved" and told["leg"] == leg.value
        ]

    async def jobs(self) -> list[str]:
        """The jobs that wait or are parked."""
        async with self.db.system() as reader:
            rows = await reader.fetch("SELECT entrypoint FROM jobs.pgqueuer ORDER BY id")
        return [row["entrypoint"] for row in rows]

    async def parked(self):
        return await list_parked(self.db)

    async def traces(self) -> dict[str, list]:
        """Everything that is written down; a refused call leaves this as it was."""
        tables = ("transfers", "shipments", "pickups", "charges", "refunds", "messages", "history", "outbox")
        async with self.db.read(self.scope) as reader:
            kept = {
                name: [row["whole"] for row in await reader.fetch(
                    f"SELECT {name}::text AS whole FROM {name} WHERE org_id = $1 ORDER BY 1", self.scope.org_id
                )]
                for name in tables
            }  # fmt: skip
        return kept | {"jobs": await self.jobs()}

    async def report(self, shipment, status, *, at=None, text="", fault=None, now=None):
        """Take in one scan, as if its carrier had told it."""
        scan = TrackingEvent(
            status=status, at=at or self.now, carrier_status=status.value, text=text, fault=fault
        )
        return await ingest(
            self.db,
            scope=self.scope,
            shipment_id=shipment.id,
            tracking_number=shipment.tracking_number,
            result=TrackResult(events=(scan,)),
            now=now or self.now,
        )


# One scan of each kind that a parcel on a plain journey shows: label, six on the road, delivery.
PLAIN_JOURNEY = ["opened", "label_bought", *["tracked"] * 8]
PLAIN_STATUSES = ["pre_transit", "in_transit", "out_for_delivery", "delivered"]
