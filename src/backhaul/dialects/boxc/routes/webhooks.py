"""/v1/webhooks: addresses that are told news (contract §3.8)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from litestar import Request, delete, get, post, put
from litestar.params import FromPath

from backhaul.dialects.answering import Answer
from backhaul.dialects.boxc import envelope
from backhaul.dialects.boxc.calling import READ_WEBHOOKS, WRITE_WEBHOOKS, Call, authenticate
from backhaul.dialects.boxc.checking import Check
from backhaul.dialects.boxc.numbers import number_in
from backhaul.dialects.boxc.paging import next_page, page_asked_for
from backhaul.dialects.boxc.views import webhooks as views
from backhaul.dialects.boxc.webhooks import TOPICS, WORDING, WORDS
from backhaul.domain import webhooks
from backhaul.domain.announcing import Wordings, send_test
from backhaul.kernel.errors import InvalidInput

NAME = "webhooks"
MAX_ADDRESS = 128
SHORTEST_KEY, LONGEST_KEY = 16, 40  # the text says 32, the schema 40 (B5)
_BARE = re.compile(r"https?://[^/?#]+(\?.*)?", re.IGNORECASE)  # a host alone is no address (contract §3.8)
_NAMES = {"url": "address", "secret": "key"}


@get("/v1/webhooks")
async def list_webhooks(request: Request[Any, Any, Any]) -> Answer:
    """List the webhooks that were made in this dialect."""
    call = await authenticate(request, scope=READ_WEBHOOKS)
    page = await page_asked_for(request, call, name=NAME)
    found = await webhooks.list_endpoints_of(
        call.db,
        actor=call.actor,
        wording=WORDING,
        is_ascending=page.is_ascending,
        after=page.last_id,
        limit=page.limit + 1,
    )
    shown = found[: page.limit]
    last_id = shown[-1].number if len(found) > page.limit else None
    following = await next_page(call, page, name=NAME, last_id=last_id)
    return envelope.listed(call, NAME, [views.webhook(one) for one in shown], next_page=following)


@get("/v1/webhooks/{webhook_id:str}")
async def view_webhook(request: Request[Any, Any, Any], webhook_id: FromPath[str]) -> Answer:
    """View a webhook."""
    call = await authenticate(request, scope=READ_WEBHOOKS)
    return envelope.one(call, "webhook", views.webhook(await _endpoint(call, webhook_id)))


@post("/v1/webhooks")
async def create_webhook(request: Request[Any, Any, Any]) -> Answer:
    """Have an address told the news of a topic."""
    call = await authenticate(request, scope=WRITE_WEBHOOKS)
    check = Check.of_body(await request.body(), "webhook")
    address = _address(check, is_required=True)
    topic = check.choice("topic", TOPICS, is_required=True)
    is_active = check.flag("active")
    key = _key(check)
    check.done()
    assert address is not None, "an absent one was refused"
    with _in_the_bodys_terms():
        endpoint, _ = await webhooks.add_endpoint(
            call.db,
            actor=call.actor,
            url=address,
            terms=call.serving.ports[Wordings].catalog().get(WORDING),
            policy=call.serving.ports[webhooks.Policy],
            now=call.clock.now(),
            topic=topic,
            secret=key,
            account_number=call.caller.user_number,
            is_active=is_active is not False,
        )
    return envelope.one(call, "webhook", views.webhook(endpoint), status=201)


@put("/v1/webhooks/{webhook_id:str}")
async def change_webhook(request: Request[Any, Any, Any], webhook_id: FromPath[str]) -> Answer:
    """Change a webhook's address or key, or whether it is told anything; its topic stays."""
    call = await authenticate(request, scope=WRITE_WEBHOOKS)
    check = Check.of_body(await request.body(), "webhook")
    address = _address(check)
    topic = check.choice("topic", TOPICS)
    is_active = check.flag("active")
    key = _key(check)
    check.done()
    before = await _endpoint(call, webhook_id)
    if topic is not None and topic != before.topic:
        check.refuse("topic", "immutable", f"is {WORDS.get(before.topic or '')} and can't be changed")
        check.done()
    with _in_the_bodys_terms():
        after = await webhooks.change_endpoint(
            call.db,
            actor=call.actor,
            endpoint_id=before.id,
            policy=call.serving.ports[webhooks.Policy],
            now=call.clock.now(),
            url=address,
            secret=key,
            is_active=is_active,
        )
    return envelope.one(call, "webhook", views.webhook(after))


@delete("/v1/webhooks/{webhook_id:str}", status_code=200)
async def delete_webhook(request: Request[Any, Any, Any], webhook_id: FromPath[str]) -> Answer:
    """Remove a webhook; what it was still to be told is not sent."""
    call = await authenticate(request, scope=WRITE_WEBHOOKS)
    found = await _endpoint(call, webhook_id)
    await webhooks.remove_endpoint(call.db, actor=call.actor, endpoint_id=found.id, now=call.clock.now())
    return envelope.empty(call)


@post("/v1/webhooks/{webhook_id:str}/queue")
async def queue_test(request: Request[Any, Any, Any], webhook_id: FromPath[str]) -> Answer:
    """Have a test event sent to a webhook."""
    call = await authenticate(request, scope=WRITE_WEBHOOKS)
    found = await _endpoint(call, webhook_id)
    await send_test(
        call.db,
        actor=call.actor,
        endpoint_id=found.id,
        wordings=call.serving.ports[Wordings],
        now=call.clock.now(),
    )
    return envelope.one(call, "webhook", views.webhook(found), status=201)


async def _endpoint(call: Call, webhook_id: str) -> webhooks.Endpoint:
    return await webhooks.get_endpoint_by_number(
        call.db, actor=call.actor, number=number_in(webhook_id), wording=WORDING
    )


def _address(check: Check, *, is_required: bool = False) -> str | None:
    address = check.text("address", longest=MAX_ADDRESS, is_required=is_required)
    if address is not None and _BARE.fullmatch(address):
        check.refuse("address", "path", "must have a path behind its host")
    return address


def _key(check: Check) -> str | None:
    key = check.text("key", longest=LONGEST_KEY)
    if key is not None and len(key) < SHORTEST_KEY:
        check.refuse("key", "length", f"must have {SHORTEST_KEY} to {LONGEST_KEY} characters")
    return key


@contextmanager
def _in_the_bodys_terms() -> Iterator[None]:
    """Name the fields that the domain refuses as the client named them."""
    try:
        yield
    except InvalidInput as refused:
        named = [
            msgspec.structs.replace(problem, path=f"webhook.{_NAMES.get(problem.path, problem.path)}")
            for problem in refused.problems
        ]
        raise InvalidInput(named) from refused
