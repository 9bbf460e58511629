"""Organizations, each with a user and an API key."""

from datetime import datetime

import asyncpg

from backhaul.domain.identity.credentials import hash_of
from bench.numbering import Prefix, id_in_sql, secret_of

_ORGANIZATION = id_in_sql(Prefix.ORGANIZATION, "n")
_USER = id_in_sql(Prefix.USER, "n")
_KEY = id_in_sql(Prefix.KEY, "n")
_EMAIL = "'hr' || lpad(n::text, 12, '0') || '@example.com'"

# $1: their numbers; $2: now.
TENANTS = (
    f"""
INSERT INTO organizations (org_id, name, slug, plan, created_at)
SELECT {_ORGANIZATION}, 'Organization ' || n, 'organization-' || n, 'enterprise', $2 FROM unnest($1::int[]) AS n
""",
    f"""
INSERT INTO users (id, email, name, tokens_valid_from, created_at)
SELECT {_USER}, {_EMAIL}, 'Human Resources', $2, $2 FROM unnest($1::int[]) AS n
""",
    f"""
INSERT INTO memberships (org_id, user_id, role, is_default, created_at)
SELECT {_ORGANIZATION}, {_USER}, 'owner', true, $2 FROM unnest($1::int[]) AS n
""",
)

KEYS = f"""
INSERT INTO api_keys (org_id, id, user_id, name, prefix, secret_hash, created_at)
SELECT {_ORGANIZATION}, {_KEY}, {_USER}, 'Bench', made.prefix, made.hash, $4
FROM unnest($1::int[], $2::text[], $3::bytea[]) AS made (n, prefix, hash)
"""


async def fill(owner: asyncpg.Connection, numbers: list[int], now: datetime) -> None:
    """Write the organizations of these numbers."""
    for statement in TENANTS:
        await owner.execute(statement, numbers, now)
    secrets = [secret_of(number) for number in numbers]
    await owner.execute(
        KEYS, numbers, [secret[:11] for secret in secrets], [hash_of(one) for one in secrets], now
    )
