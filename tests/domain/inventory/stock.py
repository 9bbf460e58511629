"""One organization's devices as tests see them: every operation in a word, and every row there is."""

import contextlib
from datetime import timedelta

import msgspec
import pytest

from backhaul.domain.identity.model import Actor
from backhaul.domain.inventory import operations, queries, tables
from backhaul.domain.inventory.model import Asset, AssetPatch, CustodyEvent, asset_number
from backhaul.domain.inventory.operations import custody
from backhaul.kernel.errors import DomainError, InvalidInput
from backhaul.kernel.ids import new_id
from backhaul.storage.database import Scope

# Everything a refused call must leave alone.
TABLES = (
    "assets", "custody_events", "history", "outbox", "product_types", "manufacturers", "models", "status_labels",
    "departments", "locations", "employees", "row_buckets",
)  # fmt: skip
CHANGES = """
SELECT action, actor_kind, at, change FROM history WHERE org_id = $1 AND subject_kind = 'asset' AND subject_id = $2
ORDER BY (change->'version'->>1)::integer
"""
LEDGER = "SELECT * FROM custody_events WHERE org_id = $1 AND asset_id = $2 ORDER BY sequence"
ROW = "SELECT * FROM assets WHERE org_id = $1 AND id = $2"


class Stock:
    def __init__(self, db, clock, make, *, actor: Actor):
        self.db, self.clock, self.make, self.actor = db, clock, make, actor
        self.scope = Scope(actor.org_id)

    @property
    def now(self):
        return self.clock.now()

    def pass_time(self, hours=1):
        self.clock.advance(timedelta(hours=hours))

    async def elsewhere(self) -> "Stock":
        """Another organization's stock."""
        return Stock(self.db, self.clock, self.make, actor=await self.make.organization())

    async def employee(self, **changes):
        return await self.make.employee(self.actor, **changes)

    async def add(self, **changes) -> Asset:
        return (await self.make.asset(self.actor, **changes)).asset

    async def change(self, asset, **changes):
        name = asset if isinstance(asset, str) else asset.serial_number
        return await operations.change_asset(
            self.db, actor=self.actor, asset=name, patch=AssetPatch(**changes), now=self.now
        )

    async def assign(self, asset, person, **options):
        return await operations.assign_asset(
            self.db,
            actor=self.actor,
            asset_number=number(asset),
            email=address(person),
            now=self.now,
            **options,
        )

    async def unassign(self, asset, person, status_name="Ready to Deploy"):
        return await operations.unassign_asset(
            self.db,
            actor=self.actor,
            asset_number=number(asset),
            email=address(person),
            status_name=status_name,
            now=self.now,
        )

    async def take_in(self, asset, note=None):
        name = asset if isinstance(asset, str) else asset.serial_number
        return await operations.take_in(self.db, actor=self.actor, asset=name, note=note, now=self.now)

    async def ship(self, asset, shipment_id, *, at=None):
        async with self.db.transaction(self.scope) as tx:
            locked = await custody.lock_by_serial(tx, asset.serial_number)
            return await custody.ship(
                tx, self.actor.author, locked, shipment_id=shipment_id, at=at or self.now, evidence=PROOF
            )

    async def receive(self, asset, return_number):
        """At a warehouse, in a return."""
        async with self.db.transaction(self.scope) as tx:
            locked = await custody.lock_by_serial(tx, asset.serial_number)
            evidence = {"return": return_number}
            return await custody.receive(
                tx, self.actor.author, locked, warehouse_id=new_id(), at=self.now, evidence=evidence
            )

    async def deliver(self, asset, shipment_id, *, at=None):
        """To the organization."""
        async with self.db.transaction(self.scope) as tx:
            locked = await custody.lock_by_serial(tx, asset.serial_number)
            return await custody.deliver_to_organization(
                tx, self.actor.author, locked, shipment_id=shipment_id, at=at or self.now, evidence=PROOF
            )

    async def deliver_to(self, asset, shipment_id, *emails, at=None):
        async with self.db.transaction(self.scope) as tx:
            locked = await custody.lock_by_serial(tx, asset.serial_number)
            return await custody.deliver_to_person(
                tx,
                self.actor.author,
                locked,
                shipment_id=shipment_id,
                emails=emails,
                at=at or self.now,
                evidence=PROOF,
            )

    async def outside(self, **changes) -> Asset:
        """An asset with somebody who is not in the directory."""
        asset, shipment_id = await self.add(**changes), new_id()
        await self.ship(asset, shipment_id)
        return await self.deliver_to(asset, shipment_id, "stranger@example.com")

    async def overwrite(self, asset: Asset) -> None:
        """Write an asset's state as it is given, past every rule of ours."""
        async with self.db.transaction(self.scope) as tx:
            tables.save(tx, asset)
            await tables.write(tx, asset)

    async def execute(self, statement: str, *arguments) -> str:
        """Change rows by hand."""
        async with self.db.transaction(self.scope) as tx:
            return await tx.execute(statement, self.scope.org_id, *arguments)

    async def somebody_waits(self) -> None:
        """Return when a transaction waits for another."""
        waiting = False
        while not waiting:
            async with self.db.read(self.scope) as reader:
                waiting = await reader.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")

    async def reload(self, asset) -> Asset:
        async with self.db.read(self.scope) as reader:
            row = await reader.fetchrow(ROW, self.scope.org_id, asset.id)
        return msgspec.convert(dict(row), Asset)

    async def detail(self, asset):
        return await queries.get_asset(self.db, actor=self.actor, serial_number=asset.serial_number)

    async def status_of(self, asset) -> str:
        return (await self.detail(asset)).status.name

    async def labels(self):
        found = await queries.list_status_labels(self.db, actor=self.actor)
        return {label.id: label for label in found}

    async def changes(self, asset):
        """The history of an asset, oldest first, as it is stored."""
        async with self.db.read(self.scope) as reader:
            return [dict(row) for row in await reader.fetch(CHANGES, self.scope.org_id, asset.id)]

    async def ledger(self, asset) -> list[CustodyEvent]:
        async with self.db.read(self.scope) as reader:
            rows = await reader.fetch(LEDGER, self.scope.org_id, asset.id)
        return [msgspec.convert(dict(row), CustodyEvent) for row in rows]

    async def told(self, asset) -> list[str]:
        """The events about an asset."""
        async with self.db.read(self.scope) as reader:
            rows = await reader.fetch(
                "SELECT type FROM outbox WHERE org_id = $1 AND subject_id = $2 ORDER BY id",
                self.scope.org_id,
                asset.id,
            )
        return [row["type"] for row in rows]

    async def traces(self) -> dict[str, list[str]]:
        """Every row of this organization."""
        async with self.db.read(self.scope) as reader:
            return {
                table: [
                    row["row"]
                    for row in await reader.fetch(
                        f"SELECT t::text AS row FROM {table} AS t WHERE org_id = $1 ORDER BY 1",
                        self.scope.org_id,
                    )
                ]
                for table in TABLES
            }

    @contextlib.asynccontextmanager
    async def refused(self, kind: type[DomainError]):
        """Expect a refusal, and that nothing changed; yields a list that then holds the refusal."""
        before, caught = await self.traces(), []
        with pytest.raises(kind) as raised:
            yield caught
        assert type(raised.value) is kind
        caught.append(raised.value)
        assert await self.traces() == before

    @contextlib.asynccontextmanager
    async def invalid(self, *problems: tuple[str, str]):
        """Expect these wrong values, each with its code, and that nothing changed."""
        async with self.refused(InvalidInput) as caught:
            yield
        assert [(problem.path, problem.code) for problem in caught[0].problems] == list(problems)


PROOF = {"tracking_number": "1Z999"}


def number(asset) -> str:
    return asset if isinstance(asset, str) else asset_number(asset.number, asset.created_at)


def address(person) -> str:
    return person if isinstance(person, str) else person.email


async def names(stock, table):
    async with stock.db.read(stock.scope) as reader:
        rows = await reader.fetch(
            f"SELECT name FROM {table} WHERE org_id = $1 ORDER BY number", stock.scope.org_id
        )
    return [row["name"] for row in rows]
