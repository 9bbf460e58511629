"""The link to a picture of a return: shows that picture as what it is, to whoever has it, and runs nothing."""

from contextlib import asynccontextmanager
from io import BytesIO
from urllib.parse import quote

import msgspec
import pytest
from PIL import Image

from backhaul.domain import returns
from backhaul.settings import FileSettings
from tests.adapters.files.store import CREDENTIALS, serving
from tests.dialects.mounting import mounted, small
from tests.domain.returns.depot import Depot, picture
from tests.domain.returns.forging import with_chunk
from tests.domain.transfers.world import World

SCRIPT = b"<script>alert(1)</script>"


@pytest.fixture
async def world(db, clock, make, tmp_path):
    return World(db, clock, make, actor=await make.organization(), folder=tmp_path)


@pytest.fixture
async def depot(world):
    return await Depot(world).furnished()


@asynccontextmanager
async def shown_from(database_url, clock, folder, depot, **files):
    """An application whose pictures lie there, and a way to keep one and get its link's path."""
    settings = msgspec.structs.replace(small(database_url), files=FileSettings(**files))
    async with mounted(database_url, folder, clock=clock, settings=settings) as app:
        ports = app.litestar.state.serving.ports
        depot.world.ports[returns.Files] = ports[returns.Files]

        async def keep(content):
            one = await depot.parcel()
            photo = await depot.photograph(one.number, content)
            key = returns.photo_key(one.org_id, one.id, photo.id)
            url = await ports[returns.Files].url(key, media_type=photo.media_type, now=depot.now)
            return one, url[url.index("/files/") :]

        yield app, keep


@pytest.fixture
async def shown(database_url, clock, tmp_path, depot):
    async with shown_from(database_url, clock, tmp_path / "data", depot) as both:
        yield both


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_a_picture_is_shown_as_what_it_is_and_runs_nothing(shown, form):
    app, keep = shown
    _, path = await keep(picture(form))
    answer = await app.request("GET", path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"image/{form.lower()}"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == "inline"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cache-control"].startswith("private")
    with Image.open(BytesIO(answer.content)) as image:
        assert image.format == form


async def test_what_was_hidden_in_a_picture_is_not_shown(shown):
    app, keep = shown
    _, path = await keep(with_chunk(picture("PNG"), b"tEXt", b"Comment\x00" + SCRIPT))
    assert SCRIPT not in (await app.request("GET", path)).content


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("image%2Fpng", "text%2Fhtml"),
        ("image%2Fpng", "image%2Fsvg%2Bxml"),
        ("image%2Fpng", "image%2Fjpeg"),
        ("type=", "kind="),
    ],
)
async def test_nobody_chooses_as_what_a_picture_is_shown(shown, old, new):
    app, keep = shown
    _, path = await keep(picture("PNG"))
    assert old in path
    answer = await app.request("GET", path.replace(old, new))
    assert answer.status_code == 404
    assert picture("PNG")[:8] not in answer.content


@pytest.mark.parametrize("key", ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%00", "returns/", "a" * 2000])
async def test_a_made_up_link_leads_nowhere(shown, key):
    app, _ = shown
    proof = "0" * 64
    for spelled in (key, quote(key, safe="")):
        query = f"type=image%2Fpng&until=9999999999&proof={proof}"
        assert (await app.request("GET", f"/files/{spelled}?{query}")).status_code == 404


async def test_a_discarded_returns_pictures_are_gone_at_their_links(shown, depot):
    app, keep = shown
    one, path = await keep(picture("PNG"))
    await depot.discard(one.number)
    await depot.world.settle()
    assert (await app.request("GET", path)).status_code == 404


async def test_pictures_in_a_bucket_are_shown_by_the_same_links(
    database_url, clock, tmp_path, depot, monkeypatch
):
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    with serving() as address:
        where = {"storage": "s3", "bucket": "pictures", "endpoint_url": address, "region": "us-east-1"}
        async with shown_from(database_url, clock, tmp_path / "data", depot, **where) as (app, keep):
            files = app.litestar.state.serving.ports[returns.Files]
            files._client.create_bucket(Bucket="pictures")
            one, path = await keep(picture("PNG"))
            answer = await app.request("GET", path)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert not (tmp_path / "data" / "files").exists()
            await depot.discard(one.number)
            await depot.world.settle()
            assert files._client.list_objects_v2(Bucket="pictures")["KeyCount"] == 0
            assert (await app.request("GET", path)).status_code == 404
