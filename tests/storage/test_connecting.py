"""What every session is set to."""

import pytest

SETTINGS = """
SELECT current_setting('plan_cache_mode'), current_setting('max_parallel_workers_per_gather'), current_setting('jit'),
    current_setting('TimeZone')
"""


@pytest.mark.parametrize("way", ["read", "lookup", "system"])
async def test_plans_are_made_once_and_for_few_rows(store, scope, way):
    leases = {"read": lambda: store.read(scope), "lookup": store.lookup, "system": store.system}
    async with leases[way]() as reader:
        row = await reader.fetchrow(SETTINGS)
    assert tuple(row) == ("force_generic_plan", "0", "off", "UTC")
