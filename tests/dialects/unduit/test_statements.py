"""How many statements each route sends to PostgreSQL (design §4), and which kinds of them.

Counted is every statement of the request itself: the tenant setting, BEGIN and COMMIT included. Not counted is what
runs beside it at its own pace: nudges, the revocation listener, notes of when credentials were used.
Budgets: authenticate at most 1 with a new token and 0 with a known one; read at most 2; write at most 4 and the
COMMIT. Two go beyond for a reason: an import looks at all rows, makes the places, adds the people and notes them; legal
holds lock the devices, then the people, before anything is written, and one that is placed is looked for in between, so
that a repeat changes nothing.
"""

import asyncio
import copy
import itertools
import json

import pytest

from backhaul.dialects.unduit.routes import HANDLERS
from backhaul.domain import recovery
from backhaul.domain.identity.queries import FIND_BEARER
from backhaul.domain.recovery import NewCampaign
from backhaul.storage.database import BEGIN, COMMIT, SET_TENANT, SET_TENANT_HERE
from tests.dialects.databases import shared_database
from tests.dialects.installation import installed
from tests.dialects.mounting import mounted
from tests.dialects.replaying import filled
from tests.dialects.statement_log import Log, forget_callers
from tests.dialects.unduit.furnishing import HANDS, furnish
from tests.dialects.unduit.replay import reference
from tests.domain.recovery.test_statements import fill

READ, WRITE, IMPORT, HOLD, PLACE = 2, 4, 6, 6, 7
NEXT = itertools.count(1)

EMPLOYEE = {**reference("employee"), "email": "counted{{n}}@example.com", "location_name": "Los Angeles HQ"}
ROWS = [{**EMPLOYEE, "email": f"row{row}.{{{{n}}}}@example.com"} for row in range(20)]
ASSET = {
    **reference("asset"),
    "product_name": "Demo Laptop",
    "manufacturer": "Lenovo",
    "location_name": "Los Angeles HQ",
    "serial_number": "COUNTED-{{n}}",
}
TO_JOHN = {"asset_number": "{{give}}", "assign_to_email": "john.doe@unduit.com"}
BACK = {"asset_number": "{{take}}", "assign_to_email": "john.doe@unduit.com", "asset_status": "Available"}

HOLD_BODY = {
    "summary": "Smith v. Maas {{n}}",
    "description": "Keep everything.",
    "users": [
        {
            "serialNumber": "SN-HOLD",
            "name": "John Doe",
            "email": "john.doe@unduit.com",
            "recoveryNumber": "17778880001",
            "assetName": "Demo Laptop",
            "assetId": "1",
        }
    ],
}
RELEASE = {
    "summary": "Settled",
    "description": "The case is closed.",
    "user": {"id": "{{hold_line}}", "serial_number": "SN-HOLD", "status_name": "Legal Hold"},
}
PERSON = {
    **reference("recovery"),
    "campaign_number": "{{campaign}}",
    "email": "recovered{{n}}@example.com",
}
PEOPLE = [{**PERSON, "email": f"row{row}.{{{{n}}}}@example.com"} for row in range(20)]

# (method, path) → what to send, and how many statements the budget allows beside the COMMIT.
BUDGETS = {
    ("GET", "/api/v1/employees"): ({}, READ),
    ("GET", "/api/v1/users"): ({}, READ),
    ("GET", "/api/v2/employees"): ({"params": {"include": "assets,manager,department"}}, READ),
    ("POST", "/api/v1/employee/add"): ({"json": EMPLOYEE}, WRITE),
    ("PUT", "/api/v1/employee/update/{employee:str}"): ({"path": "{{jane}}", "json": EMPLOYEE}, WRITE),
    ("POST", "/api/v1/employee/update/{employee:str}"): ({"path": "{{jane_id}}", "json": EMPLOYEE}, WRITE),
    ("POST", "/api/v1/employees/bulk-import"): ({"json": {"employees": ROWS}}, IMPORT),
    ("GET", "/api/v1/assets"): ({}, READ),
    ("POST", "/api/v1/assets/add-asset"): ({"json": ASSET}, WRITE),
    ("GET", "/api/v1/assets/details/{serial_number:str}"): ({"path": "SN-ABCD1234"}, READ),
    ("GET", "/api/v1/assets/{asset:str}/history"): ({"path": "SN-ABCD1234"}, READ),
    ("PATCH", "/api/v1/assets/{asset:str}"): ({"path": "SN-STOCK", "json": {"sku": "{{n}}"}}, WRITE),
    ("POST", "/api/v1/assets/assign/user"): ({"json": TO_JOHN}, WRITE),
    ("POST", "/api/v1/assets/unassign/user"): ({"json": BACK}, WRITE),
    ("POST", "/legal-hold/submit"): ({"json": HOLD_BODY}, PLACE),
    ("POST", "/api/v1/legal-hold/submit"): ({"json": HOLD_BODY}, PLACE),
    ("POST", "/legal-hold/active"): ({"json": RELEASE}, HOLD),
    ("POST", "/api/v1/legal-hold/active"): ({"json": RELEASE}, HOLD),
    ("GET", "/legal-hold/active-holds"): ({"params": {"page": 1}}, READ),
    ("GET", "/api/v1/legal-hold/active-holds"): ({"params": {"page": 1}}, READ),
    ("GET", "/api/v1/assets/unassign/user"): ({"params": BACK}, WRITE),
    ("GET", "/api/v1/recover/campaigns"): ({}, READ),
    ("GET", "/api/v1/recover/employees/details/{campaign_number:str}"): ({"path": "{{full_campaign}}"}, READ),
    ("GET", "/api/v1/recover/campaign/{campaign_number:str}"): ({"path": "{{full_campaign}}"}, READ),
    ("POST", "/api/v1/recover/campaign/create"): ({"json": {"campaign_name": "Counted {{n}}"}}, WRITE),
    ("POST", "/api/v1/recover/user/add"): ({"json": PERSON}, WRITE),
    ("GET", "/api/v1/recover/user/add"): ({"json": PERSON}, WRITE),
    ("POST", "/api/v1/recover/campaign/employee/add"): ({"json": PERSON}, WRITE),
    ("POST", "/api/v1/recover/campaign/employee/bulk-add"): (
        {"json": {"campaign_number": "{{campaign}}", "users": PEOPLE}},
        WRITE + 1,  # the campaign is locked before anybody looks who is in it
    ),
    ("GET", "/api/v1/recover/campaign/employee/{recovery_id:str}"): ({"path": "{{recovery}}"}, READ),
    ("GET", "/api/v1/recover/recovery/{recovery_code:str}"): ({"path": "{{recovery_code}}"}, READ),
    ("GET", "/api/v1/recoveries/{recovery_number:str}/status"): ({"path": "{{recovery}}"}, READ),
}
OPEN = {("POST", "/api/v1/auth/login"), ("POST", "/api/v1/refresh-token")}


async def call(made, route, **options):
    """One request that this route answers with 200, as none before it."""
    method, path = route
    n = next(NEXT)
    own = {"n": n, "give": made.ids[f"give_{n % HANDS}"], "take": made.ids[f"take_{n % HANDS}"]}
    sent = json.loads(filled(json.dumps(BUDGETS[route][0]), {**made.ids, **own}))
    parameter = str(sent.pop("path", ""))
    before, brace, after = path.partition("{")
    address = f"{before}{parameter}{after.partition('}')[2]}" if brace else path
    answer = await made.call_as("owner", method, address, **sent, **options)
    assert answer.status_code == 200, answer.text


def kinds_of(statements):
    """How a request used the database: its bare frame."""
    frame = {BEGIN: "begin", SET_TENANT_HERE: "tenant", SET_TENANT: "tenant", COMMIT: "commit"}
    return [frame.get(statement, "own") for statement in statements]


@pytest.fixture(scope="module")
async def logged(cluster, template, tmp_path_factory, standing_clock):
    """An installation of this module's own, served by a process that writes its statements down."""
    log = Log()
    data_dir = tmp_path_factory.mktemp("unduit_statements")
    async with (
        shared_database(cluster, template, "unduit_statements") as url,
        installed(url, data_dir, clock=standing_clock) as installation,
        mounted(url, data_dir, clock=standing_clock, logger=log) as app,
    ):
        made = copy.copy(await furnish(installation))
        made.app = app
        await app.litestar.state.serving.authenticator.revocations.wait_until_listening()
        # Warm, so that neither driver nor pool asks anything of its own: every connection has sent everything.
        for route in BUDGETS:
            if "assign" not in route[1]:
                await asyncio.gather(*(call(made, route) for _ in range(20)))
        yield made, log


@pytest.fixture(autouse=True)
async def nothing_logged(logged):
    made, log = logged
    forget_callers(made.app)
    await call(made, ("GET", "/api/v1/assets"))
    await log.take()


def test_every_route_has_a_budget():
    routes = {
        (method, path)
        for handler in HANDLERS
        for path in handler.paths
        for method in handler.http_methods
        if method != "OPTIONS"
    }
    assert set(BUDGETS) | OPEN == routes


@pytest.mark.parametrize("route", BUDGETS, ids=" ".join)
async def test_a_known_token_costs_nothing_and_the_call_keeps_its_budget(logged, route):
    made, log = logged
    await call(made, route)
    statements = await log.take()
    kinds = kinds_of(statements)
    if route[0] != "GET" or "unassign" in route[1] or "user/add" in route[1]:
        assert kinds[:2] == ["begin", "tenant"]
        assert kinds[-1] == "commit"
        assert "begin" not in kinds[2:]
    else:
        assert kinds == ["tenant", "own"]
    assert len([kind for kind in kinds if kind != "commit"]) <= BUDGETS[route][1]


async def test_a_new_token_costs_one_look_up(logged):
    made, log = logged
    made.tokens.pop("owner")
    token = await made.token("owner")
    serving = made.app.litestar.state.serving
    renewed = await serving.authenticator.refresh(token=token, remote_address=None)
    await log.take()
    made.tokens["owner"] = renewed
    await call(made, ("GET", "/api/v1/assets"))
    statements = await log.take()
    assert statements[0] == FIND_BEARER
    assert kinds_of(statements[1:]) == ["tenant", "own"]


@pytest.mark.parametrize(
    ("line", "body", "status"),
    [
        ("POST /api/v1/employee/add", b"{", 400),
        ("POST /api/v1/employee/add", b"{}", 400),
        ("POST /api/v1/employees/bulk-import", b'{"employees": [{}]}', 400),
        ("PUT /api/v1/employee/update/x", b"{}", 404),
        ("POST /api/v1/assets/add-asset", b"[]", 422),
        ("PATCH /api/v1/assets/1", b'{"condition": "x"}', 422),
        ("POST /api/v1/assets/assign/user", b"", 400),
        ("GET /api/v1/assets//unassign/user", b"", 400),
        ("GET /api/v1/assets?page=0", b"", 400),
        ("GET /api/v2/employees?include=x", b"", 422),
        ("POST /api/v1/recover/user/add", b"{}", 400),
        ("GET /api/v1/recover/user/add", b"", 400),
        ("POST /api/v1/recover/campaign/create", b"{}", 400),
        ("POST /api/v1/recover/campaign/employee/bulk-add", b'{"campaign_number": 1, "users": [{}]}', 400),
        ("GET /api/v1/recover/campaigns?limit=101", b"", 422),
        ("GET /api/v1/recover/campaign/x", b"", 404),
        ("GET /api/v1/recover/recovery/x", b"", 404),
    ],
)
async def test_what_is_refused_by_itself_costs_nothing(logged, line, body, status):
    made, log = logged
    answer = await made.call_as("owner", *line.split(" "), content=body)
    assert answer.status_code == status
    assert await log.take() == []


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/recover/campaigns",
        "/api/v1/recover/employees/details/{}",
        "/api/v1/recover/employees/details/{}?page=900",
        "/api/v1/recover/campaign/{}?limit=100",
    ],
)
async def test_ten_thousand_people_cost_no_statement_more(logged, path):
    made, log = logged
    owner = made.actors["owner"]
    title = f"Crowd {next(NEXT)}"
    campaign = await recovery.create_campaign(
        made.db, actor=owner, new=NewCampaign(name=title), now=made.clock.now()
    )
    await fill(made.owner, org_id=owner.org_id, campaign_id=campaign.id, at=made.clock.now(), prefix=title)
    answer = await made.call_as("owner", "GET", path.format(campaign.public_number))
    assert answer.status_code == 200
    body = answer.json()
    if "total_employees" in body:
        assert body["total_employees"] == 10_000
        assert len(body["employees"]) == (100 if "limit" in path else 10)
    else:
        assert body["campaigns"][0]["total_employee"] == 10_000
    await log.take()
    await made.call_as("owner", "GET", path.format(campaign.public_number))
    assert kinds_of(await log.take()) == ["tenant", "own"]
