"""From the scanner to the carrier in real Chromium with scripts off: intake, verify, quote, approve, dispatch."""

import pytest
from axe_playwright_python.async_playwright import Axe

from tests.dialects.installation import PASSWORD
from tests.domain.returns.depot import picture
from tests.web.console.transfers.furnish import world_of
from tests.web.recovery import browsing

pytestmark = pytest.mark.slow
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PHONE, TABLET = {"width": 390, "height": 800}, {"width": 820, "height": 1180}


class Desk:
    """Somebody at a browser, signed in."""

    def __init__(self, page, url):
        self.page, self.url = page, url

    async def opens(self, path):
        await self.page.goto(self.url + path)

    async def presses(self, name, *, role="button"):
        async with self.page.expect_navigation():
            await self.page.get_by_role(role, name=name).first.click()

    async def scans(self, field, code):
        """What a scanner does: it types into the field that has the focus, and presses Enter."""
        assert await self.page.evaluate("document.activeElement.name") == field
        async with self.page.expect_navigation():
            await self.page.keyboard.type(code)
            await self.page.keyboard.press("Enter")

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
    """Open desks by the name of who sits there, with a browser set up as a test likes."""
    async with (
        browsing.served(own_console.database_url, tmp_path / "served", clock=own_console.clock) as url,
        browsing.browser() as chromium,
    ):

        async def desk(name, **options):
            context = await chromium.new_context(**options)
            page = await context.new_page()
            page.set_default_timeout(10_000)
            return await Desk(page, url).signs_in(own_console.emails[name])

        yield desk


async def test_intake_verify_quote_approve_dispatch_without_scripts(own_console, desks):
    operator = await desks("operator", viewport=TABLET, java_script_enabled=False)
    owner = await desks("owner", viewport=PHONE, java_script_enabled=False)
    numbers = [await taken_in(operator, code) for code in ("1ZFLOWONE", "1ZFLOWTWO")]
    await verified(owner, operator, numbers[0])
    reshipment = await asked_for(owner, numbers)
    await quoted_and_approved(owner, operator, reshipment)
    await dispatched(operator, reshipment, world_of(own_console, "owner"))
    await owner.opens(f"/reshipments/{reshipment}")
    assert await owner.reads("Sent")
    assert await owner.reads("Charged")


async def taken_in(operator, code):
    """Receive a parcel, say whose it is, look at what is in it and close it; returns its number."""
    page = operator.page
    await operator.opens("/warehouse")
    await page.fill("[name=tracking_number]", code)
    await operator.presses("Receive")
    assert await operator.reads("Nothing was received.")
    await operator.presses(f"Receive parcel {code}")
    assert await operator.reads("Nobody announced it")
    await page.get_by_label("Maas Biolabs").check()
    await operator.presses("It is theirs")
    await page.fill("[name=serial_number]", f"{code}-DEVICE")
    await operator.presses("Add")
    assert await operator.reads("Unexpected: nobody announced this device.")
    await page.click("summary:has-text('Look at it')")
    await page.select_option("[name=has_charger]", "yes")
    await page.select_option("[name=grade]", "B")
    await operator.presses("Write down")
    picked = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    await page.set_input_files("[name=photos]", picked)
    await operator.presses("Keep")
    assert await operator.reads("The pictures are kept.")
    await page.fill("[name=weight_grams]", "1500")
    await operator.presses("Processed")
    assert await operator.reads("The parcel is processed.")
    return page.url.partition("?")[0].rpartition("/")[2]


async def verified(owner, operator, number):
    """Ask for a closer look, and take it."""
    await owner.opens(f"/returns/{number}")
    assert await owner.reads("1ZFLOWONE-DEVICE")
    await owner.page.click("summary:has-text('Ask for verification')")
    await owner.presses("Ask for verification")
    await operator.opens("/warehouse/queues/verify")
    await operator.presses(number, role="link")
    await operator.presses("Verified")
    assert await operator.reads("The return is verified.")


async def asked_for(owner, numbers):
    """Have both returns sent on; returns the reshipment's number."""
    await owner.opens("/returns")
    for number in numbers:
        await owner.page.check(f"[name=ids][value='{number}']")
    await owner.presses("Send on")
    for name, value in (
        ("to.name", "Ada Lovelace"), ("to.line_1", "5200 Harry Hines Blvd"), ("to.city", "Dallas"),
        ("to.state_code", "TX"), ("to.postal_code", "75235"), ("value", "899.00"),
    ):  # fmt: skip
        await owner.page.fill(f"[name='{name}']", value)
    await owner.presses("Check and see the price")
    assert await owner.reads("Likely price")
    await owner.presses("Ask for the reshipment")
    assert await owner.reads("The warehouse has not quoted it yet.")
    return owner.page.url.partition("?")[0].rpartition("/")[2]


async def quoted_and_approved(owner, operator, number):
    await operator.opens("/warehouse/queues/quotes")
    await operator.presses(number, role="link")
    await operator.page.fill("[name=weight_grams]", "3400")
    await operator.presses("Quote")
    assert await operator.reads("The quote is with the owner")
    await owner.opens(f"/reshipments/{number}")
    await owner.presses("Approve")
    assert await owner.reads("Approved. The estimate is set aside")


async def dispatched(operator, number, world):
    """Weigh the parcel, print its label, hand it over."""
    await operator.opens("/warehouse/queues/weigh")
    await operator.presses(number, role="link")
    await operator.page.fill("[name=weight_grams]", "3450")
    await operator.presses("Weighed, buy the label")
    await world.settle()
    await operator.presses("Reload", role="link")
    assert await operator.page.get_by_role("link", name="Print the label").is_visible()
    await operator.presses("Handed to the carrier")
    assert await operator.reads("The parcel is with its carrier, and its fee is charged.")


async def test_a_scanner_alone_takes_parcels_and_devices_in(own_console, desks):
    operator = await desks("operator", viewport=TABLET)
    await operator.opens("/warehouse")
    await operator.scans("tracking_number", "1ZOPENOURS")
    assert await operator.reads("This parcel was received before.")
    for _ in range(2):
        await operator.scans("serial_number", "WEDGE-1")
    assert await operator.reads("Scanned twice: the device is on the list already.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_on_pages_that_follow_an_action(own_console, desks, scheme):
    ids = own_console.ids["ours"]
    axe = Axe()

    async def finds_nothing(desk):
        found = await axe.run(desk.page, options=RULES)
        assert found.response["violations"] == [], found.generate_report()

    owner, operator = await desks("owner", color_scheme=scheme), await desks("operator", color_scheme=scheme)
    await owner.opens(f"/reshipments/new?returns={ids['return']}&person=a")
    await owner.page.evaluate("for (const form of document.forms) form.noValidate = true")
    await owner.presses("Check and see the price")
    await finds_nothing(owner)  # everything is missing
    await owner.opens("/returns")
    await owner.page.check(f"[name=ids][value='{ids['verifying']}']")
    await owner.presses("Ask for verification")
    await finds_nothing(owner)  # refused
    await owner.opens(f"/returns/{ids['return']}")
    await owner.page.click("summary:has-text('Discard')")
    await finds_nothing(owner)
    await operator.opens(f"/warehouse/parcels/{ids['opening']}")
    await operator.page.click("summary:has-text('Look at it')")
    await finds_nothing(operator)
    await operator.page.evaluate("for (const form of document.forms) form.noValidate = true")
    await operator.presses("Processed")
    await finds_nothing(operator)  # a weight is missing
    await operator.opens(f"/warehouse/reshipments/{ids['approved']}")
    await operator.page.click("summary:has-text('Ask the owner again')")
    await finds_nothing(operator)


async def test_no_page_is_wider_than_a_phone(own_console, desks):
    ids = own_console.ids["ours"]
    pages = {
        "owner": (
            "/returns", f"/returns/{ids['return']}", "/reshipments", "/reshipments/new",
            f"/reshipments/new?returns={ids['return']}", f"/reshipments/{ids['reshipment']}",
            f"/reshipments/{ids['sent']}",
        ),
        "operator": (
            "/warehouse", "/warehouse/queues/open", "/warehouse/queues/weigh", f"/warehouse/parcels/{ids['opening']}",
            f"/warehouse/parcels/{ids['return']}", f"/warehouse/parcels/{ids['unidentified']}",
            f"/warehouse/parcels/{ids['return']}/sanitise", f"/warehouse/reshipments/{ids['quoting']}",
            f"/warehouse/reshipments/{ids['approved']}",
        ),
    }  # fmt: skip
    for name, paths in pages.items():
        desk = await desks(name, viewport=PHONE)
        for path in paths:
            await desk.opens(path)
            wide = await desk.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide == 0, path
