"""Records that the audit log names lead to their own pages, by the key those have; what is gone leads nowhere."""

import re
from types import SimpleNamespace
from uuid import UUID

import pytest

from backhaul.domain.identity.audit import Change
from backhaul.domain.identity.audit.statements import _KEYS
from backhaul.web.console.settings.subjects import PLACES, page_of
from tests.conftest import NOON
from tests.web.console.page_table import PAGES

PATH = "/settings/audit"
LINE = re.compile(r"/settings/audit\?kind=([a-z_]+)&record=([0-9a-f-]{36})")
PUBLIC = "floor(extract(epoch FROM created_at))::bigint::text || number"
# By kind: the path of a record's page, and the statement that says what stands in it.
OWN = {
    "asset": ("/assets/{}", "SELECT number::text FROM assets WHERE id = $1"),
    "charge": ("/money/charges/{}", "SELECT id::text FROM charges WHERE id = $1"),
    "client": ("/settings/clients#client-{}", "SELECT id::text FROM oauth_clients WHERE id = $1"),
    "employee": ("/people/{}", "SELECT number::text FROM employees WHERE id = $1"),
    "hold": ("/holds/{}", "SELECT number::text FROM holds WHERE id = $1"),
    "import": ("/imports/{}", "SELECT number::text FROM import_batches WHERE id = $1"),
    "invitation": ("/settings/members#invitation-{}", "SELECT id::text FROM invitations WHERE id = $1"),
    "invoice": ("/money/invoices/{}", "SELECT number::text FROM invoices WHERE id = $1"),
    "ladder": ("/settings/ladders/{}", "SELECT number::text FROM ladders WHERE id = $1"),
    "location": ("/locations/{}/edit", "SELECT number::text FROM locations WHERE id = $1"),
    "parcel_exception": ("/exceptions/{}", "SELECT number::text FROM parcel_exceptions WHERE id = $1"),
    "recovery_campaign": ("/campaigns/{}", f"SELECT {PUBLIC} FROM recovery_campaigns WHERE id = $1"),
    "recovery_case": ("/cases/{}", f"SELECT {PUBLIC} FROM recovery_cases WHERE id = $1"),
    "refund": ("/money/charges/{}#refunds", "SELECT charge_id::text FROM refunds WHERE id = $1"),
    "reshipment": ("/reshipments/{}", "SELECT number::text FROM reshipments WHERE id = $1"),
    "return": ("/returns/{}", "SELECT number::text FROM returns WHERE id = $1 AND status <> 'received'"),
    "shipment": (
        "/transfers/{}",
        "SELECT subject_id::text FROM shipments WHERE id = $1 AND subject_kind = 'transfer'",
    ),
    "transfer": ("/transfers/{}", "SELECT id::text FROM transfers WHERE id = $1"),
    "webhook_endpoint": ("/settings/webhooks/{}", "SELECT id::text FROM webhook_endpoints WHERE id = $1"),
}  # fmt: skip
PICKUP = UUID("019a0000-0000-7000-8000-000000000001")
NOWHERE = ("fee", "message")


async def lines(browse, query=""):
    """Every line of the log: the kind and id of its record, and where the record's name leads."""
    found, path = [], f"{PATH}?{query}"
    while path is not None:
        page = await browse.page(path)
        for before, link in zip(page.links, page.links[1:], strict=False):
            if line := LINE.fullmatch(link):
                found.append((line[1], UUID(line[2]), None if before.startswith(PATH) else before))
        path = next((link for link in page.links if f"{PATH}?" in link and "before=" in link), None)
    return found


@pytest.mark.parametrize("kind", OWN)
async def test_a_record_leads_to_its_own_page(console, browse, kind):
    path, statement = OWN[kind]
    found = {(subject, where) for _, subject, where in await lines(browse, f"kind={kind}")}
    assert found
    keys = {subject: await console.owner.fetchval(statement, subject) for subject, _ in found}
    assert found == {(one, None if key is None else path.format(key)) for one, key in keys.items()}
    for where in {where for _, where in found if where is not None}:
        page = await browse.page(where)
        _, _, anchor = where.partition("#")
        assert not anchor or anchor in page.ids


@pytest.mark.parametrize("kind", NOWHERE)
async def test_a_record_without_a_page_leads_nowhere(browse, kind):
    assert {where for _, _, where in await lines(browse, f"kind={kind}")} == {None}


async def test_a_hold_of_the_wallet_is_not_taken_for_a_legal_hold(console, browse):
    known = {row["id"] for row in await console.owner.fetch("SELECT id FROM wallet_holds")}
    found = {where for _, subject, where in await lines(browse, "kind=hold") if subject in known}
    assert found == {None}


async def test_a_key_leads_to_the_page_of_keys_that_begins_with_it(own_console, visitors):
    browse = await visitors(own_console, "owner")
    for name in ("Later", "Last"):
        await browse.page("/settings/keys")
        made = await browse.post("/settings/keys", {"name": name, "reach": "all"})
        assert made.status_code == 200, made.text
    found = await lines(browse, "kind=api_key")
    assert len(found) == 3
    for _, subject, where in found:
        name = await own_console.owner.fetchval("SELECT name FROM api_keys WHERE id = $1", subject)
        texts = (await browse.page(where)).texts
        assert texts[texts.index("Actions") + 1] == name  # the first row, after the heads of the columns


async def test_what_is_gone_leads_nowhere(own_console, visitors):
    browse, ids = await visitors(own_console, "owner"), own_console.ids["ours"]
    gone = own_console.actors["viewer"].user_id
    person = await own_console.owner.fetchval(
        "SELECT id FROM employees WHERE number = $1", int(ids["other_person"])
    )
    before = {(kind, where) for kind, subject, where in await lines(browse) if subject in {gone, person}}
    assert before == {
        ("employee", f"/people/{ids['other_person']}"),
        ("member", "/settings/members?q=viewer%40console.example"),
    }  # fmt: skip
    await browse.page("/people")
    await browse.does(f"/people/{ids['other_person']}/erase")
    await browse.does(f"/settings/members/{gone}/remove")
    after = {(kind, where) for kind, subject, where in await lines(browse) if subject in {gone, person}}
    assert after == {("employee", None), ("member", None)}


async def test_what_has_no_page_any_more_leads_nowhere(own_console, visitors):
    browse, ids = await visitors(own_console, "owner"), own_console.ids["ours"]
    expired, discarded = f"/reshipments/{ids['quoting']}", f"/returns/{ids['return']}"
    assert {expired, discarded} <= {where for _, _, where in await lines(browse)}
    await own_console.owner.execute(
        "UPDATE reshipments SET status = 'expired', expires_at = NULL, ended_at = created_at WHERE number = $1",
        int(ids["quoting"]),
    )
    await browse.page(discarded)
    await browse.does(f"{discarded}/discard")
    for path in (expired, discarded):
        assert (await browse.get(path)).status_code == 404
    assert {expired, discarded} & {where for _, _, where in await lines(browse)} == set()


async def test_what_is_shown_on_another_page_leads_there(own_console, visitors):
    """Also what nobody did to the furniture: lines are written for it."""
    browse, ids = await visitors(own_console, "owner"), own_console.ids["ours"]
    org_id, viewer = own_console.organizations["ours"].id, own_console.actors["viewer"].user_id
    stranger = own_console.actors["stranger"].user_id
    shipment = await own_console.owner.fetchrow(
        "SELECT id, subject_id FROM shipments WHERE org_id = $1 AND subject_kind = 'transfer' LIMIT 1", org_id
    )
    await own_console.owner.execute(
        "INSERT INTO pickups (org_id, id, shipment_id, on_date, status, created_at, updated_at)"
        " VALUES ($1, $2, $3, '2026-06-01', 'past', now(), now())", org_id, PICKUP, shipment["id"],
    )  # fmt: skip
    expected = {
        ("organization", org_id): "/settings/organization",
        ("wallet", org_id): "/money",
        ("user", viewer): "/settings/members?q=viewer%40console.example",
        ("user", stranger): None,
        ("pickup", PICKUP): f"/transfers/{shipment['subject_id']}",
        ("webhook_delivery", UUID(ids["delivery"])): f"/settings/webhooks/deliveries/{ids['delivery']}",
        ("webhook_secret", UUID(ids["endpoint"])): f"/settings/webhooks/{ids['endpoint']}",
        ("webhook_secret", org_id): None,
        ("charge", UUID(own_console.ids["theirs"]["charge"])): None,
    }
    await own_console.owner.executemany(
        "INSERT INTO history (org_id, id, subject_kind, subject_id, action, actor_kind, at, change)"
        " VALUES ($1, gen_random_uuid(), $2, $3, 'changed', 'system', now(), '{}')",
        [(org_id, kind, subject) for kind, subject in expected],
    )
    found = {(kind, subject): where for kind, subject, where in await lines(browse)}
    assert {line: found[line] for line in expected} == expected
    for where in set(expected.values()) - {None}:
        await browse.page(where)


async def test_what_the_operator_took_in_leads_to_the_bench(console, visitors):
    operator = await visitors(console, "operator")
    found = await lines(operator, "kind=intake")
    assert found
    for _, subject, where in found:
        number = await console.owner.fetchval("SELECT number FROM intakes WHERE id = $1", subject)
        assert where == f"/warehouse/parcels/{number}"


async def test_the_log_is_still_read_by_one_statement(console, browse):
    _, sent = await browse.statements(PATH)
    assert len([one for one in sent if "FROM history" in one]) == 1
    assert len([one for one in sent if "find_browser_session" not in one]) <= 3


def change(kind):
    return Change(
        id=UUID(int=1), at=NOON, subject_kind=kind, subject_id=UUID(int=2), action="changed", actor_kind="system",
        actor_id=None, actor_name=None, change={}, subject_key=str(UUID(int=3)),
    )  # fmt: skip


@pytest.mark.parametrize("kind", PLACES)
def test_a_page_is_offered_to_who_may_open_it_alone(kind):
    place, asked = PLACES[kind], []
    where = page_of(SimpleNamespace(may=lambda right: asked.append(right) or True), change(kind))
    forms = {
        re.sub(r"\\{\w+\\}", "[^/?]+", re.escape(page.path.partition("?")[0])): page.right for page in PAGES
    }
    named = re.split(r"[?#]", where)[0]
    exact = {right for form, right in forms.items() if form == re.escape(named)}
    assert asked == [place.right]
    assert place.right in (exact or {right for form, right in forms.items() if re.fullmatch(form, named)})
    assert page_of(SimpleNamespace(may=lambda _: False), change(kind)) is None


def test_every_key_that_is_looked_up_has_a_place():
    assert set(PLACES) == set(_KEYS)
