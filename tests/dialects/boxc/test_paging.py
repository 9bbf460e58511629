"""Pages by token of every list: complete and without duplicates while rows come and go; no other token opens one."""

import base64
import itertools
from types import MappingProxyType

import pytest

from backhaul.domain import reshipping, returns
from tests.dialects.boxc.desk import Desk

NOTHING = MappingProxyType({})
_addresses = itertools.count(1)


@pytest.fixture
async def desk(made):
    desk = await Desk(made).open()
    await desk.fund()
    return desk


class Returns:
    """Rows of a list: one more, and one less."""

    name, asked = "returns", NOTHING

    async def add(self, desk):
        return await desk.parcel()

    async def remove(self, desk, number):
        owner = desk.made.actors["owner"]
        await returns.discard_return(desk.db, actor=owner, number=number, now=desk.now)


class FilteredReturns(Returns):
    asked = MappingProxyType({"status": "Processed"})


class Reshipments:
    name, asked = "reshipments", NOTHING

    async def add(self, desk):
        return await desk.reship(await desk.parcel())

    async def remove(self, desk, number):
        owner = desk.made.actors["owner"]
        await reshipping.delete_reshipment(desk.db, actor=owner, number=number, now=desk.now)


class Webhooks:
    name, asked = "webhooks", NOTHING

    async def add(self, desk):
        webhook = {"address": f"https://shop.example/{next(_addresses)}", "topic": "returns_status"}
        answer = await desk.made.call_by_client("owner", "POST", "/v1/webhooks", json={"webhook": webhook})
        return answer.json()["webhook"]["id"]

    async def remove(self, desk, number):
        answer = await desk.made.call_by_client("owner", "DELETE", f"/v1/webhooks/{number}")
        assert answer.status_code == 200


LISTS = [Returns(), FilteredReturns(), Reshipments(), Webhooks()]
NAMES = [type(rows).__name__ for rows in LISTS]


async def page_of(made, name, **asked):
    answer = await made.call_by_client("owner", "GET", f"/v1/{name}", params=asked)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return [one["id"] for one in body[name]], body["next_page"]


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 3])
@pytest.mark.parametrize("rows", LISTS, ids=NAMES)
async def test_what_is_there_all_the_time_is_listed_once(made, desk, rows, limit, order):
    """Whatever else comes and goes: before the page, on it, behind it, and the very row that its token names."""
    there = [await rows.add(desk) for _ in range(10)]
    staying, leaving = there[::2], there[1::2]
    seen, token = await page_of(made, rows.name, limit=limit, order=order, **rows.asked)
    while token is not None:
        if leaving:
            last = seen[-1]
            gone = last if last in leaving else leaving[0]
            leaving.remove(gone)
            await rows.remove(desk, gone)
            await rows.add(desk)
        numbers, token = await page_of(made, rows.name, page_token=token)
        assert len(numbers) <= limit
        assert numbers != [] or token is None
        seen += numbers
        assert len(seen) < 400
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen, reverse=order == "desc")
    assert set(staying) <= set(seen)


@pytest.mark.parametrize("rows", LISTS, ids=NAMES)
async def test_a_page_can_be_asked_for_again(made, desk, rows):
    for _ in range(3):
        await rows.add(desk)
    _, token = await page_of(made, rows.name, limit=1, **rows.asked)
    first = await page_of(made, rows.name, page_token=token)
    assert await page_of(made, rows.name, page_token=token) == first
    padded = token + "=" * (-len(token) % 4)
    assert await page_of(made, rows.name, page_token=padded) == first


@pytest.mark.parametrize("rows", LISTS, ids=NAMES)
async def test_a_forged_or_borrowed_token_is_refused(made, desk, rows):
    """What it says can be read (contract §3.5), so whoever wants to can write another: none is believed."""
    for _ in range(2):
        await rows.add(desk)
    _, token = await page_of(made, rows.name, limit=1, **rows.asked)
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    query, signature = raw[:-32], raw[-32:]
    assert query.startswith(b"limit=1&order=desc&last_id=")
    forged = [
        raw[:-1] + bytes([raw[-1] ^ 1]),
        query.replace(b"limit=1", b"limit=9") + signature,
        query.replace(b"desc", b"asc") + signature,
        query + b"&status=Verified" + signature,
        query + signature[:-1],
        query,
        signature,
        b"",
    ]
    forged = [base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in forged]
    for name in ("returns", "reshipments", "invoices", "webhooks"):
        for one in (*forged, *([] if name == rows.name else [token])):
            answer = await made.call_by_client("owner", "GET", f"/v1/{name}", params={"page_token": one})
            assert (answer.status_code, answer.json()["code"]) == (400, 1025)
    answer = await made.call_by_client("stranger", "GET", f"/v1/{rows.name}", params={"page_token": token})
    assert (answer.status_code, answer.json()["code"]) == (400, 1025)
