"""Pages of returns while others come and go, and links to images."""

import pytest

from backhaul.domain.returns import Status
from tests.dialects.boxc.desk import Desk


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


async def test_a_page_token_keeps_its_filters(made, desk):
    verifying = [await desk.parcel(Status.VERIFYING) for _ in range(3)]
    await desk.parcel()
    seen, token = await page_of(made, limit=2, status="Verifying")
    # What stands beside the token means nothing.
    more, last = await page_of(made, page_token=token, status="Processed", limit=1)
    assert (sorted(seen + more), last) == (verifying, None)


async def test_images_are_links_that_need_no_token(made, desk):
    number = await desk.parcel()
    await desk.photograph(number)
    shown = await made.call_by_client("owner", "GET", f"/v1/returns/{number}")
    (link,) = shown.json()["return"]["images"]
    path = link[link.index("/files/") :]
    picture = await made.app.request("GET", path)
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    assert (await made.app.request("GET", path[:-1] + "x")).status_code == 404
