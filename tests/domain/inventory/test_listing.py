"""Pages: newest first, exact totals, every filter by its own index."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.domain.inventory.stock import number

from backhaul.domain.inventory import queries
from backhaul.domain.inventory.answers import Holder

BUCKET = 4096


async def page(stock, page=1, **options):
    return await queries.list_assets(stock.db, actor=stock.actor, page=page, **options)


async def numbers(stock, **options):
    found = await page(stock, **options)
    return [item.number for item in found.items], found.total


async def copies(stock, ground, at):
    """Rows with these numbers, copied from one asset: lists are made of numbers, not of devices."""
    import asyncpg

    asset = await stock.add()
    owner = await asyncpg.connect(ground)
    try:
        await owner.execute("DELETE FROM assets WHERE id = $1", asset.id)
        await owner.execute(
            """
            INSERT INTO assets (org_id, id, number, serial_number, model_id, status_id, specs, custody, custody_since,
                                custody_count, created_at, updated_at, version)
            SELECT $1, gen_random_uuid(), n, 'N' || n, $2, $3, '{}', 'organization', $4, 1, $4, $4, 1
            FROM unnest($5::bigint[]) AS n
            """,
            stock.scope.org_id, asset.model_id, asset.status_id, stock.now, list(at),
        )  # fmt: skip
    finally:
        await owner.close()


async def test_a_line_says_everything(stock):
    person = await stock.employee(first_name="Ada", last_name="Lovelace")
    added = await stock.make.asset(
        stock.actor, status_name="In Use", assign_to_email=person.email, tag="T", sku="S", imei="1", imei2="2",
        model_number="M",
    )  # fmt: skip
    (item,) = (await page(stock)).items
    asset = added.asset
    holder = Holder(number=person.number, first_name="Ada", last_name="Lovelace", email=person.email)
    assert msgspec.structs.asdict(item) == {
        "number": asset.number, "created_at": asset.created_at, "tag": "T", "model_name": "MacBook Pro 16",
        "model_number": "M", "product_type": "Laptop", "manufacturer": "Apple", "purchased_on": None,
        "serial_number": asset.serial_number, "imei": "1", "imei2": "2", "sku": "S", "status_name": "In Use",
        "status_type": "deployed", "holder": holder,
    }  # fmt: skip


async def test_pages_are_newest_first_and_the_total_is_exact_past_the_end_too(stock):
    assert await numbers(stock) == ([], 0)
    added = [(await stock.add()).number for _ in range(12)]
    newest_first = sorted(added, reverse=True)
    assert await numbers(stock) == (newest_first[:10], 12)
    assert await numbers(stock, page=2) == (newest_first[10:], 12)
    assert await numbers(stock, page=3) == ([], 12)
    assert await numbers(stock, page=10**17) == ([], 12)
    assert await numbers(stock, page=2, per_page=5) == (newest_first[5:10], 12)


GAPS = st.lists(
    st.integers(1, 20) | st.sampled_from([BUCKET - 1, BUCKET, BUCKET + 1, 3 * BUCKET]),
    min_size=1,
    max_size=40,
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(gaps=GAPS, per_page=st.integers(1, 12))
async def test_pages_put_together_are_the_whole_list_however_sparse(stock, ground, gaps, per_page):
    stock = await stock.elsewhere()
    at, last = [], 1_000_000
    for gap in gaps:
        last += gap
        at.append(last)
    await copies(stock, ground, at)
    expected = sorted(at, reverse=True)
    for n in range(len(at) // per_page + 2):
        found = await numbers(stock, page=n + 1, per_page=per_page)
        assert found == (expected[n * per_page : (n + 1) * per_page], len(at))


async def test_filters_find_in_any_spelling(stock):
    one = await stock.add(serial_number="SN-Ab 1", tag="Desk  7")
    two = await stock.add(serial_number="SN-2", tag="desk 7")
    three = await stock.add(serial_number="SN-3")
    assert await numbers(stock, serial_number=" sn-aB1") == ([one.number], 1)
    assert await numbers(stock, tag=" DESK 7 ") == ([two.number, one.number], 2)
    assert await numbers(stock, tag="desk 7", page=2, per_page=1) == ([one.number], 2)
    assert await numbers(stock, tag="desk 7", page=9) == ([], 2)
    assert await numbers(stock, asset_number=number(three)) == ([three.number], 1)
    assert await numbers(stock, asset_number=f"{three.number}19700101000000") == ([three.number], 1)
    assert await numbers(stock, asset_number=f"{three.number}20260504120001") == ([], 0)


async def test_several_filters_must_all_be_met(stock):
    one, two = await stock.add(serial_number="SN-1", tag="T"), await stock.add(serial_number="SN-2", tag="T")
    everything = {"serial_number": "sn-1", "tag": "t", "asset_number": number(one)}
    assert await numbers(stock, **everything) == ([one.number], 1)
    for wrong in ({"serial_number": "SN-2"}, {"tag": "U"}, {"asset_number": number(two)}):
        assert await numbers(stock, **everything | wrong) == ([], 0)
    assert await numbers(stock, tag="t", asset_number=number(two)) == ([two.number], 1)
    assert await numbers(stock, tag="u", asset_number=number(two)) == ([], 0)


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "x", "9" * 40, "%", "'"])
async def test_what_nobody_has_is_an_empty_page(stock, text):
    await stock.add()
    for name in ("serial_number", "tag", "asset_number"):
        assert await numbers(stock, **{name: text}) == ([], 0)


async def test_another_organizations_devices_are_in_no_list(stock):
    other = await stock.elsewhere()
    asset = await other.add(tag="T")
    mine = await stock.add()
    assert await numbers(stock) == ([mine.number], 1)
    for filters in ({"serial_number": asset.serial_number}, {"tag": "T"}, {"asset_number": number(asset)}):
        assert await numbers(stock, **filters) == ([], 0)
