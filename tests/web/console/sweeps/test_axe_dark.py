"""Every page in the dark theme, by axe: nothing it knows of WCAG 2.2 AA is violated.

Nor does the browser complain: nothing on a page is refused by the policy it comes with.
"""

import pytest

from tests.web.console.page_table import PAGES

pytestmark = pytest.mark.slow
SHOWN = [page for page in PAGES if page.leads_to is None]


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.path)
async def test_axe_finds_nothing(windows, console, page):
    window = await windows(page.who, color_scheme="dark")
    await window.open(page.of(console.ids["ours"]))
    assert await window.violations() == []
    assert window.said == []
