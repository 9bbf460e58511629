"""Devices, and the employees, models and places that they name.

Every organization of a group gets one in turn, as if all of them added theirs over the same time.
"""

from datetime import datetime

import asyncpg
import msgspec

from bench.numbering import Prefix, id_in_sql
from bench.options import LARGE, Options, Part
from bench.subjects import SERIAL

BATCH = 100_000
PRODUCT_TYPES, MANUFACTURERS, MODELS, PLACES = 5, 10, 20, 4
ASSETS_PER_EMPLOYEE = 10  # of which some are in stock

# Numbers within an organization, `k`, stand in ids behind that of the organization, `n`.
APART = 100_000_000


def _id(prefix: Prefix, k: str) -> str:
    return id_in_sql(prefix, f"n * {APART}::bigint + {k}")


_ORGANIZATION = id_in_sql(Prefix.ORGANIZATION, "n")
_USER = id_in_sql(Prefix.USER, "n")

# $1: the first organization; $2: how many organizations; $3: now; $4: how many of the kind each has.
_EACH = "FROM generate_series($1::int, $1 + $2::int - 1) AS n CROSS JOIN generate_series(1, $4::int) AS k"


def _named(table: str, prefix: Prefix, word: str) -> str:
    return f"""
INSERT INTO {table} (org_id, id, name, created_at)
SELECT {_ORGANIZATION}, {_id(prefix, "k")}, '{word} ' || k, $3 {_EACH}
"""


PRODUCT_TYPE = _named("product_types", Prefix.PRODUCT_TYPE, "Laptop")
MANUFACTURER = _named("manufacturers", Prefix.MANUFACTURER, "Lenovo")
DEPARTMENT = _named("departments", Prefix.DEPARTMENT, "Department")
LOCATION = _named("locations", Prefix.LOCATION, "Office")
MODEL = f"""
INSERT INTO models (org_id, id, product_type_id, manufacturer_id, name, created_at)
SELECT {_ORGANIZATION}, {_id(Prefix.MODEL, "k")}, {_id(Prefix.PRODUCT_TYPE, f"1 + k % {PRODUCT_TYPES}")},
    {_id(Prefix.MANUFACTURER, f"1 + k % {MANUFACTURERS}")}, 'ThinkPad T' || k, $3
{_EACH}
"""
EMPLOYEE = f"""
INSERT INTO employees (org_id, id, first_name, last_name, email, phone, phone_country, status, department_id,
    location_id, location_type, line_1, city, state, postal_code, country_code, created_at, updated_at, version)
SELECT {_ORGANIZATION}, {_id(Prefix.EMPLOYEE, "k")}, 'Erin', 'Doe ' || k, 'erin.doe.' || k || '@example.com',
    '5551234567', 'US', 'active', {_id(Prefix.DEPARTMENT, f"1 + k % {PLACES}")},
    {_id(Prefix.LOCATION, f"1 + k % {PLACES}")}, 'remote_employee', '5623 Howardsville Rd', 'Millsboro', 'DE', '19966',
    'US', $3, $3, 1
{_EACH}
"""

# $4 and $5: the first and the last of all the group's assets; $6: how many employees each organization has.
# Six of ten are in use, three are available, and one is retired.
ASSETS = f"""
INSERT INTO assets (org_id, id, tag, serial_number, model_id, model_number, sku, status_id, condition, purchased_on,
    purchase_cost_minor, purchase_currency, purchase_type, warranty_starts_on, warranty_ends_on, department_id,
    location_id, imei, custody, employee_id, custody_since, custody_count, created_at, updated_at, version)
SELECT {_ORGANIZATION}, {_id(Prefix.ASSET, "k")}, 'IT-' || k, '{SERIAL}' || lpad(k::text, 12, '0'),
    {_id(Prefix.MODEL, f"1 + k % {MODELS}")}, '21HD00' || k % {MODELS}, 'SKU-' || k % {MODELS}, status.id, 'good',
    date '2023-01-15' + k % 700, 145000, 'USD', 'purchased', date '2023-01-15' + k % 700, date '2026-01-15' + k % 700,
    {_id(Prefix.DEPARTMENT, f"1 + k % {PLACES}")}, {_id(Prefix.LOCATION, f"1 + k % {PLACES}")},
    '35' || lpad(k::text, 13, '0'), CASE WHEN made.is_used THEN 'employee' ELSE 'organization' END,
    CASE WHEN made.is_used THEN {_id(Prefix.EMPLOYEE, "1 + k % $6::int")} END, $3, 1, $3, $3, 1
FROM (
    SELECT $1::int + (i - 1) % $2::int AS n, 1 + (i - 1) / $2::int AS k, (i - 1) / $2::int % 10 < 6 AS is_used
    FROM generate_series($4::int, $5::int) AS i
) AS made
JOIN status_labels AS status ON status.org_id = {_ORGANIZATION}
    AND status.name = CASE WHEN is_used THEN 'In Use' WHEN (k - 1) % 10 < 9 THEN 'Available' ELSE 'Retired' END
ORDER BY k, n
"""

# What the triggers would have written, once for all.
HANDED_OVER = """
INSERT INTO custody_events (org_id, asset_id, sequence, reason, to_custody, to_id, at, author_kind)
SELECT org_id, id, 1, 'added', custody, employee_id, custody_since, 'system' FROM assets
"""
COUNTED = """
INSERT INTO row_buckets (org_id, list, bucket, live)
SELECT org_id, '{list}', number >> 12, count(*) FROM {list} GROUP BY org_id, number >> 12
"""


class Group(msgspec.Struct, frozen=True):
    """Organizations that have as many assets each."""

    first_organization: int
    organizations: int
    assets: int  # of each

    @property
    def employees(self) -> int:
        """How many each has."""
        return max(1, self.assets // ASSETS_PER_EMPLOYEE)


def groups(options: Options, parts: frozenset[Part]) -> list[Group]:
    """Return what is needed."""
    found = []
    if Part.ASSETS in parts:
        found.append(Group(1, options.organizations, options.assets // options.organizations))
    large = sorted(parts & frozenset(LARGE), key=options.assets_of)
    return found + [Group(options.organization_of(part), 1, options.assets_of(part)) for part in large]


async def fill(owner: asyncpg.Connection, wanted: list[Group], now: datetime) -> None:
    """Write all of them in one transaction, with the triggers off that would check and count row by row."""
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        for group in wanted:
            await _fill(owner, group, now)
        await owner.execute(HANDED_OVER)
        for name in ("employees", "assets"):
            await owner.execute(COUNTED.format(list=name))


async def _fill(owner: asyncpg.Connection, group: Group, now: datetime) -> None:
    each = (group.first_organization, group.organizations, now)
    for statement, many in (
        (PRODUCT_TYPE, PRODUCT_TYPES),
        (MANUFACTURER, MANUFACTURERS),
        (MODEL, MODELS),
        (DEPARTMENT, PLACES),
        (LOCATION, PLACES),
        (EMPLOYEE, group.employees),
    ):
        await owner.execute(statement, *each, many)
    every = group.organizations * group.assets
    for first in range(1, every + 1, BATCH):
        last = min(first + BATCH - 1, every)
        await owner.execute(ASSETS, *each, first, last, group.employees)
