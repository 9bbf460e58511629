"""What each route sends to PostgreSQL (design §4): the whole list, in order.

Counted is every statement of the request itself: the tenant setting, BEGIN and COMMIT included. Not counted is what
runs beside it at its own pace: nudges, the revocation listener, notes of when keys were used.
Budgets: authenticate at most 1 with a new key and 0 with a known one; view at most 2; create at most 4 and the COMMIT.
Whoever names another user pays one look-up more, whoever sends an Idempotency-Key three statements more.
"""

import asyncio
import copy

import pytest

from backhaul.dialects.reready.routes import HANDLERS
from backhaul.domain.identity.queries import FIND_API_KEY, FIND_MEMBER_BY_EMAIL
from backhaul.domain.transfers.queries import GET_DETAIL
from backhaul.domain.transfers.tables import ORDERED
from backhaul.storage import idempotency
from backhaul.storage.database import BEGIN, COMMIT, SET_TENANT, SET_TENANT_HERE
from backhaul.storage.facts import compose
from backhaul.storage.history import HISTORY
from backhaul.storage.outbox import OUTBOX
from tests.dialects.mounting import mounted
from tests.dialects.replaying import changed
from tests.dialects.reready.replay import reference
from tests.dialects.statement_log import Log, forget_callers

FACTS = compose(((ORDERED, True), (HISTORY, True), (OUTBOX, True)))
VIEW = [SET_TENANT, GET_DETAIL]
OPEN = [BEGIN, SET_TENANT_HERE]  # one message
CREATE = [*OPEN, FACTS, COMMIT]

# (method, path) → the caller's statements with a known key, and how many the budget allows beside the COMMIT.
BUDGETS = {
    ("POST", "/api/v1/device_transfers"): (CREATE, 4),
    ("GET", "/api/v1/device_transfers/{transfer_id:str}"): (VIEW, 2),
    ("POST", "/api/v1/device_returns"): (CREATE, 4),
    ("GET", "/api/v1/device_returns/{transfer_id:str}"): (VIEW, 2),
}


@pytest.fixture(scope="module")
async def logging_app(installation):
    """The same installation served by a process that writes its statements down."""
    log = Log()
    url, data_dir = installation.database_url, installation.app.place.data_dir
    async with mounted(url, data_dir, clock=installation.clock, logger=log) as app:
        made = copy.copy(installation)
        made.app = app
        await app.litestar.state.serving.authenticator.revocations.wait_until_listening()
        # Warm, so that neither driver nor pool asks anything of its own: every connection has sent everything.
        await asyncio.gather(*(create(made, {}) for _ in range(20)))
        await asyncio.gather(*(create(made, {"idempotency-key": f"warm {n}"}) for n in range(20)))
        yield made, log


@pytest.fixture
async def logged(logging_app):
    """That installation, with nothing written down yet."""
    made, log = logging_app
    forget_callers(made.app)
    await call(made, ("GET", "/api/v1/device_transfers/{transfer_id:str}"))
    await log.take()
    return logging_app


async def create(made, headers):
    answer = await made.call("POST", "/api/v1/device_transfers", json=reference("request"), headers=headers)
    assert answer.status_code == 201


async def call(made, route, **options):
    method, path = route
    if method == "POST":
        name = "request" if path.endswith("transfers") else "older_request"
        options.setdefault("json", reference(name))
    return await made.call(method, path.replace("{transfer_id:str}", made.ids["own"]), **options)


def test_every_route_has_a_budget():
    routes = {
        (method, path)
        for handler in HANDLERS
        for path in handler.paths
        for method in handler.http_methods
        if method != "OPTIONS"
    }
    assert set(BUDGETS) == routes


@pytest.mark.parametrize("route", BUDGETS, ids=" ".join)
async def test_a_known_key_costs_nothing_and_the_call_keeps_its_budget(logged, route):
    made, log = logged
    statements, budget = BUDGETS[route]
    answer = await call(made, route)
    assert answer.is_success
    assert await log.take() == statements
    assert len([query for query in statements if query != COMMIT]) <= budget


@pytest.mark.parametrize("route", BUDGETS, ids=" ".join)
async def test_a_new_key_costs_one_look_up(logged, route):
    made, log = logged
    await made.key("new", made.organizations["ours"], made.actors["owner"])
    assert (await call(made, route, key="new")).is_success
    assert await log.take() == [FIND_API_KEY, *BUDGETS[route][0]]


async def test_naming_another_user_costs_one_statement(logged):
    made, log = logged
    body = changed(reference("request"), {"user_email": "colleague@example.com"})
    assert (await made.call("POST", "/api/v1/device_transfers", json=body)).status_code == 201
    assert await log.take() == [*OPEN, FIND_MEMBER_BY_EMAIL, FACTS, COMMIT]


async def test_an_idempotency_key_costs_three_statements(logged):
    made, log = logged
    headers = {"idempotency-key": "counted"}
    path, body = "/api/v1/device_transfers", reference("request")
    assert (await made.call("POST", path, json=body, headers=headers)).status_code == 201
    look = [SET_TENANT, idempotency.FIND]
    assert await log.take() == [*look, *OPEN, idempotency.KEEP, FACTS, COMMIT]
    assert (await made.call("POST", path, json=body, headers=headers)).status_code == 201
    assert await log.take() == look


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[]", 422), (b"{}", 422), (b'{"device_type": " "}', 422)]
)
async def test_a_refused_body_costs_nothing(logged, body, status):
    made, log = logged
    answer = await made.call("POST", "/api/v1/device_transfers", content=body)
    assert answer.status_code == status
    assert await log.take() == []


async def test_an_id_that_cannot_be_one_costs_nothing(logged):
    made, log = logged
    assert (await made.call("GET", "/api/v1/device_transfers/1")).status_code == 404
    assert await log.take() == []


async def test_a_wrong_key_is_looked_up_once(logged):
    made, log = logged
    path = f"/api/v1/device_transfers/{made.ids['own']}"
    made.keys["wrong"] = "bh_11111111_" + "B" * 43
    assert (await made.call("GET", path, key="wrong")).status_code == 401
    assert await log.take() == [FIND_API_KEY]
    assert (await made.call("GET", path, key="wrong")).status_code == 401
    assert (await made.call("GET", path, key="placeholder")).status_code == 401
    assert (await made.call("GET", path, key=None)).status_code == 401
    assert await log.take() == []
