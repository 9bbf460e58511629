"""No route and no id ever shows or changes another organization's data; row-level security alone holds as well.

Both halves are generated, from the app's route table and from PostgreSQL's catalogue: a new route or a new table is
covered the day it appears, or fails here until somebody says what it is.
"""

import json
import re
from pathlib import Path

import asyncpg
import pytest
from litestar.routes import HTTPRoute

from backhaul.domain.transfers.operations import cancel_transfer, possible_pickup_days, schedule_pickup
from backhaul.main import Place, create_app
from backhaul.settings import Settings, ShippingSettings, TransferSettings
from backhaul.storage.connecting import DatabaseUrls
from backhaul.storage.database import Scope
from tests.dialects.databases import shared_database
from tests.dialects.installation import installed
from tests.dialects.mounting import small
from tests.dialects.reready.replay import changed, reference
from tests.dialects.working import DAY_SECONDS, Worker

TRANSFERS = "/api/v1/device_transfers"

# Everybody may call these, with no credentials at all.
PUBLIC = {
    "/healthz": "says that the process lives",
    "/readyz": "says that it can serve",
    "/metrics": "counts; to be closed off by the proxy",
    "/openapi/reready.json": "the description of an API",
    "/static/plain.css": "a stylesheet",
    "/track/{tracking_number}": "a label's QR code leads here; shows movement, no people and no places",
    "/label/{token}": "the token is the credential: 256 random bits for one label",
    "/pickup/{token}": "the token is the credential: 256 random bits for the pickup of one parcel",
}
# What stands in for a path parameter: an id that belongs to the other organization.
IDS = {"transfer_id": "transfer"}
UNKNOWN = "018f0000-0000-7000-8000-000000000000"


def routes():
    """(method, path, its parameters) of every route, OPTIONS aside."""
    app = create_app(Settings(), Place(Path(), DatabaseUrls.single("postgresql://nowhere"), None))._app
    found = []
    for route in app.routes:
        assert isinstance(route, HTTPRoute), f"{route.path}: say here how it keeps organizations apart"
        parameters = tuple(route.path_parameters)
        found += [
            (method, route.path_format, parameters)
            for method in sorted(route.route_handler_map)
            if method != "OPTIONS"
        ]
    return sorted(found)


ROUTES = routes()
WITH_ID = [route for route in ROUTES if route[2] and route[1] not in PUBLIC]
GUARDED = [route for route in ROUTES if route[1] not in PUBLIC]
GETTING = [route for route in ROUTES if route[0] == "GET" and not route[2]]


def name_of(route):
    return f"{route[0]} {route[1]}"


class Two:
    """Two organizations that have done everything there is to do."""

    def __init__(self, installation, tables):
        self.installation, self.tables = installation, tables
        self.ours = installation.actors["owner"].org_id
        self.theirs = installation.actors["stranger"].org_id

    async def fingerprint(self, org_id):
        """A digest of every row of an organization, table by table."""
        return {
            table: await self.installation.owner.fetchval(
                f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} AS t WHERE org_id = $1",
                org_id,
            )
            for table in self.tables
        }

    async def count(self, table, org_id):
        return await self.installation.owner.fetchval(
            f"SELECT count(*) FROM {table} WHERE org_id = $1", org_id
        )


async def tables_with_org_id(connection):
    rows = await connection.fetch("""
        SELECT c.oid::regclass::text AS name FROM pg_class AS c
        JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
    """)
    return [row["name"] for row in rows]


@pytest.fixture(scope="module")
async def two(cluster, template, tmp_path_factory, standing_clock):
    """Every table with an org_id holds rows of both organizations."""
    data_dir = tmp_path_factory.mktemp("two_organizations")
    async with shared_database(cluster, template, "two_organizations") as url:
        settings = small(
            url,
            shipping=ShippingSettings(day_seconds=DAY_SECONDS),
            transfers=TransferSettings(day_seconds=DAY_SECONDS),
        )
        async with installed(url, data_dir, clock=standing_clock, settings=settings) as made:
            worker = Worker(made.db, clock=standing_clock, settings=settings, data_dir=data_dir)
            for caller in ("owner", "stranger"):
                await live(made, worker, caller)
            yield Two(made, await tables_with_org_id(made.owner))


async def live(made, worker, caller):
    """Do for an organization what leaves rows in every table."""
    actor = made.actors[caller]

    async def create(**changes):
        answer = await made.call(
            "POST",
            TRANSFERS,
            key=caller,
            json=changed(reference("request"), {**changes, "ticket_reference": f"of {caller}"}),
            headers={"idempotency-key": f"{caller} {sorted(changes)}"},
        )
        assert answer.status_code == 201
        return answer.json()["id"]

    await create(box_shipment_waived=True)  # a link to its label
    cancelled = await create(device_type="phone")
    await worker.settle()
    await cancel_transfer(
        made.db, actor=actor, transfer_id=cancelled, reason=None, now=made.clock.now()
    )  # a refund
    moving = await create()
    made.ids[f"transfer of {caller}"] = moving

    async def has_box():
        answer = await made.call("GET", f"{TRANSFERS}/{moving}", key=caller)
        return answer.json()["state"] == "pending_device_shipment"

    await worker.live_until(has_box)
    today = made.clock.now().date()
    await schedule_pickup(
        made.db,
        actor=actor,
        transfer_id=moving,
        on_date=possible_pickup_days(today, "US")[0],
        instructions=None,
        now=made.clock.now(),
    )
    await worker.settle()


async def test_both_organizations_have_rows_in_every_table(two):
    """What the tests below compare exists: none of them can pass on empty tables."""
    assert len(two.tables) >= 15
    empty = [
        table
        for table in two.tables
        for org_id in (two.ours, two.theirs)
        if await two.count(table, org_id) == 0
    ]
    assert empty == []


def test_every_route_is_public_for_a_reason_or_guarded():
    assert {path for _, path, _ in ROUTES} >= set(PUBLIC)
    assert WITH_ID != []
    unknown = {name for _, _, parameters in WITH_ID for name in parameters} - set(IDS)
    assert unknown == set(), "say in IDS what stands in for these"


@pytest.mark.parametrize("route", GUARDED, ids=name_of)
async def test_a_guarded_route_needs_credentials(two, route):
    method, path, _ = route
    address = path.format_map(dict.fromkeys(IDS, two.installation.ids["transfer of stranger"]))
    answer = await two.installation.call(method, address, key=None, json={})
    assert answer.status_code == 401


@pytest.mark.parametrize("route", WITH_ID, ids=name_of)
async def test_another_organizations_id_is_an_unknown_id(two, route):
    method, path, parameters = route
    before = await two.fingerprint(two.theirs), await two.fingerprint(two.ours)

    async def call(caller, identity):
        address = path.format_map(dict.fromkeys(parameters, identity))
        return await two.installation.call(method, address, key=caller, json={})

    theirs = two.installation.ids["transfer of stranger"]
    answer, unknown = await call("owner", theirs), await call("owner", UNKNOWN)
    assert (answer.status_code, unknown.status_code) == (404, 404)
    assert answer.text == unknown.text.replace(UNKNOWN, theirs)
    known = {name for name in answer.headers if name != "x-request-id"}
    assert known == {name for name in unknown.headers if name != "x-request-id"}
    assert (await two.fingerprint(two.theirs), await two.fingerprint(two.ours)) == before
    if method == "GET":
        assert (await call("stranger", theirs)).status_code == 200


@pytest.mark.parametrize("route", GETTING, ids=name_of)
async def test_no_list_holds_anything_of_another_organization(two, route):
    _, path, _ = route
    answer = await two.installation.call("GET", path, key="owner")
    assert answer.is_success
    for row in await two.installation.owner.fetch(
        "SELECT id::text AS id, tracking_number FROM shipments WHERE org_id = $1"
        " UNION ALL SELECT id::text, user_email FROM transfers WHERE org_id = $1",
        two.theirs,
    ):
        assert row["id"] not in answer.text
        assert row["tracking_number"] not in answer.text


async def test_row_level_security_alone_hides_every_row_of_others(two):
    """A statement that forgot its predicate, in every table: only the tenant's own rows come back."""
    for org_id in (two.ours, two.theirs):
        async with two.installation.db.read(Scope(org_id)) as reader:
            for table in two.tables:
                seen = await reader.fetch(f"SELECT DISTINCT org_id FROM {table}")
                assert [row["org_id"] for row in seen] == [org_id], table
                count = await reader.fetchval(f"SELECT count(org_id) FROM {table}")
                assert count == await two.count(table, org_id), table


async def test_row_level_security_alone_hides_the_accounts_of_others(two):
    """Accounts have no org_id: a tenant sees those of its members."""
    for org_id in (two.ours, two.theirs):
        async with two.installation.db.read(Scope(org_id)) as reader:
            seen = {row["email"] for row in await reader.fetch("SELECT email FROM users")}
        members = await two.installation.owner.fetch(
            "SELECT u.email FROM users AS u JOIN memberships AS m ON m.user_id = u.id WHERE m.org_id = $1",
            org_id,
        )
        assert seen == {row["email"] for row in members} != set()


async def test_row_level_security_alone_takes_no_row_for_others(two):
    """An insert that names another organization is refused, in every table the app may insert into."""
    for table in two.tables:
        can_insert = await two.installation.owner.fetchval(
            "SELECT has_any_column_privilege('backhaul_app', $1, 'INSERT')", table
        )
        if not can_insert:
            continue
        columns = ", ".join(
            row["name"]
            for row in await two.installation.owner.fetch(
                "SELECT quote_ident(attname) AS name FROM pg_attribute "
                "WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = '' "
                "AND has_column_privilege('backhaul_app', attrelid, attnum, 'INSERT') ORDER BY attnum",
                table,
            )
        )
        row = await two.installation.owner.fetchval(
            f"SELECT to_jsonb(t) FROM {table} AS t WHERE org_id = $1 LIMIT 1", two.theirs
        )
        async with two.installation.db.read(Scope(two.ours)) as reader:
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security policy"):
                await reader.execute(
                    f"INSERT INTO {table} ({columns}) "
                    f"SELECT {columns} FROM jsonb_populate_record(NULL::{table}, $1)",
                    json.loads(row),
                )


async def test_row_level_security_alone_changes_no_row_of_others(two):
    """An update or delete that forgot its predicate touches nothing of others."""
    before = await two.fingerprint(two.theirs)
    for table in two.tables:
        rows = await two.installation.owner.fetch(
            "SELECT quote_ident(attname) AS name FROM pg_attribute "
            "WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped "
            "AND has_column_privilege('backhaul_app', attrelid, attnum, 'UPDATE') ORDER BY attnum",
            table,
        )
        if rows:
            sets = f"{rows[0]['name']} = {rows[0]['name']}"
            async with two.installation.db.read(Scope(two.ours)) as reader:
                done = await reader.execute(f"UPDATE {table} SET {sets}")
            assert int(re.search(r"\d+$", done)[0]) == await two.count(table, two.ours), table
    assert await two.fingerprint(two.theirs) == before


async def test_without_a_tenant_the_app_role_reads_no_tenants_table(two):
    async with two.installation.db.lookup() as reader:
        for table in two.tables:
            with pytest.raises(
                asyncpg.PostgresError, match=r"app\.org_id|invalid input syntax for type uuid"
            ):
                await reader.fetch(f"SELECT org_id FROM {table}")
