"""No route and no id ever shows or changes another organization's data; row-level security alone holds as well.

Both halves are generated, from the app's route table and from PostgreSQL's catalogue: a new route or a new table is
covered the day it appears, or fails here until somebody says what it is.
"""

import json
import re

import asyncpg
import pytest

from backhaul.domain.identity import OPERATOR_ORG_ID
from backhaul.settings import BoxcSettings, ShippingSettings, TransferSettings
from backhaul.storage.database import Scope
from tests.dialects.both_living import Two, live, tables_with_org_id
from tests.dialects.databases import shared_database
from tests.dialects.installation import installed
from tests.dialects.mounting import small
from tests.dialects.route_table import (
    CLOSED,
    FOREIGN,
    GUARDED,
    IDS,
    LISTS,
    PUBLIC,
    READING,
    ROUTES,
    WITH_FOREIGN,
    WITH_ID,
    WRITES,
    WRITING,
    address_of,
    identities_of,
    name_of,
    sent_by,
    speak,
)
from tests.dialects.working import DAY_SECONDS, Worker

NOTHING_DONE = {400, 403, 404, 422}


@pytest.fixture(scope="module")
async def two(cluster, template, tmp_path_factory, standing_clock):
    """Every table with an org_id holds rows of both organizations."""
    data_dir = tmp_path_factory.mktemp("two_organizations")
    async with shared_database(cluster, template, "two_organizations") as url:
        settings = small(
            url,
            shipping=ShippingSettings(day_seconds=DAY_SECONDS),
            transfers=TransferSettings(day_seconds=DAY_SECONDS),
            boxc=BoxcSettings(rate_limit_requests=10_000),  # the clock stands: nothing leaks out of a bucket
        )
        async with installed(url, data_dir, clock=standing_clock, settings=settings) as made:
            worker = Worker(made.db, clock=standing_clock, settings=settings, data_dir=data_dir)
            for caller in ("owner", "stranger"):
                await live(made, worker, caller)
            for caller in ("owner", "viewer", "stranger"):
                await made.token(caller)
                await made.client_token(caller)
            yield Two(made, await tables_with_org_id(made.owner))


# Tables that only the operator's organization has rows in: where parcels come in, and what came in there.
OPERATORS = {"intakes", "warehouses"}


async def test_both_organizations_have_rows_in_every_table(two):
    """What the tests below compare exists: none of them can pass on empty tables."""
    assert len(two.tables) >= 25
    empty = [
        table
        for table in two.tables
        for org_id in (two.ours, two.theirs)
        if table not in OPERATORS and await two.count(table, org_id) == 0
    ]
    assert empty == []


def test_every_route_is_public_for_a_reason_or_guarded():
    assert {path for _, path, _ in ROUTES} >= set(PUBLIC)
    assert WITH_ID != []
    unknown = {name for _, _, parameters in WITH_ID for name in parameters} - set(IDS)
    assert unknown == set(), "say in IDS what stands in for these"


def test_every_route_that_is_no_get_is_known_to_write():
    guarded = {route[:2] for route in GUARDED}
    assert guarded >= set(WRITES)
    assert {route for route in guarded if route[0] != "GET"} <= set(WRITES), "say in WRITES what it takes"
    assert {name for _, name in WITH_FOREIGN} == set(FOREIGN)


@pytest.mark.parametrize("route", GUARDED, ids=name_of)
async def test_a_guarded_route_needs_credentials(two, route):
    before = await two.fingerprints()
    theirs = two.ids_of("stranger")
    identities = {name: theirs[known[0][0]] for name, known in IDS.items()}
    answer = await speak(
        two.installation, route, address_of(route, identities), None, **sent_by(route, theirs)
    )
    assert answer.status_code == 401
    assert await two.fingerprints() == before


@pytest.mark.parametrize("route", WITH_ID, ids=name_of)
async def test_another_organizations_id_is_an_unknown_id(two, route):
    ours, theirs = two.ids_of("owner"), two.ids_of("stranger")
    (parameter,) = route[2]
    for name, nobodys in IDS[parameter]:
        before = await two.fingerprints()

        async def call(caller, identity, ids):
            address = address_of(route, {parameter: identity})
            return await speak(two.installation, route, address, caller, **sent_by(route, ids))

        answer, unknown = await call("owner", theirs[name], ours), await call("owner", nobodys, ours)
        assert (answer.status_code, unknown.status_code) == (404, 404)
        assert answer.text == unknown.text.replace(nobodys, theirs[name])
        known = {header for header in answer.headers if header != "x-request-id"}
        assert known == {header for header in unknown.headers if header != "x-request-id"}
        assert await two.fingerprints() == before
        if route[:2] not in WRITES:
            assert (await call("stranger", theirs[name], theirs)).status_code == 200


@pytest.mark.parametrize(("route", "name"), WITH_FOREIGN, ids=name_of)
async def test_another_organizations_id_in_a_body_is_an_unknown_one(two, route, name):
    ours, theirs = two.ids_of("owner"), two.ids_of("stranger")
    identities = {parameter: ours[known[0][0]] for parameter, known in IDS.items()}
    before = await two.fingerprints()
    sent = sent_by(route, {**ours, name: theirs[name]})
    answer = await speak(two.installation, route, address_of(route, identities), "owner", **sent)
    nobodys = {"employee_email": "nobody@example.com", "return_to_reship": "987654321"}.get(
        name, "98765432120260504120000"
    )
    unknown = await speak(
        two.installation,
        route,
        address_of(route, identities),
        "owner",
        **sent_by(route, {**ours, name: nobodys}),
    )
    assert answer.status_code in NOTHING_DONE
    assert answer.status_code == unknown.status_code
    assert answer.text == unknown.text.replace(nobodys, theirs[name])
    assert await two.fingerprints() == before


@pytest.mark.parametrize("route", LISTS, ids=name_of)
async def test_no_list_holds_anything_of_another_organization(two, route):
    answer = await speak(two.installation, route, route[1], "owner", **sent_by(route, two.ids_of("owner")))
    assert answer.is_success
    rows = await two.installation.owner.fetch(
        "SELECT id::text AS id, tracking_number AS name FROM shipments WHERE org_id = $1"
        " UNION ALL SELECT id::text, user_email FROM transfers WHERE org_id = $1"
        " UNION ALL SELECT id::text, email FROM employees WHERE org_id = $1"
        " UNION ALL SELECT id::text, name FROM locations WHERE org_id = $1"
        " UNION ALL SELECT id::text, serial_number FROM assets WHERE org_id = $1",
        two.theirs,
    )
    assert len(rows) > 10
    for row in rows:
        assert row["id"] not in answer.text
        assert row["name"] not in answer.text


@pytest.mark.parametrize("route", READING, ids=name_of)
async def test_who_may_read_sees_and_changes_nothing(two, route):
    """Both the owner and a viewer may read; no GET leaves a trace, but those that are known to write."""
    ours = two.ids_of("owner")
    identities = {name: ours[known[0][0]] for name, known in IDS.items()}
    before = await two.fingerprints()
    for caller in ("owner", "viewer"):
        answer = await speak(
            two.installation, route, address_of(route, identities), caller, **sent_by(route, ours)
        )
        is_closed = caller == "viewer" and route[1] in CLOSED
        assert answer.status_code == (403 if is_closed else 200), answer.text
    assert await two.fingerprints() == before


@pytest.mark.parametrize("route", WRITING, ids=name_of)
async def test_a_viewer_changes_nothing(two, route):
    ours = two.ids_of("owner")
    identities = identities_of(route, ours)
    before = await two.fingerprints()
    address = address_of(route, identities)
    answer = await speak(two.installation, route, address, "viewer", **sent_by(route, ours))
    assert answer.status_code == 403, answer.text
    assert await two.fingerprints() == before


async def test_row_level_security_alone_hides_every_row_of_others(two):
    """A statement that forgot its predicate, in every table: only the tenant's own rows come back."""
    for org_id in (two.ours, two.theirs):
        async with two.installation.db.read(Scope(org_id)) as reader:
            for table in two.tables:
                seen = await reader.fetch(f"SELECT DISTINCT org_id FROM {table}")
                assert [row["org_id"] for row in seen] == [org_id] * (table not in OPERATORS), table
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
                "WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped "
                "AND attidentity = '' AND attgenerated = '' "
                "AND has_column_privilege('backhaul_app', attrelid, attnum, 'INSERT') ORDER BY attnum",
                table,
            )
        )
        row = await two.installation.owner.fetchval(
            f"SELECT to_jsonb(t) FROM {table} AS t WHERE org_id = $1 LIMIT 1",
            OPERATOR_ORG_ID if table in OPERATORS else two.theirs,
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
    before = await two.fingerprints_of(two.theirs)
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
    assert await two.fingerprints_of(two.theirs) == before


async def test_without_a_tenant_the_app_role_reads_no_tenants_table(two):
    async with two.installation.db.lookup() as reader:
        for table in two.tables:
            with pytest.raises(
                asyncpg.PostgresError, match=r"app\.org_id|invalid input syntax for type uuid"
            ):
                await reader.fetch(f"SELECT org_id FROM {table}")


@pytest.mark.parametrize("route", WRITING, ids=name_of)
async def test_what_was_refused_above_is_right_with_the_right_and_own_ids(two, route):
    """The same calls by who may: they change this organization, and nothing of the other."""
    ours = two.ids_of("owner")
    identities = identities_of(route, ours)
    before, theirs = await two.fingerprints_of(two.ours), await two.fingerprints_of(two.theirs)
    address = address_of(route, identities)
    answer = await speak(two.installation, route, address, "owner", **sent_by(route, ours))
    assert answer.is_success, answer.text
    assert await two.fingerprints_of(two.ours) != before
    assert await two.fingerprints_of(two.theirs) == theirs
