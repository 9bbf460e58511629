"""Money in real Chromium with scripts off, on a telephone: topped up, and a quote approved; axe finds nothing."""

import pytest
from axe_playwright_python.async_playwright import Axe

from backhaul.domain import reshipping
from tests.dialects.installation import PASSWORD
from tests.web.console.money.furnish import purse_of
from tests.web.console.page_table import PAGES
from tests.web.recovery import browsing

pytestmark = pytest.mark.slow
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PHONE = {"width": 390, "height": 800}
MINE = [page for page in PAGES if page.path.startswith(("/money", "/settings/")) and page.leads_to is None]


@pytest.fixture
async def place(own_console):
    data_dir = own_console.app.place.data_dir
    async with (
        browsing.served(own_console.database_url, data_dir, clock=own_console.clock) as url,
        browsing.browser() as chromium,
    ):
        yield url, chromium


async def signed_in(console, place, who, **options):
    url, chromium = place
    page = await (await chromium.new_context(**options)).new_page()
    page.set_default_timeout(10_000)
    await page.goto(f"{url}/sign-in")
    await page.fill("[name=email]", console.emails[who])
    await page.fill("[name=password]", PASSWORD)
    async with page.expect_navigation():
        await page.click("main button[type=submit]")
    return page, url


async def test_a_wallet_is_topped_up_and_a_quote_approved_without_scripts(own_console, place):
    page, url = await signed_in(own_console, place, "owner", java_script_enabled=False, viewport=PHONE)
    await page.goto(f"{url}/money")
    await page.get_by_label("Amount").fill("75")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Top up").click()
    assert await page.get_by_text("The payment is being collected.").is_visible()
    await purse_of(own_console, "owner").drain()
    await page.goto(f"{url}/money/quotes")
    [waiting, *_] = await reshipping.list_to_answer(own_console.db, actor=own_console.actors["owner"])
    row = page.locator("tr", has_text=f"Reshipment {waiting.number}").first
    await row.locator("summary", has_text="Approve").click()
    async with page.expect_navigation():
        await row.get_by_role("button", name="Approve the quote").click()
    assert await page.get_by_text("The quote is approved.").is_visible()
    after = await reshipping.get_reshipment(
        own_console.db, actor=own_console.actors["owner"], number=waiting.number
    )
    assert after.status is reshipping.Status.APPROVED


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_and_no_page_is_wider_than_a_phone(own_console, place, scheme):
    found = []
    for who in ("owner", "operator"):
        page, url = await signed_in(own_console, place, who, color_scheme=scheme, viewport=PHONE)
        for one in MINE:
            if one.who != who:
                continue
            await page.goto(url + one.of(own_console.ids["ours"]))
            results = await Axe().run(page, options=RULES)
            found += [
                (one.path, violation["id"], node["target"])
                for violation in results.response["violations"]
                for node in violation["nodes"]
            ]
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append((one.path, "wide", None))
    assert found == []
