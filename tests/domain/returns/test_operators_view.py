"""What a warehouse sees of its customers' rows: by named functions that answer the operator's session alone.

Decision 0030 says why these return what a screen shows and not ids.
"""

import asyncpg
import pytest

from backhaul.domain.identity import OPERATOR_ORG_ID

NAMED = """
SELECT p.proname FROM pg_proc AS p
WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND p.proname LIKE 'warehouse\\_%' ORDER BY p.proname
"""
ASKED = {
    "warehouse_counts": "SELECT to_open FROM warehouse_counts($1, 10)",
    "warehouse_customers": "SELECT id FROM warehouse_customers($1, '', 10)",
    "warehouse_devices": "SELECT name FROM warehouse_devices($1, '{WATCHED-1}', 10)",
    "warehouse_found": "SELECT key FROM warehouse_found($1, '{WATCHED-1}', NULL, 10)",
    "warehouse_intakes": "SELECT number FROM warehouse_intakes($1, 9223372036854775807, false, 10)",
    "warehouse_reshipments": "SELECT number FROM warehouse_reshipments($1, 'quotes', 0, 10)",
    "warehouse_returns": "SELECT number FROM warehouse_returns($1, 'open', 0, 10)",
}
RESHIPMENT = """
INSERT INTO reshipments (org_id, id, status, contents, value_minor, currency, "to", warehouse_id, warehouse_code,
    return_numbers, estimated_fee_minor, estimate_lines, weight_grams, reship_fee_minor, created_at, expires_at,
    updated_at, version)
SELECT $1, gen_random_uuid(), 'pending', 'Laptop', 1, 'USD', '{}', w.id, w.code, '{1}', 0, '[]', 1, 0, now(), now(),
    now(), 1
FROM warehouses AS w LIMIT 1
"""


@pytest.fixture
async def stocked(depot):
    """A warehouse with something in each of its queues, and a session that stands in whatever it is told."""
    one = await depot.parcel(status="received", serial_number="WATCHED-1")
    await depot.scan(one.number, "WATCHED-1")
    connection = await asyncpg.connect(depot.world.url)
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(RESHIPMENT, depot.customer.org_id)
    yield depot, connection
    await connection.close()


async def test_every_function_is_asked_here(stocked):
    _, connection = stocked
    assert [row["proname"] for row in await connection.fetch(NAMED)] == sorted(ASKED)


@pytest.mark.parametrize("name", ASKED)
async def test_the_operators_session_alone_is_answered(stocked, name):
    depot, connection = stocked
    operator, customer = OPERATOR_ORG_ID, depot.customer.org_id
    await connection.execute("SET ROLE backhaul_app")

    async def answered(*, standing_in, asking_for):
        await connection.execute(f"SET app.org_id = '{standing_in or ''}'")
        return len(await connection.fetch(ASKED[name], asking_for))

    assert await answered(standing_in=operator, asking_for=operator) >= 1
    assert await answered(standing_in=customer, asking_for=operator) == 0
    assert await answered(standing_in=customer, asking_for=customer) == 0
    assert await answered(standing_in=operator, asking_for=customer) == 0
    assert await answered(standing_in=None, asking_for=operator) == 0


@pytest.mark.parametrize("name", ASKED)
async def test_a_session_that_never_stood_anywhere_gets_nothing(stocked, name):
    _, connection = stocked
    await connection.execute("SET ROLE backhaul_app")
    assert await connection.fetch(ASKED[name], OPERATOR_ORG_ID) == []


@pytest.mark.parametrize("name", ASKED)
async def test_other_roles_may_not_call_them(stocked, name):
    _, connection = stocked
    await connection.execute("SET ROLE backhaul_worker")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for function"):
        await connection.fetch(ASKED[name], OPERATOR_ORG_ID)
