"""What a page costs: at most 100 KB on the first visit, style and scripts included, and at most 25 KB on later ones."""

import pytest

from tests.web.console.page_table import PAGES

pytestmark = pytest.mark.slow
FIRST_BYTES, LATER_BYTES = 100_000, 25_000
SHOWN = [page for page in PAGES if page.leads_to is None]


class Scales:
    """Counts the bytes of all answers as they came over the wire, headers included."""

    def __init__(self, session):
        self.session, self.total = session, 0
        session.on("Network.loadingFinished", self._add)

    def _add(self, event):
        self.total += event["encodedDataLength"]

    async def weigh(self, window, path):
        self.total = 0
        await window.page.goto(window.address + path, wait_until="networkidle")
        return self.total


@pytest.fixture
async def scales(windows):
    """Scales under the window of somebody."""
    sessions = []

    async def under(window):
        session = await window.context.new_cdp_session(window.page)
        sessions.append(session)
        await session.send("Network.enable")
        return Scales(session)

    yield under
    for session in sessions:
        await session.detach()


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.path)
async def test_a_page_is_light(windows, scales, console, page):
    window, path = await windows(page.who, color_scheme="light"), page.of(console.ids["ours"])
    scale = await scales(window)
    await scale.session.send("Network.clearBrowserCache")
    first = await scale.weigh(window, path)
    later = await scale.weigh(window, path)
    assert 10_000 < first <= FIRST_BYTES
    assert 1_000 < later <= LATER_BYTES
