"""Every page without scripts says the same, and fits a phone."""

import pytest

from tests.web.console.page_table import PAGES
from tests.web.console.sweeps.looking import SMALL

pytestmark = pytest.mark.slow
SHOWN = [page for page in PAGES if page.leads_to is None]


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.path)
async def test_a_page_has_the_same_headings_without_scripts(windows, console, page):
    path = page.of(console.ids["ours"])
    plain = await windows(page.who, java_script_enabled=False)
    await plain.page.goto(plain.address + path)
    found = await plain.page.locator("h1, h2, h3").all_text_contents()
    lively = await windows(page.who, color_scheme="light")
    await lively.open(path)
    assert [await plain.page.title(), *(text.strip() for text in found)] == await lively.headings()


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.path)
async def test_a_page_fits_a_phone(windows, console, page):
    window = await windows(page.who, color_scheme="light")
    await window.open(page.of(console.ids["ours"]))
    assert not await window.is_too_wide()
    assert await window.page.evaluate(SMALL) == []
