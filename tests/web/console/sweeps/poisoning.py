"""Puts a text into every column and every JSON value of one organization that can hold a text of somebody's own.

Columns are asked of the schema, so that new ones are poisoned without being named here; what the schema itself refuses
(a vocabulary, a form) is no text of somebody's own. What a column is not, though the schema does not say so, stands in
`CODES`.
"""

import json
import re

import asyncpg

COLUMNS = """
SELECT c.relname AS table_name, a.attname AS column_name, t.typname AS type FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
JOIN pg_type AS t ON t.oid = a.atttypid AND t.typname IN ('text', 'jsonb', '_text')
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    AND EXISTS (SELECT FROM pg_attribute AS o WHERE o.attrelid = c.oid AND o.attname = 'org_id')
ORDER BY 1, 2
"""
# Vocabularies, identifiers and addresses of machines: ours to write, never read from what somebody typed.
CODES = re.compile(
    r"(^|_)(status|kind|code|currency|carrier|adapter|service|fault|leg|action|type|once_key|key|hash|prefix|secret|scopes"
    r"|role|plan|gateway|gateway_reference|reference|purpose|template|channel|locale|encoding|digest|format|host|wording"
    r"|topic|content_type|grade|method|result|verdict|list|direction|custody|reason_code|time_zone|language|language_code"
    r"|entry_point|audience|outcome|stage|shipping|slug|url|uri|uris|position|sha256|media_type|place|path|columns|source"
    r"|rule|level|options|by|closed_because|suggested_action|author_kind|actor_kind|query|basis|mode|parcel_size|policy)s?$"
)
# Tables that machines alone write and read, and what the installation belongs to.
MACHINES = {
    "outbox",
    "idempotency_keys",
    "rate_limits",
    "ledger_accounts",
    "ledger_transactions",
    "ledger_entries",
}
WORDS = re.compile(
    r"^(name|attention|line_1|line_2|city|state_code|state|postal_code|text|description|note|reason|message|instructions"
    r"|title|company|organization|first_name|last_name|serial_number|model|make|value)$"
)


def poisoned_json(value, poison, key=""):
    """A JSON value with the poison in place of every text that somebody may have written."""
    if isinstance(value, dict):
        return {name: poisoned_json(inner, poison, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [poisoned_json(inner, poison, key) for inner in value]
    return poison if isinstance(value, str) and WORDS.match(key) else value


async def poison(owner, org_id, text):
    """Write a text, made different in each row, wherever the schema takes it; return how many columns took it."""
    taken = 0
    columns = await owner.fetch(COLUMNS)
    async with owner.transaction():
        await owner.execute(
            "SET LOCAL session_replication_role = replica"
        )  # ledgers and history refuse changes
        for table, column, kind in columns:
            if table not in MACHINES and not CODES.search(column):
                taken += await _poison_column(owner, org_id, text, (table, column, kind))
    return taken


async def _poison_column(owner, org_id, text, where):
    table, column, kind = where
    if kind == "jsonb":
        return await _poison_documents(owner, org_id, text, table, column)
    value = "ARRAY[$2 || left(md5(ctid::text), 4)]" if kind == "_text" else "$2 || left(md5(ctid::text), 4)"
    try:
        async with owner.transaction():
            tag = await owner.execute(
                f'UPDATE "{table}" SET "{column}" = {value} WHERE org_id = $1 AND "{column}" IS NOT NULL',
                org_id,
                text,
            )
    except asyncpg.PostgresError:
        return 0  # a vocabulary or a form: no text of somebody's own
    return not tag.endswith(" 0")


async def _poison_documents(owner, org_id, text, table, column):
    rows = await owner.fetch(
        f'SELECT ctid::text AS row, "{column}" AS value FROM "{table}"'
        f' WHERE org_id = $1 AND "{column}" IS NOT NULL',
        org_id,
    )
    count = 0
    for row in rows:
        value = json.loads(row["value"])
        changed = poisoned_json(value, text)
        if changed != value:
            await owner.execute(
                f'UPDATE "{table}" SET "{column}" = $2::jsonb WHERE org_id = $1 AND ctid = $3::text::tid',
                org_id,
                json.dumps(changed),
                row["row"],
            )
            count += 1
    return int(count > 0)
