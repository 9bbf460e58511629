"""A transfer in real Chromium with scripts off: found, priced, ordered, its label, its end; and no finding by axe."""

import pytest
from axe_playwright_python.async_playwright import Axe

from tests.dialects.installation import PASSWORD
from tests.web.console.transfers.furnish import world_of
from tests.web.recovery import browsing

pytestmark = pytest.mark.slow
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PHONE = {"width": 390, "height": 800}


class Desk:
    """Somebody at a browser, signed in as a member."""

    def __init__(self, page, url):
        self.page, self.url = page, url

    async def opens(self, path):
        await self.page.goto(self.url + path)

    async def presses(self, name, *, role="button"):
        async with self.page.expect_navigation():
            await self.page.get_by_role(role, name=name, exact=True).first.click()

    async def reads(self, text):
        return await self.page.get_by_text(text).first.is_visible()

    async def signs_in(self, email):
        await self.opens("/sign-in")
        await self.page.fill("[name=email]", email)
        await self.page.fill("[name=password]", PASSWORD)
        async with self.page.expect_navigation():
            await self.page.click("main button[type=submit]")
        return self


@pytest.fixture
async def desks(own_console, tmp_path):
    """Open desks with a browser set up as a test likes."""
    async with (
        browsing.served(own_console.database_url, tmp_path / "served", clock=own_console.clock) as url,
        browsing.browser() as chromium,
    ):

        async def desk(**options):
            context = await chromium.new_context(**options)
            page = await context.new_page()
            page.set_default_timeout(10_000)
            return await Desk(page, url).signs_in(own_console.emails["member"])

        yield desk


async def test_a_transfer_is_ordered_and_cancelled_without_scripts(own_console, desks):
    actor = own_console.actors["owner"]
    await own_console.make.employee(actor, first_name="Zoë", last_name="Berg", email="zoe@maas.example")
    desk = await desks(java_script_enabled=False, viewport=PHONE)
    await desk.opens("/transfers")
    await desk.presses("New transfer", role="link")
    await desk.page.get_by_label("Person").fill("berg")
    await desk.presses("Find")
    await desk.presses("Choose Zoë Berg", role="link")
    await desk.page.select_option("[name=office]", value="other")
    await desk.page.click("summary:has-text('Another address')")
    for name, value in (
        ("name", "Maas"), ("line_1", "555 Nondescript Road"), ("city", "Maricopa"), ("state_code", "AZ"),
        ("postal_code", "85139"),
    ):  # fmt: skip
        await desk.page.fill(f"[name='organization_address.{name}']", value)
    await desk.presses("Check and see the price")
    assert await desk.reads("Price and addresses")
    async with desk.page.expect_navigation():
        await desk.page.get_by_role("button", name="Order for").click()
    assert await desk.reads("The transfer is placed. Its labels are being bought.")
    await world_of(own_console, "owner").settle()
    await desk.page.reload()
    assert await desk.page.get_by_role("link", name="Print label of the device").is_visible()
    await desk.page.click("summary:has-text('Cancel transfer')")
    await desk.presses("Cancel the transfer")
    assert await desk.reads("The transfer is cancelled.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_on_pages_that_follow_an_action(own_console, desks, scheme):
    ids = own_console.ids["ours"]
    desk = await desks(color_scheme=scheme)
    axe = Axe()

    async def finds_nothing():
        found = await axe.run(desk.page, options=RULES)
        assert found.response["violations"] == [], found.generate_report()

    await desk.opens("/transfers/new?step=details")
    await desk.page.evaluate("for (const form of document.forms) form.noValidate = true")
    await desk.presses("Check and see the price")
    await finds_nothing()  # everything is missing
    await desk.opens("/transfers")
    for name in ("transfer", "lost"):
        await desk.page.check(f"[value='{ids[name]}']")
    await desk.presses("Cancel")
    await finds_nothing()
    async with desk.page.expect_navigation():
        await desk.page.get_by_role("button", name="Cancel 2 transfers").click()
    await finds_nothing()
    await desk.opens(f"/transfers/{ids['waived']}")
    await finds_nothing()


async def test_no_page_is_wider_than_a_phone(own_console, desks):
    ids = own_console.ids["ours"]
    desk = await desks(viewport=PHONE)
    for path in (
        "/transfers", "/transfers/new", "/transfers/new?step=details", f"/transfers/{ids['lost']}",
        f"/transfers/{ids['transfer']}/address", f"/transfers/{ids['waived']}/pickup",
        f"/transfers/{ids['transfer']}/parcels/box", "/exceptions", f"/exceptions/{ids['exception']}",
    ):  # fmt: skip
        await desk.opens(path)
        wide = await desk.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide == 0, path
