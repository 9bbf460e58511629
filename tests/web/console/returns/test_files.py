"""Pictures and certificates of returns: shown to their owner and to the warehouse, and to nobody else."""

from io import BytesIO

import pytest
from PIL import Image

from backhaul.domain.returns.thumbnails import SIDE
from tests.domain.returns.depot import picture
from tests.making import COUNTER
from tests.web.console.warehouse.furnish import bench_of, lying


@pytest.fixture
async def bench(busy_console):
    return await bench_of(busy_console, "owner")


async def pictured(bench, content=None):
    number = await lying(bench, f"PICTURE-{next(COUNTER)}")
    return number, await bench.photograph(number, content)


async def test_a_picture_is_shown_small_and_whole_to_owner_and_operator(busy_console, bench):
    number, photo = await pictured(bench, picture(size=(1600, 1200)))
    for name, base in (("viewer", "/returns"), ("operator", "/warehouse/parcels")):
        browse = await busy_console.kept(name)
        address = f"{base}/{number}/photos/{photo.id}"
        assert f"{address}.small" in (await browse.page(f"{base}/{number}")).links
        whole, small = await browse.get(address), await browse.get(f"{address}.small")
        assert (whole.status_code, small.status_code) == (200, 200)
        assert whole.headers["content-type"] == small.headers["content-type"] == "image/jpeg"
        assert whole.headers["cache-control"] == small.headers["cache-control"] == "private, max-age=604800"
        assert whole.headers["content-disposition"].startswith("inline")
        assert "sandbox" in whole.headers["content-security-policy"]
        assert Image.open(BytesIO(whole.content)).size == (1600, 1200)
        assert Image.open(BytesIO(small.content)).size == (SIDE, SIDE * 3 // 4)


async def test_what_is_transparent_becomes_white_when_it_is_made_small(busy_console, bench):
    out = BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(out, "PNG")
    number, photo = await pictured(bench, out.getvalue())
    browse = await busy_console.kept("viewer")
    small = await browse.get(f"/returns/{number}/photos/{photo.id}.small")
    assert Image.open(BytesIO(small.content)).getpixel((10, 10)) == (255, 255, 255)


async def test_a_picture_of_somebody_else_is_not_there(busy_console, bench):
    number, photo = await pictured(bench)
    other = await lying(bench, "PICTURELESS-1")
    stranger, viewer = await busy_console.kept("stranger"), await busy_console.kept("viewer")
    assert (await stranger.get(f"/returns/{number}/photos/{photo.id}")).status_code == 404
    assert (await stranger.get(f"/warehouse/parcels/{number}/photos/{photo.id}")).status_code == 403
    for path in (
        f"{other}/photos/{photo.id}",
        f"{number}/photos/nonsense",
        f"{number}/photos/{bench.customer.org_id}",
    ):
        assert (await viewer.get(f"/returns/{path}")).status_code == 404


async def test_a_certificate_is_shown_to_owner_and_operator_and_to_nobody_else(busy_console):
    number = busy_console.ids["ours"]["return"]
    pages = []
    for name, base in (("viewer", "/returns"), ("operator", "/warehouse/parcels")):
        browse = await busy_console.kept(name)
        answer = await browse.get(f"{base}/{number}/certificate?serial=ours-SENTBACK")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        pages.append(answer.content)
        assert (await browse.get(f"{base}/{number}/certificate?serial=ours-STRAY")).status_code == 404
    assert pages[0] == pages[1]
    assert pages[0].startswith(b"%PDF")
    stranger = await busy_console.kept("stranger")
    assert (await stranger.get(f"/returns/{number}/certificate?serial=ours-SENTBACK")).status_code == 404
    assert (
        await stranger.get(f"/warehouse/parcels/{number}/certificate?serial=ours-SENTBACK")
    ).status_code == 403
