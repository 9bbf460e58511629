"""Returns of two organizations: many in every status, to be looked at, and others that wait to be sent on."""

from datetime import datetime

import asyncpg
import msgspec

from backhaul.domain.identity import OPERATOR_ORG_ID
from backhaul.domain.reshipping.model import Consignee
from bench.numbering import Prefix, id_in_sql, id_of
from bench.options import Options, Part
from bench.seeding.transfers import example_address
from bench.subjects import FIRST_RETURN, PAGE_SECRET, RETURNS_APART

WAREHOUSE = "WH0CVG01"
RETURNS_EACH = 5  # of a reshipment
BATCH = 100_000
CONSIGNEE = Consignee(
    company_name="Big Company, LLC",
    name="John Doe",
    phone=None,
    email=None,
    line_1="5200 Harry Hines Blvd",
    line_2=None,
    city="Dallas",
    state_code="TX",
    postal_code="75235",
    country_code="US",
)

SIGN_PAGES = "UPDATE installation_secrets SET secret = $1 WHERE name = 'page_tokens'"
# $1: the operator's organization; $2: the address; $3: when.
WAREHOUSES = f"""
INSERT INTO warehouses (org_id, id, code, name, address, entry_point, language, language_code, created_at)
VALUES ($1, {id_in_sql(Prefix.WAREHOUSE, "1")}, '{WAREHOUSE}', 'Cincinnati', $2, 'CVG001', 'English', 'en', $3)
"""
# Five in ten are sent on, in the order of their numbers. $1: the organization; $2 and $3: the first and the last;
# $4: when; $5: whether they are all still to be sent on; $6: what ids begin behind.
RETURNS = f"""
INSERT INTO returns (org_id, id, number, intake_id, warehouse_id, warehouse_code, status, status_before_reshipping,
    reshipment_id, tracking_number, rma_number, weight_grams, process_fee_minor, is_process_fee_due, verify_fee_minor,
    currency, message_count, received_at, processed_at, verified_at, updated_at, version)
SELECT $1, {id_in_sql(Prefix.RETURN, "$6::bigint + k")}, {FIRST_RETURN} - 1 + $6::bigint + k,
    {id_in_sql(Prefix.INTAKE, "$6::bigint + k")}, {id_in_sql(Prefix.WAREHOUSE, "1")}, '{WAREHOUSE}', made.status,
    CASE WHEN made.is_sent THEN 'processed' END,
    CASE WHEN made.is_sent THEN {id_in_sql(Prefix.RESHIPMENT, f"1 + k / {2 * RETURNS_EACH}")} END,
    '420' || lpad(($6::bigint + k)::text, 12, '0'), 'RMA-1001', 1500, 100, false,
    CASE WHEN made.status = 'verified' THEN 250 ELSE 0 END, 'USD', 0, $4, $4,
    CASE WHEN made.status = 'verified' THEN $4::timestamptz END, $4, 1
FROM generate_series($2::int, $3::int) AS k CROSS JOIN LATERAL (
    SELECT CASE WHEN $5 OR k % 10 < 3 THEN 'processed' WHEN k % 10 = 3 THEN 'verifying' WHEN k % 10 = 4 THEN 'verified'
        ELSE 'reshipped' END AS status, NOT $5 AND k % 10 >= 5 AS is_sent
) AS made
"""
ITEMS = f"""
INSERT INTO return_items (org_id, id, return_id, position, serial_number, verdict, has_charger, grade, noted_at)
SELECT $1, {id_in_sql(Prefix.RETURN_ITEM, "$5::bigint + k")}, {id_in_sql(Prefix.RETURN, "$5::bigint + k")}, 1,
    'SN' || k, 'unexpected', true, 'B', $4
FROM generate_series($2::int, $3::int) AS k
"""
# $1: the organization; $2: how many; $3: when; $4: where to.
RESHIPMENTS = f"""
INSERT INTO reshipments (org_id, id, status, contents, value_minor, currency, "to", warehouse_id, warehouse_code,
    return_numbers, estimated_fee_minor, estimate_lines, weight_grams, final_fee_minor, reship_fee_minor, hold_id,
    shipment_id, service, tracking_number, created_at, answered_at, dispatched_at, updated_at, version)
SELECT $1, {id_in_sql(Prefix.RESHIPMENT, "1 + j")}, 'approved', 'Laptop', 90000, 'USD', $4,
    {id_in_sql(Prefix.WAREHOUSE, "1")}, '{WAREHOUSE}', ARRAY(
        SELECT {FIRST_RETURN} - 1 + j * {2 * RETURNS_EACH}::bigint + n
        FROM generate_series({RETURNS_EACH}, {2 * RETURNS_EACH - 1}) AS n),
    1420, '[]', 895, 1437, 1437, {id_in_sql(Prefix.RESHIPMENT_HOLD, "1 + j")},
    {id_in_sql(Prefix.RESHIPMENT_PARCEL, "1 + j")}, 'USPS', '93' || lpad(j::text, 20, '0'), $3, $3, $3, $3, 4
FROM generate_series(0, $2::int / {2 * RETURNS_EACH}) AS j
"""


async def fill(owner: asyncpg.Connection, options: Options, parts: frozenset[Part], now: datetime) -> None:
    """Write them with the triggers off that would check every row: holds and parcels of what was sent are missing."""
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        address = example_address("organization_address", "organization_name")
        await owner.execute(SIGN_PAGES, PAGE_SECRET)
        await owner.execute(WAREHOUSES, OPERATOR_ORG_ID, address, now)
        if Part.RETURNS in parts:
            org_id = id_of(Prefix.ORGANIZATION, options.organization_of_returns)
            to = msgspec.json.encode(CONSIGNEE).decode()
            await owner.execute(RESHIPMENTS, org_id, options.returns, now, to)
            await _fill(owner, options.organization_of_returns, options.returns, now, is_waiting=False)
        if Part.RESHIPPABLE in parts:
            await _fill(owner, options.organization_of_reshippable, options.reshippable, now, is_waiting=True)


async def _fill(
    owner: asyncpg.Connection, organization: int, many: int, now: datetime, *, is_waiting: bool
) -> None:
    org_id = id_of(Prefix.ORGANIZATION, organization)
    behind = RETURNS_APART if is_waiting else 0
    for first in range(1, many + 1, BATCH):
        last = min(first + BATCH - 1, many)
        await owner.execute(RETURNS, org_id, first, last, now, is_waiting, behind)
        await owner.execute(ITEMS, org_id, first, last, now, behind)
