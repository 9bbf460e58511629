"""A campaign that waits for its day, as tests see it: people in it, time that passes, what reached anybody."""

from datetime import date, timedelta

from backhaul.domain.recovery.starting import start_campaign
from backhaul.jobqueue import PERIODICS

START = date(
    2026, 5, 11
)  # a Monday, a week after the clock's day; in Arizona, where things go, it begins at 7:00 UTC
REACHED = (
    "transfers",
    "shipments",
    "charges",
    "messages",
    "webhook_deliveries",
    "recovery_links",
    "recovery_contacts",
)
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
COUNT = "SELECT count(*) FROM {table} WHERE org_id = $1"
EVERY = ("recovery.begin_due", "recovery.remind_due", "radar.look")


class Dawn:
    """One organization before a campaign's day."""

    def __init__(self, bell):
        self.bell, self.desk, self.world, self.db = bell, bell.desk, bell.world, bell.db
        self.actor = bell.actor

    @property
    def now(self):
        return self.world.now

    async def campaign(self, *, starts_on=START, **values):
        self.made = await self.desk.create(starts_on=starts_on, **values)
        return self.made

    async def add(self, *items, **values):
        return await self.desk.add(*items, campaign=self.made, **values)

    async def starts(self, on=None):
        return await start_campaign(
            self.db, actor=self.actor, campaign_number=self.made.public_number, starts_on=on, now=self.now
        )

    async def passes(self, *, until=None, **span):
        """Let time pass, and then let everything be done that is due."""
        self.world.clock.advance((until - self.now) if until else timedelta(**span))
        await self.works()

    async def works(self):
        for _ in range(2):
            for name in EVERY:
                await PERIODICS[name](self.world.run)
            await self.world.settle()

    async def begins(self):
        await PERIODICS["recovery.begin_due"](self.world.run)

    async def reached(self):
        """How many rows there are of everything that reaches or costs somebody; nothing else."""
        async with self.db.read(self.world.scope) as reader:
            found = {
                table: await reader.fetchval(COUNT.format(table=table), self.actor.org_id)
                for table in (*REACHED, "parcel_exceptions")
            }
        return {table: count for table, count in found.items() if count}

    async def past(self, case):
        """What was done to a case."""
        return [line["action"] for line in await self.world.changes("recovery_case", case.id)]

    async def opened(self):
        """How often it was told that a case is opened, by case."""
        query = (
            "SELECT subject_id::text AS id FROM outbox WHERE org_id = $1 AND type = 'recovery.case_opened'"
        )
        async with self.db.read(self.world.scope) as reader:
            return sorted(row["id"] for row in await reader.fetch(query, self.actor.org_id))

    async def invited(self):
        query = (
            "SELECT recipient, decided_at FROM messages WHERE org_id = $1 AND template = 'recovery/invited'"
        )
        async with self.db.read(self.world.scope) as reader:
            return {
                row["recipient"]: row["decided_at"] for row in await reader.fetch(query, self.actor.org_id)
            }
