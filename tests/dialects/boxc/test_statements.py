"""How many statements each route sends to PostgreSQL (design §4), the bucket's one included.

Budgets: authenticate at most 1 with a new token and 0 with a known one; one more to count the request; read at most 2.
A user's own page reads the organization and the wallets: two reads. Its tenant is set for each.
"""

import itertools
import json

import pytest

from backhaul.dialects.boxc.routes import HANDLERS
from backhaul.domain.identity.clients.queries import FIND_BEARER
from backhaul.settings import BoxcSettings
from backhaul.storage.database import BEGIN, COMMIT
from backhaul.storage.rate_limits import TAKE
from tests.dialects.boxc.furnishing import Desk
from tests.dialects.boxc.signing_in import program
from tests.dialects.databases import shared_database
from tests.dialects.installation import installed
from tests.dialects.mounting import small
from tests.dialects.statement_log import Log

READ = 2
NEXT = itertools.count(1)
RESHIPMENT = {
    "reshipment": {
        "contents": "Laptop",
        "returns": ["{to_reship}"],
        "to": {
            "name": "John Doe",
            "street1": "5200 Harry Hines Blvd",
            "city": "Dallas",
            "province": "TX",
            "postal_code": "75235",
            "country": "US",
        },
        "value": 900,
    }
}
SUBSCRIPTION = {
    "webhook": {
        "address": "https://shop.example/{webhook_name}",
        "topic": "returns_status",
        "key": "0123456789abcdef",
    }
}
# GET routes of /v1 → what is called, and the budget beside the bucket's statement.
BUDGETS = {
    "/v1/users/me": ("/v1/users/me", 2 * READ),
    "/v1/warehouses": ("/v1/warehouses", READ),
    "/v1/warehouses/{warehouse_id:str}": ("/v1/warehouses/WH0NONE1", READ),
    "/v1/returns": ("/v1/returns?limit=2", READ),
    "/v1/returns/{return_id:str}": ("/v1/returns/{shown}", READ),
    "/v1/reshipments": ("/v1/reshipments", READ),
    "/v1/reshipments/{reshipment_id:str}": ("/v1/reshipments/{reshipment}", READ),
    "/v1/invoices": ("/v1/invoices", READ),
    "/v1/invoices/{invoice_id:str}": ("/v1/invoices/1001", READ),
    "/v1/webhooks": ("/v1/webhooks", READ),
    "/v1/webhooks/{webhook_id:str}": ("/v1/webhooks/1001", READ),
    "/v1/returns?": ("/v1/returns?limit=100", READ),  # some are in reshipments: their numbers come along
}
# Routes that write → what is called with which body, and how many statements the budget allows beside the bucket's and
# the COMMIT. WRITE is BEGIN, the tenant, the change, and one for history, events and jobs together. Most go beyond for
# a reason; an answer that shows the whole is a read of its own.
WRITE = 4
LOCK, WALLET = 1, 2  # rows that decide are locked first; a wallet is locked and written
HELD = 1  # whether a legal hold covers what goes away
WRITES = {
    ("PUT", "/v1/returns/{return_id:str}"): (
        "/v1/returns/{to_verify}",
        {"return": {"status": "Verify"}},
        WRITE + LOCK + WALLET + READ,
    ),
    ("DELETE", "/v1/returns/{return_id:str}"): ("/v1/returns/{to_discard}", None, WRITE + LOCK + HELD + 1),
    ("POST", "/v1/returns/{return_id:str}/messages"): (
        "/v1/returns/{to_write}/messages",
        {"message": {"body": "Is everything there?"}},
        WRITE + LOCK + READ,
    ),
    # The returns are locked, what lies in them is looked at, and both rows are written.
    ("POST", "/v1/reshipments"): ("/v1/reshipments", RESHIPMENT, WRITE + LOCK + HELD + 2),
    ("PUT", "/v1/reshipments/{reshipment_id:str}"): (
        "/v1/reshipments/{to_answer}",
        {"reshipment": {"status": "Approved"}},
        WRITE + LOCK + WALLET,
    ),
    ("DELETE", "/v1/reshipments/{reshipment_id:str}"): (
        "/v1/reshipments/{to_delete}",
        None,
        WRITE + LOCK + LOCK + 1,
    ),
    ("POST", "/v1/webhooks"): ("/v1/webhooks", SUBSCRIPTION, WRITE + LOCK + 1),
    ("PUT", "/v1/webhooks/{webhook_id:str}"): (
        "/v1/webhooks/{webhook}",
        {"webhook": {"active": True}},
        WRITE + READ + LOCK,
    ),
    ("POST", "/v1/webhooks/{webhook_id:str}/queue"): (
        "/v1/webhooks/{webhook}/queue",
        None,
        WRITE + READ + LOCK,
    ),
    ("DELETE", "/v1/webhooks/{webhook_id:str}"): ("/v1/webhooks/{gone}", None, WRITE + READ + LOCK + 1),
}


@pytest.fixture(scope="module")
async def counted(cluster, template, tmp_path_factory, standing_clock):
    log = Log()
    async with shared_database(cluster, template, "boxc_statements") as url:
        settings = small(url, boxc=BoxcSettings(rate_limit_requests=100_000))
        data_dir = tmp_path_factory.mktemp("boxc_statements")
        async with installed(url, data_dir, clock=standing_clock, settings=settings, logger=log) as made:
            desk = await Desk(made).open()
            shown = [await desk.parcel() for _ in range(5)]
            await desk.photograph(shown[-1])
            await desk.fund()
            made.ids |= {"shown": shown[-1], "reshipment": await desk.reship(*shown[:2])}
            yield made, log, desk


def test_every_read_has_a_budget():
    paths = {path for handler in HANDLERS for path in handler.paths}
    reading = {path for path in paths if path.startswith("/v1/") and path.count("{") < 2}
    reading -= {path for path in reading if path.endswith(("/messages", "/queue"))}
    assert {path.removesuffix("?") for path in BUDGETS} == reading


@pytest.mark.parametrize("path", BUDGETS)
async def test_a_read_stays_within_its_budget(counted, path):
    made, log, _ = counted
    shop = await program(made, name=path)
    token = await shop.token()
    address, budget = BUDGETS[path]
    address = address.format_map(made.ids)
    for _ in range(3):  # the driver's connections learn the types they meet
        await shop.call("GET", address, token=await shop.token())
    await log.take()
    await shop.call("GET", address, token=token)
    first = await log.take()
    await shop.call("GET", address, token=token)
    second = await log.take()
    assert first[0] == FIND_BEARER
    assert first[1:] == second
    assert second[0] == TAKE
    assert len(second) <= 1 + budget


def test_every_write_has_a_budget():
    writing = {
        (method, path)
        for handler in HANDLERS
        for path in handler.paths
        for method in handler.http_methods
        if path.startswith("/v1/") and method not in {"GET", "HEAD", "OPTIONS"}
    }
    assert set(WRITES) == writing


@pytest.mark.parametrize("route", WRITES, ids=" ".join)
async def test_a_write_is_one_transaction_within_its_budget(counted, route):
    made, log, desk = counted
    shop = await program(made, name=" ".join(route)[:40])
    token = await shop.token()
    await shop.call("GET", "/v1/warehouses", token=token)
    path, body, budget = WRITES[route]
    for _ in range(3):  # the driver's connections learn the types they meet
        ids = {**made.ids, **await subjects(made, desk, path)}
        sent = {} if body is None else {"json": json.loads(filled(json.dumps(body), ids))}
        await log.take()
        answer = await shop.call(route[0], path.format_map(ids), token=token, **sent)
        assert answer.status_code in {200, 201}, answer.text
        statements = await log.take()
    assert statements[0] == TAKE
    own = statements[1:]
    assert own.count(COMMIT) == 1
    assert own.count(BEGIN) == 1
    assert len([statement for statement in own if statement != COMMIT]) <= budget, own


async def subjects(made, desk, path):
    """What a call of a route is about: nothing that a call before it has used up."""
    n = next(NEXT)
    about = {"to_reship": await desk.parcel(), "webhook_name": n}
    for name in ("to_verify", "to_discard", "to_write"):
        if name in path:
            about[name] = await desk.parcel()
    for name in ("to_answer", "to_delete"):
        if name in path:
            about[name] = await desk.reship(await desk.parcel())
    if "{webhook}" in path or "{gone}" in path:
        body = filled(json.dumps(SUBSCRIPTION), {"webhook_name": f"subject{n}"})
        answer = await made.call_by_client("owner", "POST", "/v1/webhooks", json=json.loads(body))
        about["webhook"] = about["gone"] = answer.json()["webhook"]["id"]
    return about


def filled(text, ids):
    """A body with what stands in braces filled in; a number stands without its quotes."""
    for name, value in ids.items():
        text = text.replace(f'"{{{name}}}"', str(value)).replace(f"{{{name}}}", str(value))
    return text


async def test_a_known_token_costs_no_look_up(counted):
    made, log, _ = counted
    shop = await program(made, name="Known")
    token = await shop.token()
    await shop.call("GET", "/v1/users/me", token=token)
    await log.take()
    for _ in range(3):
        await shop.call("GET", "/v1/users/me", token=token)
        assert not [
            s for s in await log.take() if "find_client_bearer" in s or "find_client_signing_keys" in s
        ]


async def test_what_is_no_token_costs_nothing_at_all(counted):
    made, log, _ = counted
    await made.app.request("GET", "/auth/v1/jwks.json")
    await log.take()
    for header in ("Bearer nonsense", "Bearer a.b.c", "Token x", ""):
        answer = await made.app.request("GET", "/v1/users/me", headers={"authorization": header})
        assert answer.status_code == 401
        assert await log.take() == []
