"""The main way through people and assets in real Chromium, with scripts switched off."""

import pytest

from tests.dialects.installation import PASSWORD
from tests.web.console.inventory.test_listing import asset
from tests.web.recovery import browsing

pytestmark = pytest.mark.slow


async def test_a_device_is_scanned_handed_over_and_put_back_without_scripts(own_console, tmp_path, clock):
    async with (
        browsing.served(own_console.database_url, tmp_path / "served", clock=clock) as address,
        browsing.browser() as launched,
    ):
        context = await launched.new_context(java_script_enabled=False, viewport=browsing.PHONE)
        page = await context.new_page()

        async def press(name):
            async with page.expect_navigation():
                await page.get_by_role("button", name=name, exact=True).first.click()

        await page.goto(f"{address}/sign-in")
        await page.fill("[name=email]", own_console.emails["member"])
        await page.fill("[name=password]", PASSWORD)
        await press("Sign in")
        await page.goto(f"{address}/scan")
        await page.fill("[name=q]:not([data-search])", "ours-laptop")
        await press("Find")
        assert page.url == f"{address}/assets/{own_console.ids['ours']['asset']}"
        await page.fill("[name=email]", "bob@ours.example")
        await page.fill("[name=note]", "Ada has a new one")
        await press("Hand over")
        assert await page.get_by_text("The asset is handed over.").is_visible()
        assert await page.get_by_text("Assigned to Bob Adams").is_visible()
        await page.get_by_label("The stock").check()
        await press("Hand over")
        assert await page.get_by_text("The asset is in stock.").is_visible()
        await context.close()
    assert (await asset(own_console, "ours-LAPTOP")).holder is None
