"""Style, scripts and icons: kept for a year under paths that change with them; pages stay small."""

import gzip
import re

import pytest

from backhaul.web.console.assets import FILES, asset, path_of
from tests.web.console.page_table import PAGES

THERE = [name for name in FILES if asset(name) is not None]
FIRST_VISIT_BYTES, LATER_BYTES = 100_000, 25_000


@pytest.mark.parametrize("name", THERE)
async def test_an_asset_is_kept_for_a_year_and_sent_compressed(console, name):
    path = path_of(name)
    plain = await console.app.request("GET", path, headers={"accept-encoding": "identity"})
    assert plain.status_code == 200
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["x-content-type-options"] == "nosniff"
    assert plain.content == asset(name).content
    async with console.app.client() as client:
        compressed = await client.get(path, headers={"accept-encoding": "gzip"})
    assert compressed.headers["content-encoding"] == "gzip"
    assert compressed.content == asset(name).content


async def test_paths_of_another_release_and_made_up_ones_lead_nowhere(console):
    for path in (
        "console.0000000000000000.css",
        "console.css",
        "..%2fconsole.css",
        "%2e%2e",
        "console-icons.svg",
    ):
        answer = await console.app.request("GET", f"/static/console/{path}")
        assert answer.status_code == 404, path


def test_a_file_that_was_not_brought_is_left_out(monkeypatch):
    monkeypatch.setitem(FILES, "missing.js", ("vendor/missing.js", "text/javascript"))
    assert path_of("missing.js") is None


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.leads_to is None], ids=lambda page: page.path
)
async def test_a_page_is_small_on_the_wire(console, browse, page):
    path = page.of(console.ids["ours"])
    async with browse.client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
        sent = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert len(sent) <= LATER_BYTES
    text = gzip.decompress(sent).decode()
    needed = set(re.findall(r'(?:href|src)="(/static/console/[^"#]+)', text))
    assert needed
    assets = {one.path: len(one.compressed) for name in FILES if (one := asset(name)) is not None}
    assert len(sent) + sum(assets[path] for path in needed) <= FIRST_VISIT_BYTES
