"""Files of one organization as tests hand them in and look at what came of them."""

import csv
import io

import msgspec

from backhaul.domain.bulk.exporting import export_file
from backhaul.domain.bulk.model import Form, Kind
from backhaul.domain.bulk.operations import apply_batch, open_batch, review_file, undo_batch
from backhaul.domain.bulk.reading import open_source
from backhaul.domain.directory import remove_employee
from backhaul.domain.inventory.model import Asset
from backhaul.storage.history import of_subject

ROW = {
    "serial_number": "SN-1",
    "product_type": "Laptop",
    "product_name": "Book 13",
    "manufacturer": "Apple",
    "asset_status": "Available",
}
PERSON = {
    "email": "ada@example.com",
    "firstname": "Ada",
    "lastname": "Lovelace",
    "address_1": "1 Main Street",
    "city": "Springfield",
    "country": "US",
}
TABLES = (
    "assets", "custody_events", "history", "outbox", "product_types", "manufacturers", "models", "departments",
    "locations", "employees", "former_employees", "row_buckets", "import_batches", "import_chunks", "import_images",
)  # fmt: skip


def table(*rows, delimiter=","):
    """A CSV file of these rows; every column that any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def device(serial_number="SN-1", **values):
    return {**ROW, "serial_number": serial_number, **values}


def person(email="ada@example.com", **values):
    return {**PERSON, "email": email, **values}


class Desk:
    def __init__(self, stock):
        self.stock = stock
        self.db, self.actor, self.scope = stock.db, stock.actor, stock.scope

    @property
    def now(self):
        return self.stock.now

    def source(self, file):
        return open_source(io.BytesIO(file), name="devices.csv")

    async def review(self, file, kind=Kind.ASSETS):
        """What a dry run says: counts by verdict, and [(row, column, code)] of every error."""
        problems = []
        review = await review_file(
            self.db, actor=self.actor, kind=kind, source=self.source(file), report=problems.append
        )
        return counts(review), [(p.row, p.column, p.code) for p in problems]

    async def open(self, file, kind=Kind.ASSETS, **options):
        return await open_batch(
            self.db, actor=self.actor, kind=kind, source=self.source(file), now=self.now, **options
        )

    async def run(self, file, kind=Kind.ASSETS, **options):
        """Open and apply a file; returns the import."""
        opened = await self.open(file, kind, **options)
        return None if opened.batch is None else await self.apply(opened.batch)

    async def apply(self, batch):
        return await apply_batch(self.db, actor=self.actor, batch=batch, now=self.now)

    async def undo(self, batch):
        return await undo_batch(self.db, actor=self.actor, batch=batch, now=self.now)

    async def remove(self, employee):
        await remove_employee(self.db, actor=self.actor, employee=employee, now=self.now)

    async def export(self, form=Form.CSV, kind=Kind.ASSETS):
        parts = []
        count = await export_file(self.db, actor=self.actor, kind=kind, form=form, write=parts.append)
        return b"".join(parts), count

    async def fetch(self, statement, *values):
        async with self.db.read(self.scope) as reader:
            return await reader.fetch(statement, self.actor.org_id, *values)

    async def assets(self):
        """Every asset by serial number."""
        rows = await self.fetch("SELECT * FROM assets WHERE org_id = $1 ORDER BY number")
        return {row["serial_number"]: msgspec.convert(dict(row), Asset) for row in rows}

    async def employees(self):
        """Every employee's row by address."""
        rows = await self.fetch("SELECT * FROM employees WHERE org_id = $1 ORDER BY number")
        return {row["email"]: dict(row) for row in rows}

    async def names(self, table):
        return sorted(row["name"] for row in await self.fetch(f"SELECT name FROM {table} WHERE org_id = $1"))

    async def history(self, kind, subject_id):
        async with self.db.read(self.scope) as reader:
            return await of_subject(reader, self.scope, kind=kind, subject_id=subject_id)

    async def traces(self):
        """Every row of this organization, in every table."""
        return {
            name: sorted(
                row["row"]
                for row in await self.fetch(f"SELECT t::text AS row FROM {name} AS t WHERE org_id = $1")
            )
            for name in TABLES
        }

    async def counted(self):
        """How many assets the buckets say there are."""
        [row] = await self.fetch(
            "SELECT coalesce(sum(live), 0)::int AS n FROM row_buckets WHERE org_id = $1 AND list = 'assets'"
        )
        return row["n"]


def counts(review):
    return {verdict.value: count for verdict, count in review.verdicts.items() if count}
