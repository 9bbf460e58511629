"""A campaign from a file to a received laptop, in real Chromium with scripts off, on a phone."""

import pytest

from backhaul.domain.recovery import get_campaign
from backhaul.domain.transfers.model import Status
from backhaul.domain.transfers.queries import get_detail
from tests.dialects.installation import PASSWORD
from tests.web.console.campaigns.test_people import FILE
from tests.web.console.transfers.furnish import world_of
from tests.web.recovery import browsing

pytestmark = pytest.mark.slow
PHONE = {"width": 390, "height": 800}


async def test_a_campaign_from_a_file_to_a_received_laptop_without_scripts(own_console, tmp_path):
    world = world_of(own_console, "owner")
    async with (
        browsing.served(own_console.database_url, tmp_path / "served", clock=own_console.clock) as url,
        browsing.browser() as chromium,
    ):
        context = await chromium.new_context(java_script_enabled=False, viewport=PHONE)
        page = await context.new_page()
        page.set_default_timeout(15_000)

        async def presses(name, *, role="button"):
            async with page.expect_navigation():
                await page.get_by_role(role, name=name, exact=True).first.click()

        async def signs_in():
            await page.goto(f"{url}/sign-in")
            await page.fill("[name=email]", own_console.emails["member"])
            await page.fill("[name=password]", PASSWORD)
            async with page.expect_navigation():
                await page.click("main button[type=submit]")

        await signs_in()
        await page.goto(f"{url}/campaigns")
        await presses("New campaign", role="link")
        await page.fill("[name=name]", "From a file")
        await page.select_option("[name=place-1]", index=1)
        await presses("Preview the calendar")
        assert await page.get_by_text("3 days after the box or label arrived").first.is_visible()
        await presses("Make campaign")
        await page.set_input_files(
            "[name=file]", {"name": "people.csv", "mimeType": "text/csv", "buffer": FILE}
        )
        await presses("Look at the file")
        assert await page.get_by_text("1 person cannot").is_visible()
        await presses("Start with 2 people")
        assert await page.get_by_text("The people are added.").is_visible()
        number = page.url.partition("?")[0].rpartition("/")[2]
        await world.settle()
        found = await get_campaign(world.db, actor=world.actor, number=number)
        nova = next(one for one in found.cases if one.case.email == "new@home.example")
        for parcel in nova.parcels:
            detail = await get_detail(world.db, actor=world.actor, transfer_id=parcel.transfer_id)
            await world.live_until(detail.transfer, Status.COMPLETE)
        await signs_in()  # weeks have passed
        await page.goto(f"{url}/campaigns/{number}")
        await presses("Nova Jones", role="link")
        assert await page.get_by_text("Returned", exact=True).first.is_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
