"""Makes a furnished organization large and gives it many small neighbours: its rows, copied with ids of their own.

Columns are asked of the schema, so that new ones are copied without being named here. What a copy refers to is the same
copy of the other table. Checks of values are given up first: copies keep to none of the forms of numbers and codes.
"""

COLUMNS = """
SELECT c.relname AS table_name, array_agg(a.attname ORDER BY a.attnum) AS names,
    array_agg(format_type(a.atttypid, NULL) ORDER BY a.attnum) AS types,
    array_agg(a.attidentity <> '' ORDER BY a.attnum) AS numbered,
    array_agg(EXISTS (SELECT FROM pg_index AS i
        WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY (i.indkey)) ORDER BY a.attnum) AS is_unique
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attgenerated = '' AND c.relname = ANY ($1)
GROUP BY c.relname
"""
CHECKS = """
SELECT conrelid::regclass::text AS table_name, conname FROM pg_constraint
WHERE contype = 'c' AND connamespace = 'public'::regnamespace AND coninhcount = 0
"""
# How many copies of each; what a page lists has a few thousand rows then.
COPIES = {
    "asset_transfers": 3000, "assets": 1000, "charges": 500, "custody_events": 1000, "departments": 40,
    "employees": 1000, "history": 40, "hold_subjects": 100, "holds": 100, "import_batches": 100, "label_files": 100,
    "ledger_entries": 60, "ledger_transactions": 60, "locations": 40, "messages": 300, "parcel_exceptions": 3000,
    "recovery_campaigns": 60, "recovery_cases": 1000, "recovery_items": 1000, "recovery_open_cases": 1000,
    "recovery_parcels": 1000,
    "recovery_reminders": 1000, "reshipments": 1000, "return_items": 500, "return_messages": 500, "returns": 500,
    "shipments": 500, "tracking_events": 500, "transfers": 500, "wallet_fees": 300, "wallet_holds": 1000,
    "webhook_deliveries": 1500,
}  # fmt: skip
NEIGHBOURS = 100
MEMBERS = 3000  # of each of two organizations: accounts belong to none, so that they are made and not copied
APART = 10**9  # what a copy's numbers are away from those that were there, so that none is taken

TYPED = {"tracking_number", "serial_number", "tag", "imei", "device_serial_number"}
VOCABULARIES = {"account", "currency", "format", "kind", "leg", "list", "status", "subject_kind"}

ID = "overlay({id}::text PLACING lpad(to_hex({copy}), 8, '0') FROM 1 FOR 8)::uuid"
COPY = """
WITH source AS MATERIALIZED (SELECT s.*, {known} FROM {table} AS s WHERE s.org_id = '{org_id}')
INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE
SELECT {values} FROM generate_series(1, {copies}) AS n CROSS JOIN source AS s ORDER BY n ON CONFLICT DO NOTHING
"""

ACCOUNTS = """
INSERT INTO users (id, email, name, tokens_valid_from, created_at)
SELECT gen_random_uuid(), 'm' || n || '@' || $1::uuid || '.example', 'Philip Marlowe ' || n, now(), now()
FROM generate_series(1, $2::integer) AS n
"""
MEMBERSHIPS = """
INSERT INTO memberships (org_id, user_id, role, created_at)
SELECT $1::uuid, id, CASE WHEN name LIKE '%7' THEN 'admin' ELSE 'viewer' END, now() FROM users
WHERE email LIKE '%@' || $1::uuid || '.example'
"""


async def enlarge(owner, *, ours, theirs):
    """Multiply the rows of one organization, and give those of another to many small ones."""
    for table, check in await owner.fetch(CHECKS):
        await owner.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{check}"')
    tables = await owner.fetch(COLUMNS, list(COPIES))
    assert {row["table_name"] for row in tables} == set(COPIES)
    await owner.execute(
        "SET session_replication_role = replica"
    )  # neither references nor triggers look at copies
    await owner.execute("CREATE TEMP TABLE copied (id uuid PRIMARY KEY, copies integer NOT NULL)")
    await _multiply(owner, tables, ours, COPIES)
    await _multiply(owner, tables, theirs, dict.fromkeys(COPIES, NEIGHBOURS), is_elsewhere=True)
    await owner.execute("SET session_replication_role = origin")
    for org_id in (ours, theirs):
        await owner.execute(ACCOUNTS, org_id, MEMBERS)
        await owner.execute(MEMBERSHIPS, org_id)
    await owner.execute("CHECKPOINT")  # what is not on disk counts as not visible to all
    await owner.execute("VACUUM (ANALYZE)")


async def _multiply(owner, tables, org_id, copies, *, is_elsewhere=False):
    await owner.execute("TRUNCATE copied")
    if is_elsewhere:
        await owner.execute("INSERT INTO copied VALUES ($1, $2)", org_id, NEIGHBOURS)
    for row in tables:
        if "id" in row["names"]:
            add = f"INSERT INTO copied SELECT id, $2 FROM {row['table_name']} WHERE org_id = $1 ON CONFLICT DO NOTHING"
            await owner.execute(add, org_id, copies[row["table_name"]])
    for row in tables:
        table = row["table_name"]
        columns = [
            (name, kind, is_unique)
            for name, kind, numbered, is_unique in zip(
                row["names"], row["types"], row["numbered"], row["is_unique"], strict=True
            )
            if not numbered
        ]
        known = ", ".join(
            f'(SELECT copies FROM copied WHERE id = s."{name}") AS "copies of {name}"'
            for name, kind, _ in columns
            if kind == "uuid"
        )
        await owner.execute(
            COPY.format(
                table=table,
                org_id=org_id,
                known=known,
                copies=copies[table],
                names=", ".join(f'"{name}"' for name, _, _ in columns),
                values=", ".join(_value(*column) for column in columns),
            )
        )


def _value(name, kind, is_unique):
    """Return a copy's value: ids and what must be unique become its own, everything else stays."""
    value = f's."{name}"'
    if kind == "uuid":
        copy = ID.format(id=value, copy=f'1 + n % s."copies of {name}"')
        return f'CASE WHEN s."copies of {name}" IS NULL THEN {value} ELSE {copy} END'
    is_own = kind == "text" and is_unique and name not in VOCABULARIES
    if name == "email":
        value = f"'p' || n || {value}"
    elif name == "name":
        value = f"{value} || ' ' || n"
    elif is_own or name in TYPED:
        value = f"{value} || n"
    elif kind == "bigint" and name == "number":
        value = f"{value} + {APART} + n * 1000"
    return value
