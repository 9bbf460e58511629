"""What is measured on: written by the tables' owner, set by set, and only as much as the chosen rows need.

Not the way anything gets in otherwise: no history, no events, no jobs. Start with `seed`.
"""

from datetime import UTC, datetime

import asyncpg

from bench.options import Options, Part
from bench.seeding import campaigns, inventory, returns, tenants, transfers

__all__ = ["seed"]


async def seed(owner: asyncpg.Connection, options: Options, parts: frozenset[Part]) -> None:
    """Write what these parts are, and let PostgreSQL look at it."""
    now = datetime.now(UTC)
    await owner.execute("SET synchronous_commit = off")
    await tenants.fill(owner, list(range(1, options.last_organization + 1)), now)
    if Part.TRANSFERS in parts:
        await transfers.fill(owner, options, now)
    if Part.CAMPAIGNS in parts:
        await campaigns.fill(owner, options)
    if parts & {Part.RETURNS, Part.RESHIPPABLE}:
        await returns.fill(owner, options, parts, now)
    groups = inventory.groups(options, parts)
    if groups:
        await inventory.fill(owner, groups, now)
    await owner.execute("VACUUM (ANALYZE)")
