"""Pages of returns while others come and go, links to images, and refusals that no caller can bring about."""

from unittest.mock import patch

import pytest

from backhaul.dialects.boxc.errors import render
from backhaul.domain import returns
from backhaul.domain.billing.wallet.errors import BalanceUnchargeable, BalanceUnreadable
from backhaul.domain.returns import Status
from tests.dialects.boxc.furnishing import Desk


@pytest.fixture
async def desk(made):
    desk = await Desk(made).open()
    await desk.fund()
    return desk


async def page_of(made, **asked):
    answer = await made.call_by_client("owner", "GET", "/v1/returns", params=asked)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return [one["id"] for one in body["returns"]], body["next_page"]


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_pages_are_complete_and_without_duplicates_while_returns_come_and_go(made, desk, order):
    """What is there from the first page to the last is listed once, whatever else is inserted and removed."""
    staying = [await desk.parcel() for _ in range(9)]
    leaving = [await desk.parcel() for _ in range(4)]
    seen, token = await page_of(made, limit=3, order=order)
    while token is not None:
        if leaving:
            await returns.discard_return(
                made.db, actor=made.actors["owner"], number=leaving.pop(), now=desk.now
            )
            await desk.parcel()
        numbers, token = await page_of(made, page_token=token)
        seen += numbers
        assert len(numbers) <= 3
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen, reverse=order == "desc")
    assert set(staying) <= set(seen)


async def test_a_page_token_keeps_its_filters(made, desk):
    verifying = [await desk.parcel(Status.VERIFYING) for _ in range(3)]
    await desk.parcel()
    seen, token = await page_of(made, limit=2, status="Verifying")
    # What stands beside the token means nothing.
    more, last = await page_of(made, page_token=token, status="Processed", limit=1)
    assert (sorted(seen + more), last) == (verifying, None)


async def test_an_altered_page_token_is_refused(made, desk):
    for _ in range(2):
        await desk.parcel()
    _, token = await page_of(made, limit=1)
    for spoiled in (token[:-4], token[::-1], token + "A" * 4, "A" + token[1:]):
        answer = await made.call_by_client("owner", "GET", "/v1/returns", params={"page_token": spoiled})
        assert (answer.status_code, answer.json()["code"]) == (400, 1025)
    for path in ("/v1/reshipments", "/v1/invoices", "/v1/webhooks"):
        answer = await made.call_by_client("owner", "GET", path, params={"page_token": token})
        assert (answer.status_code, answer.json()["code"]) == (400, 1025)


async def test_images_are_links_that_need_no_token(made, desk):
    number = await desk.parcel()
    await desk.photograph(number)
    shown = await made.call_by_client("owner", "GET", f"/v1/returns/{number}")
    (link,) = shown.json()["return"]["images"]
    path = link[link.index("/files/") :]
    picture = await made.app.request("GET", path)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    assert (await made.app.request("GET", path[:-1] + "x")).status_code == 404


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (BalanceUnreadable(), 1081, "Balance could not be read"),
        (BalanceUnchargeable(), 1082, "Balance could not be charged"),
    ],
)
async def test_a_wallet_that_fails_is_said_by_its_number_and_changes_nothing(
    made, desk, error, code, message
):
    number = await desk.parcel()
    with patch.object(returns.operations.verify.fees, "charge", side_effect=error):
        answer = await made.call_by_client(
            "owner", "PUT", f"/v1/returns/{number}", json={"return": {"status": "Verify"}}
        )
    assert answer.status_code == 500
    assert answer.json() == {"status": "error", "code": code, "message": message, "errors": [message]}
    assert render(error).status_code == 500
    shown = await made.call_by_client("owner", "GET", f"/v1/returns/{number}")
    assert shown.json()["return"]["status"] == "Processed"
