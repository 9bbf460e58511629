"""The schema keeps tenants apart by itself: protection, keys and rights of every table, from the catalogue."""

import pytest

# Tables without an org_id, and why.
NO_TENANT = {
    "alembic_version": "which schema this is",
    "account_preferences": "of accounts, which belong to the installation; neither role sees it",
    "browser_sessions": "of accounts, in any of their organizations; neither role sees it",
    "second_factors": "of accounts; neither role sees it",
    "second_factor_codes": "of accounts; neither role sees it",
    "users": "accounts belong to the installation; their policy shows a tenant its members'",
    "signing_keys": "the installation signs for all tenants; neither role sees it",
    "client_signing_keys": "the installation signs for all tenants; neither role sees it",
    "installation_secrets": "the installation's own; neither role sees it",
    "rate_limits": "whoever asks is counted, also before it is known whose they are; the key says who",
    "simulated_payments": "the simulated gateway stands for a service elsewhere; the app role does not see it",
    "simulated_refunds": "the same",
    "jobs.pgqueuer": "the queue; the payload names the organization (design rule 5)",
    "jobs.pgqueuer_log": "the queue",
    "jobs.pgqueuer_schedules": "the queue",
    "jobs.pgqueuer_statistics": "the queue",
    "jobs.periodic": "whose turn it is",
}

# Unique keys and foreign keys of tenant tables that do not lead with org_id, and why.
KEYS_WITHOUT_TENANT = {
    "saved_views_user_id_fkey": "accounts belong to the installation",
    "invitations_invited_by_fkey": "accounts belong to the installation",
    "invitations_token": "the token is what tells the organization",
    "organizations_number": "numbers are the installation's",
    "organizations_slug": "slugs are the installation's",
    "organizations_one_operator": "one operator organization per installation",
    "organizations_parent_id_fkey": "the parent is another organization",
    "memberships_user_id_fkey": "accounts belong to the installation",
    "memberships_one_default": "a person's default is one of all their organizations",
    "api_keys_secret_hash": "the secret is what tells the organization",
    "api_keys_user_id_fkey": "accounts belong to the installation",
    "oauth_clients_client_id": "the client id is what tells the organization",
    "oauth_clients_user_id_fkey": "accounts belong to the installation",
    "authorization_codes_user_id_fkey": "the same",
    "client_tokens_user_id_fkey": "the same",
    "parcel_links_token": "the token is what tells the organization",
    "recovery_links_token": "the same",
}

APPEND_ONLY = {
    "custody_events",
    "history",
    "invoice_lines",
    "invoices",
    "ledger_accounts",
    "ledger_transactions",
    "ledger_entries",
    "recovery_signatures",
    "sanitisations",
}
# Never changed, and let go by the worker when they are old enough.
NEVER_CHANGED = {"webhook_attempts"}
# Where the app role may delete, and why.
APP_MAY_DELETE = {
    "assets": "an import that is undone takes back what it added; history and custody keep it",
    "employees": "what is personal can go; history and custody keep id and number",
    "intakes": "a parcel that was received by mistake; history keeps it",
    "memberships": "leaving an organization; history keeps who was there",
    "return_items": "a wrong scan, until the parcel is processed: a trigger sees to that; history keeps it",
    "returns": "that of a mistaken parcel, until it is processed: a trigger sees to that; history keeps it",
}

OUR_TABLES = """
SELECT c.oid::regclass::text AS name, c.relrowsecurity AS is_protected, c.relforcerowsecurity,
       pg_get_userbyid(c.relowner) AS owner,
       EXISTS (SELECT FROM pg_attribute AS a
               WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped) AS is_tenants
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname NOT LIKE 'pg_toast%' ORDER BY 1
"""
TENANT = "(org_id = ( SELECT (current_setting('app.org_id'::text))::uuid AS current_setting))"


@pytest.fixture
async def tables(owner):
    return {row["name"]: row for row in await owner.fetch(OUR_TABLES)}


@pytest.fixture
async def tenant_tables(tables):
    return {name for name, row in tables.items() if row["is_tenants"]}


async def test_every_table_belongs_to_a_tenant_or_has_a_reason(tables, tenant_tables):
    assert len(tenant_tables) >= 15
    assert set(tables) - tenant_tables == set(NO_TENANT)


async def test_every_tenant_column_is_a_uuid_and_never_empty(owner, tenant_tables):
    rows = await owner.fetch(
        "SELECT attrelid::regclass::text AS name FROM pg_attribute WHERE attname = 'org_id' AND attnotnull "
        "AND atttypid = 'uuid'::regtype AND attrelid::regclass::text = ANY($1::text[])",
        sorted(tenant_tables),
    )
    assert {row["name"] for row in rows} == tenant_tables


async def test_every_tenant_table_is_protected_in_the_same_way(owner, tables, tenant_tables):
    assert {name for name in tenant_tables if not tables[name]["is_protected"]} == set()
    rows = await owner.fetch(
        "SELECT tablename, policyname, permissive, roles, cmd, qual, with_check FROM pg_policies"
    )
    policies = {}
    for row in rows:
        rule = (row["permissive"], tuple(row["roles"]), row["cmd"], row["qual"], row["with_check"])
        policies.setdefault(row["tablename"], {})[row["policyname"]] = rule
    assert set(policies) == tenant_tables | {"users"}
    for name in tenant_tables:
        assert policies[name] == {
            "tenant": ("PERMISSIVE", ("backhaul_app",), "ALL", TENANT, TENANT),
            "every_tenant": ("PERMISSIVE", ("backhaul_worker",), "ALL", "true", "true"),
        }, name


async def test_every_key_of_a_tenant_table_leads_with_the_tenant(owner, tenant_tables):
    rows = await owner.fetch(
        """
        SELECT c.conname AS name, a.attname AS first, c.contype::text AS kind FROM pg_constraint AS c
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype IN ('p', 'u', 'f') AND c.conrelid::regclass::text = ANY($1::text[])
        UNION
        SELECT i.indexrelid::regclass::text, a.attname, 'i' FROM pg_index AS i
        LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indisunique AND i.indrelid::regclass::text = ANY($1::text[])
        """,
        sorted(tenant_tables),
    )
    assert {row["kind"] for row in rows} == {"p", "u", "f", "i"}
    others = {row["name"] for row in rows if row["first"] != "org_id"}
    assert others == set(KEYS_WITHOUT_TENANT)


async def test_no_row_can_point_into_another_organization(owner, tenant_tables):
    """A foreign key from one tenant table to another joins org_id to org_id."""
    rows = await owner.fetch(
        """
        SELECT c.conname AS name, a.attname AS here, b.attname AS there FROM pg_constraint AS c
        JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        JOIN pg_attribute AS b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
        WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY($1::text[])
          AND c.confrelid::regclass::text = ANY($1::text[])
        """,
        sorted(tenant_tables),
    )
    assert len(rows) >= 5
    crossing = {row["name"] for row in rows if (row["here"], row["there"]) != ("org_id", "org_id")}
    assert crossing == {"organizations_parent_id_fkey"}


async def test_every_tenant_table_has_a_primary_key(owner, tables):
    keyed = await owner.fetch(
        "SELECT conrelid::regclass::text AS name FROM pg_constraint WHERE contype = 'p'"
    )
    assert set(tables) - {row["name"] for row in keyed} == set()


@pytest.mark.parametrize("role", ["backhaul_app", "backhaul_worker"])
async def test_neither_role_owns_anything_or_stands_above_the_policies(owner, role):
    row = await owner.fetchrow(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles "
        "WHERE rolname = $1",
        role,
    )
    assert set(row.values()) == {False}
    owned = await owner.fetchval(
        "SELECT (SELECT count(*) FROM pg_class WHERE relowner = $1::regrole)"
        " + (SELECT count(*) FROM pg_proc WHERE proowner = $1::regrole)"
        " + (SELECT count(*) FROM pg_namespace WHERE nspowner = $1::regrole)",
        role,
    )
    assert owned == 0
    member_of = await owner.fetchval("SELECT count(*) FROM pg_auth_members WHERE member = $1::regrole", role)
    assert member_of == 0
    for schema in ("public", "jobs"):
        assert not await owner.fetchval("SELECT has_schema_privilege($1, $2, 'CREATE')", role, schema)


async def rights(owner, role, table):
    """What a role may do with a table, or with at least one of its columns."""
    kinds = ["SELECT", "INSERT", "UPDATE", "REFERENCES"]
    found = {
        kind
        for kind in kinds
        if await owner.fetchval("SELECT has_any_column_privilege($1, $2, $3)", role, table, kind)
    }
    for kind in ("DELETE", "TRUNCATE", "TRIGGER"):
        if await owner.fetchval("SELECT has_table_privilege($1, $2, $3)", role, table, kind):
            found.add(kind)
    return found


async def test_the_app_role_never_deletes_what_somebody_may_have_to_prove(owner, tables):
    deleting = {name for name in tables if "DELETE" in await rights(owner, "backhaul_app", name)}
    assert deleting == set(APP_MAY_DELETE)


async def test_neither_role_can_empty_a_table_or_hang_triggers_on_it(owner, tables):
    for role in ("backhaul_app", "backhaul_worker"):
        for name in tables:
            assert await rights(owner, role, name) & {"TRUNCATE", "TRIGGER", "REFERENCES"} == set()


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
async def test_what_is_append_only_is_so_for_both_roles_and_the_owner(owner, table):
    for role in ("backhaul_app", "backhaul_worker"):
        assert await rights(owner, role, table) & {"UPDATE", "DELETE", "TRUNCATE"} == set()
    triggers = await owner.fetch(
        "SELECT tgtype & 58 AS occasions, tgenabled::text FROM pg_trigger AS t "
        "JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE t.tgrelid = $1::regclass AND p.proname = 'refuse_change'",
        table,
    )
    before, delete, update, truncate = 2, 8, 16, 32
    assert [tuple(row.values()) for row in triggers] == [(before | delete | update | truncate, "O")]


@pytest.mark.parametrize("table", sorted(NEVER_CHANGED))
async def test_what_is_never_changed_goes_by_the_workers_hand_alone(owner, table):
    may = {role: await rights(owner, role, table) for role in ("backhaul_app", "backhaul_worker")}
    assert [kinds & {"UPDATE", "DELETE", "TRUNCATE"} for kinds in may.values()] == [set(), {"DELETE"}]
    occasions = await owner.fetch(
        "SELECT tgtype & 58 AS occasions, tgenabled::text FROM pg_trigger AS t "
        "JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE t.tgrelid = $1::regclass AND p.proname = 'refuse_change'",
        table,
    )
    before, update, truncate = 2, 16, 32
    assert [tuple(row.values()) for row in occasions] == [(before | update | truncate, "O")]


async def test_the_app_role_can_only_add_jobs(owner, tables):
    found = {name: await rights(owner, "backhaul_app", name) for name in tables if name.startswith("jobs.")}
    assert {name: kinds for name, kinds in found.items() if kinds} == {"jobs.pgqueuer": {"INSERT"}}


async def test_secrets_are_out_of_the_app_roles_sight(owner):
    for table, column in (
        ("users", "password_hash"),
        ("users", "tokens_valid_from"),
        ("users", "tokens_issued_until"),
        ("api_keys", "secret_hash"),
        ("signing_keys", "secret"),
    ):
        for role in ("backhaul_app", "backhaul_worker"):
            may = await owner.fetchval(
                "SELECT has_column_privilege($1, $2, $3, 'SELECT')", role, table, column
            )
            assert may is False, (role, table, column)


async def test_functions_with_their_owners_power_are_closed_to_everybody_else(owner):
    """SECURITY DEFINER only with a fixed search path, and never for PUBLIC (design rule 8)."""
    rows = await owner.fetch("""
        SELECT p.oid::regproc::text AS name, p.proconfig::text AS config,
               has_function_privilege('backhaul_app', p.oid, 'EXECUTE') AS app,
               EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
                       WHERE a.grantee = 0) AS is_public
        FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND n.nspname IN ('public', 'jobs')
    """)
    assert len(rows) >= 5
    assert {row["name"] for row in rows if row["is_public"]} == set()
    assert {row["name"] for row in rows if "search_path=pg_catalog" not in (row["config"] or "")} == set()
