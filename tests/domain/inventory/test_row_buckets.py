"""Rows of long lists are counted as they come and go: by hand, by many at once, by statements of many rows."""

import asyncio

import asyncpg
import pytest

from backhaul.domain.directory import remove_employee

BUCKET = 4096

COUNTED = "SELECT list, bucket, live FROM row_buckets WHERE org_id = $1 AND live > 0 ORDER BY list, bucket"
ROWS = """
SELECT 'assets' AS list, number >> 12 AS bucket, count(*) AS live FROM assets WHERE org_id = $1 GROUP BY 2
UNION ALL SELECT 'employees', number >> 12, count(*) FROM employees WHERE org_id = $1 GROUP BY 2 ORDER BY 1, 2
"""
COPIES = """
INSERT INTO assets (org_id, id, number, serial_number, model_id, status_id, custody, custody_since, custody_count,
                    created_at, updated_at, version)
SELECT org_id, gen_random_uuid(), n, 'C' || n, model_id, status_id, 'organization', created_at, 1, created_at,
    created_at, 1
FROM assets CROSS JOIN generate_series($2::bigint, $3::bigint) AS n WHERE org_id = $1 AND id = $4
"""


async def check(stock):
    async with stock.db.read(stock.scope) as reader:
        counted = [tuple(row.values()) for row in await reader.fetch(COUNTED, stock.scope.org_id)]
        there = [tuple(row.values()) for row in await reader.fetch(ROWS, stock.scope.org_id)]
    assert counted == there
    return sum(live for name, _, live in counted if name == "assets")


async def copy(stock, first, last, *, suffix=""):
    asset = await stock.add()
    async with stock.db.transaction(stock.scope) as tx:
        await tx.execute(COPIES + suffix, stock.scope.org_id, first, last, asset.id)


async def test_a_statement_of_many_rows_counts_in_every_bucket_it_touches(stock):
    await copy(stock, 10 * BUCKET - 5, 12 * BUCKET + 5)
    assert await check(stock) == 2 * BUCKET + 11 + 1


async def test_rows_that_go_are_counted_off_in_every_bucket(stock):
    await copy(stock, 10 * BUCKET - 5, 12 * BUCKET + 5)
    async with stock.db.transaction(stock.scope) as tx:
        gone = await tx.execute(
            "DELETE FROM assets WHERE org_id = $1 AND number BETWEEN $2 AND $3",
            stock.scope.org_id, 10 * BUCKET - 2, 11 * BUCKET + 99,
        )  # fmt: skip
    assert gone == "DELETE 4198"
    assert await check(stock) == 2 * BUCKET + 12 - 4198
    await stock.execute("DELETE FROM assets WHERE org_id = $1")
    assert await check(stock) == 0


async def test_an_upsert_counts_what_it_inserts_and_not_what_it_updates(stock):
    await copy(stock, 1_000_000, 1_000_009)
    again = " ON CONFLICT (org_id, serial_key) DO UPDATE SET sku = 'again'"
    await copy(stock, 1_000_005, 1_000_014, suffix=again)
    assert await check(stock) == 15 + 2


async def test_a_statement_that_touches_no_row_counts_nothing(stock):
    await stock.execute("DELETE FROM assets WHERE org_id = $1")
    assert await check(stock) == 0


async def test_what_is_rolled_back_is_not_counted(stock):
    asset = await stock.add()

    async def give_up():
        async with stock.db.transaction(stock.scope) as tx:
            await tx.execute(COPIES, stock.scope.org_id, 1_000_000, 1_000_100, asset.id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await give_up()
    assert await check(stock) == 1


async def test_many_writers_of_one_bucket_lose_no_count(stock):
    person = await stock.employee()
    assets = [await stock.add(status_name="In Use", assign_to_email=person.email)]

    async def delete(asset):
        async with stock.db.transaction(stock.scope) as tx:
            await tx.execute("DELETE FROM assets WHERE org_id = $1 AND id = $2", stock.scope.org_id, asset.id)

    for _ in range(4):
        done = await asyncio.gather(
            *(stock.add() for _ in range(12)),
            *(stock.employee() for _ in range(4)),
            *(delete(asset) for asset in assets),
        )
        assets = list(done[:6])
        await check(stock)
    await remove_employee(stock.db, actor=stock.actor, employee=person.id, now=stock.now)
    assert await check(stock) == 4 * 12 - 3 * 6


async def test_writers_of_many_buckets_do_not_block_each_other(stock):
    """Each statement touches its buckets in order, whichever way its rows come."""
    asset = await stock.add()
    copies = COPIES.replace("generate_series($2::bigint, $3::bigint)", "generate_series($2::bigint, $3, $5)")

    async def write(first, last, step):
        async with stock.db.transaction(stock.scope) as tx:
            await tx.execute(copies, stock.scope.org_id, first, last, asset.id, step)

    low, high = 1_000_000, 1_000_000 + 5 * BUCKET
    await asyncio.gather(
        *(write(low + n, high, 400) for n in range(4)), *(write(high - n - 7, low, -400) for n in range(4))
    )
    assert await check(stock) > 400


async def test_the_app_role_can_neither_falsify_the_counts_nor_renumber_a_row(stock):
    asset = await stock.add()
    for statement in (
        "INSERT INTO row_buckets (org_id, list, bucket, live) VALUES ($1, 'assets', 9, 1)",
        "UPDATE row_buckets SET live = 0 WHERE org_id = $1",
        "DELETE FROM row_buckets WHERE org_id = $1",
        "UPDATE assets SET number = number + 5000 WHERE org_id = $1",
        "UPDATE assets SET org_id = $1 WHERE org_id = $1",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await stock.execute(statement)
    assert await stock.reload(asset) == asset
    assert await check(stock) == 1
