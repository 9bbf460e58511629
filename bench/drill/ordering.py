"""Clients that order transfers from a server that keeps dying."""

import asyncio
import random
import time
from typing import Any
from uuid import UUID

import httpx2
import msgspec

from bench.asking import TRANSFER

PATH = "/api/v1/device_transfers"
CLIENTS = 8
CLIENTS_WITHOUT_KEY = 2
TIMEOUT_SECONDS = 5.0
CREATED = 201
SERVER_SIDE = 500


class Orders(msgspec.Struct):
    """What the clients know in the end."""

    acknowledged: dict[str, UUID] = {}  # ticket → the id that was answered
    keys: set[str] = set()  # tickets that were also idempotency keys
    unanswered: set[str] = (
        set()
    )  # tickets sent without a key that nobody answered: they exist once or not at all
    repeats: int = 0  # requests sent again with their key
    replays: int = 0  # answers that came from the idempotency store
    problems: list[str] = []


async def order_everything(
    *, base_url: str, token: str, transfers: int, chance: random.Random, pause_seconds: float, deadline: float
) -> Orders:
    """Order so many transfers from several clients at a time; returns when all are acknowledged or time is up."""
    orders = Orders(acknowledged={}, keys=set(), unanswered=set(), problems=[])
    waiting = list(range(transfers))
    headers = {"authorization": f"Token {token}"}
    async with httpx2.AsyncClient(base_url=base_url, headers=headers, timeout=TIMEOUT_SECONDS) as http:

        async def client(number: int) -> None:
            while waiting and time.monotonic() < deadline:
                ticket = f"drill-{waiting.pop():04d}"
                await asyncio.sleep(chance.uniform(0, 2 * pause_seconds))
                if number < CLIENTS_WITHOUT_KEY:
                    await _order_without_key(http, ticket, orders, deadline)
                else:
                    await _order_with_key(http, ticket, orders, deadline, asks_twice=chance.random() < 0.2)  # noqa: PLR2004

        await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    missing = transfers - len(orders.acknowledged)
    if missing:
        orders.problems.append(f"{missing} orders were not acknowledged in time")
    return orders


async def _order_with_key(
    http: httpx2.AsyncClient, ticket: str, orders: Orders, deadline: float, *, asks_twice: bool
) -> None:
    """Send the same request with the same key until it is acknowledged, and sometimes once more."""
    orders.keys.add(ticket)
    headers = {"idempotency-key": ticket}
    while time.monotonic() < deadline:
        answer = await _send(http, ticket, headers, orders)
        if answer is None:
            orders.repeats += 1
            await asyncio.sleep(0.2)
            continue
        orders.replays += "idempotent-replayed" in answer.headers
        found = UUID(answer.json()["id"])
        if orders.acknowledged.setdefault(ticket, found) != found:
            orders.problems.append(f"{ticket} was answered with two ids")
        if not asks_twice:
            return
        asks_twice = False
        orders.repeats += 1


async def _order_without_key(http: httpx2.AsyncClient, ticket: str, orders: Orders, deadline: float) -> None:
    """Send a new request, each with a ticket of its own, until one is acknowledged."""
    attempt = 0
    while time.monotonic() < deadline:
        tried = f"{ticket}-{attempt}"
        answer = await _send(http, tried, {}, orders)
        if answer is not None:
            orders.acknowledged[tried] = UUID(answer.json()["id"])
            return
        orders.unanswered.add(tried)
        attempt += 1
        await asyncio.sleep(0.2)


async def _send(
    http: httpx2.AsyncClient, ticket: str, headers: dict[str, str], orders: Orders
) -> httpx2.Response | None:
    """Return the acknowledgement, or None when there was none; a refusal is a problem of its own."""
    try:
        answer = await http.post(PATH, json=_body(ticket), headers=headers)
    except httpx2.HTTPError:
        return None
    if answer.status_code == CREATED:
        return answer
    if answer.status_code < SERVER_SIDE:
        orders.problems.append(f"{ticket} was refused with {answer.status_code}: {answer.text[:200]}")
    return None


def _body(ticket: str) -> dict[str, Any]:
    person = {**TRANSFER["employee_address"], "notification_emails": [f"{ticket}@example.com"]}
    return {**TRANSFER, "employee_address": person, "ticket_reference": ticket}
