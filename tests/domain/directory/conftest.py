import asyncio
import contextlib
import re

import pytest

from backhaul.domain import directory
from backhaul.storage import history
from backhaul.storage.connecting import DatabaseUrls, Session
from backhaul.storage.database import Database, Scope
from backhaul.storage.nudges import SEND

TABLES = ("employees", "former_employees", "locations", "departments", "history", "outbox")
WAITING = "SELECT 1 FROM pg_locks WHERE NOT granted"
TENANT = re.compile(r"'[0-9a-f]{32}'")


class Ground:
    """One organization's directory, as a caller changes it and as the tables show it."""

    def __init__(self, db, clock, make, actor):
        self.db, self.clock, self.make, self.actor = db, clock, make, actor
        self.scope = Scope(actor.org_id)

    async def add(self, **changes):
        return await self.make.employee(self.actor, **changes)

    async def add_many(self, *many):
        return await directory.add_employees(self.db, actor=self.actor, many=list(many), now=self.clock.now())

    async def update(self, employee, details):
        return await directory.update_employee(
            self.db, actor=self.actor, employee=employee, details=details, now=self.clock.now()
        )

    async def remove(self, employee):
        await directory.remove_employee(self.db, actor=self.actor, employee=employee, now=self.clock.now())

    async def get(self, employee):
        return await directory.get_employee(self.db, actor=self.actor, employee=employee)

    async def fetch(self, statement, *values):
        async with self.db.read(self.scope) as reader:
            return await reader.fetch(statement, *values)

    async def traces(self):
        """Every row there is of this organization: a refused call leaves this as it was."""
        return {
            table: sorted(
                str(dict(row))
                for row in await self.fetch(f"SELECT * FROM {table} WHERE org_id = $1", self.actor.org_id)
            )
            for table in (*TABLES, "row_buckets")
        }

    async def counts(self):
        """How many rows of the directory this organization has in each table."""
        ours = {"history": "subject_kind = 'employee'", "outbox": "type LIKE 'directory.%'"}
        counted = {
            table: await self.fetch(
                f"SELECT count(*) AS n FROM {table} WHERE org_id = $1 AND {ours.get(table, 'true')}",
                self.actor.org_id,
            )
            for table in TABLES
        }
        return {table: rows[0]["n"] for table, rows in counted.items()}

    async def names(self, table):
        rows = await self.fetch(f"SELECT name FROM {table} WHERE org_id = $1", self.actor.org_id)
        return sorted(row["name"] for row in rows)

    async def counted(self):
        """How many employees the buckets say there are."""
        rows = await self.fetch(
            "SELECT sum(live) AS live FROM row_buckets WHERE org_id = $1 AND list = 'employees'",
            self.actor.org_id,
        )
        return int(rows[0]["live"] or 0)

    async def history_of(self, employee_id):
        """[(action, change)] of an employee, oldest first."""
        async with self.db.read(self.scope) as reader:
            entries = await history.of_subject(reader, self.scope, kind="employee", subject_id=employee_id)
        return [(entry.action, entry.change) for entry in entries]

    async def events_of(self, employee_id):
        """[(type, payload)] of an employee, oldest first."""
        rows = await self.fetch(
            "SELECT type, payload FROM outbox WHERE org_id = $1 AND subject_id = $2 ORDER BY id",
            self.actor.org_id,
            employee_id,
        )
        return [(row["type"], row["payload"]) for row in rows]

    async def until_waiting(self, count=1):
        """Wait until so many statements wait for other transactions."""
        async with asyncio.timeout(20):
            while len(await self.fetch(WAITING)) < count:  # noqa: ASYNC110 -- PostgreSQL tells nobody
                await asyncio.sleep(0.01)


class GivenUp(Exception):
    """What ends a transaction of a test that is not to be kept."""


@contextlib.asynccontextmanager
async def given_up(db, scope):
    """A transaction that is rolled back in the end."""
    with contextlib.suppress(GivenUp):
        async with db.transaction(scope) as tx:
            yield tx
            raise GivenUp


@pytest.fixture
async def ground(db, clock, make):
    return Ground(db, clock, make, await make.organization())


@pytest.fixture
async def elsewhere(db, clock, make):
    """Another organization."""
    return Ground(db, clock, make, await make.organization())


class Statements:
    """The statements sent, in order."""

    def __init__(self):
        self._seen = []

    def __call__(self, record):
        if record.query != SEND:
            self._seen += [one for one in TENANT.sub("'{}'", record.query).split(";") if one]

    async def taken(self):
        """Return them, and forget them."""
        await asyncio.sleep(0)  # the driver logs in the loop's next round
        taken, self._seen = self._seen, []
        return taken


@pytest.fixture
async def logged(database_url, ground):
    """The same ground on one connection, and what it sends."""
    statements = Statements()
    session = Session(app_connections=1, worker_connections=1, logger=statements)
    db = await Database.open(DatabaseUrls.single(database_url), session)
    ground.make.db = db
    yield Ground(db, ground.clock, ground.make, ground.actor), statements
    await db.close()
