"""What a database really is like, for `backhaul doctor`."""

import msgspec

from backhaul.storage.database import Database, Reader
from backhaul.storage.migrations.apply import head

OLDEST_MAJOR = 15
VERSION = "SELECT current_setting('server_version_num')::int, version()"
SCHEMA = "SELECT version_num FROM alembic_version"
ROLE = """
SELECT current_user AS name, r.rolsuper OR r.rolbypassrls AS is_above_policies,
    EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname IN ('public', 'jobs') AND c.relowner = r.oid) AS owns_tables
FROM pg_roles AS r WHERE r.rolname = current_user
"""
UNPROTECTED = """
SELECT c.relname FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped
WHERE n.nspname = 'public' AND c.relkind = 'r' AND NOT c.relrowsecurity ORDER BY c.relname
"""


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What was found; each text says it in words."""

    is_version_supported: bool
    version: str
    is_schema_current: bool
    schema: str
    is_app_role_safe: bool
    app_role: str
    unprotected_tables: list[str]
    protection: str


async def inspect(db: Database) -> State:
    """Look at the database as both roles see it."""
    async with db.lookup() as reader:
        number, version = await reader.fetchrow(VERSION)
        role = await reader.fetchrow(ROLE)
        unprotected = [row["relname"] for row in await reader.fetch(UNPROTECTED)]
        schema = await reader.fetchval(SCHEMA) if await _has_schema(reader) else None
    wanted = head()
    is_safe = not role["is_above_policies"] and not role["owns_tables"]
    return State(
        is_version_supported=number // 10_000 >= OLDEST_MAJOR,
        version=version.split(" on ")[0],
        is_schema_current=schema == wanted,
        schema=f"{schema or 'none'}, this release wants {wanted}",
        is_app_role_safe=is_safe,
        app_role=f"{role['name']}{' owns no table and stands under the policies' if is_safe else ' is too mighty'}",
        unprotected_tables=unprotected,
        protection=", ".join(unprotected) or "every tenant table is protected",
    )


async def _has_schema(reader: Reader) -> bool:
    return bool(await reader.fetchval("SELECT to_regclass('public.alembic_version') IS NOT NULL"))
