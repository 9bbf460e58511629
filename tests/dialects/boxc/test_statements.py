"""How many statements each route sends to PostgreSQL (design §4), the bucket's one included.

Budgets: authenticate at most 1 with a new token and 0 with a known one; one more to count the request; read at most 2.
A user's own page reads the organization and the wallets: two reads. Its tenant is set for each.
"""

import pytest

from backhaul.dialects.boxc.routes import HANDLERS
from backhaul.domain.identity.clients.queries import FIND_BEARER
from backhaul.settings import BoxcSettings
from backhaul.storage.rate_limits import TAKE
from tests.dialects.boxc.furnishing import Desk
from tests.dialects.boxc.signing_in import program
from tests.dialects.databases import shared_database
from tests.dialects.installation import installed
from tests.dialects.mounting import small
from tests.dialects.statement_log import Log

READ = 2
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
    "/v1/returns?": ("/v1/returns?limit=100", 2 * READ),  # some are in reshipments: their numbers
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
            made.ids |= {"shown": shown[-1], "reshipment": await desk.reship(*shown[:2])}
            yield made, log


def test_every_read_has_a_budget():
    paths = {path for handler in HANDLERS for path in handler.paths}
    reading = {path for path in paths if path.startswith("/v1/") and path.count("{") < 2}
    reading -= {path for path in reading if path.endswith(("/messages", "/queue"))}
    assert {path.removesuffix("?") for path in BUDGETS} == reading


@pytest.mark.parametrize("path", BUDGETS)
async def test_a_read_stays_within_its_budget(counted, path):
    made, log = counted
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


async def test_a_known_token_costs_no_look_up(counted):
    made, log = counted
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
    made, log = counted
    await made.app.request("GET", "/auth/v1/jwks.json")
    await log.take()
    for header in ("Bearer nonsense", "Bearer a.b.c", "Token x", ""):
        answer = await made.app.request("GET", "/v1/users/me", headers={"authorization": header})
        assert answer.status_code == 401
        assert await log.take() == []
