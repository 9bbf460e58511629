"""The person's page in real Chromium: without scripts, on a phone, with a keyboard, in light and dark, and by axe."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe

from backhaul.domain.recovery import Shipping
from backhaul.domain.recovery.person import Pages
from tests.web.recovery import browsing
from tests.web.recovery.conftest import link_to
from tests.web.recovery.test_page import codes, words

pytestmark = pytest.mark.slow
# Everything of WCAG 2.2 A and AA that axe knows, and its own best practices.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class Person:
    """Somebody at a browser, with a link."""

    def __init__(self, page, desk, case):
        self.page, self.desk, self.case = page, desk, case

    async def press(self, name, *, role="button"):
        await self.follows(self.page.get_by_role(role, name=name).first)

    async def follows(self, button):
        """Press something, and wait for the page it leads to."""
        async with self.page.expect_navigation():
            await button.click()
        await self.desk.world.settle()

    async def reads(self, text):
        return await self.page.get_by_text(text).first.is_visible()

    async def reload(self):
        await self.desk.world.settle()
        await self.page.goto(self.url)

    async def fetches(self, name):
        """Click a link to a PDF, and return what came: as a file, not in Chromium's own viewer."""

        async def save(route):
            answer = await route.fetch()
            headers = {**answer.headers, "content-disposition": "attachment"}
            await route.fulfill(response=answer, headers=headers)

        await self.page.route(re.compile(r"\.pdf"), save)
        async with self.page.expect_download() as download:
            await self.page.get_by_role("link", name=name).first.click()
        path = await (await download.value).path()
        return path.read_bytes()


@pytest.fixture
async def chromium():
    async with browsing.browser() as launched:
        yield launched


@pytest.fixture
async def address(database_url, desk, clock, tmp_path):
    async with browsing.served(database_url, tmp_path / "served", clock=clock) as url:
        yield url


@pytest.fixture
async def visits(chromium, address, desk):
    """A person who opens their link, in a browser set up as a test likes."""
    contexts = []

    async def visits(*items, shipping=Shipping.ASK, **options):
        case = await desk.add(*(items or ("Laptop",)), shipping=shipping)
        await desk.world.settle()
        context = await chromium.new_context(**{"viewport": browsing.PHONE, **options})
        contexts.append(context)
        person = Person(await context.new_page(), desk, case)
        person.page.set_default_timeout(10_000)
        person.url = await link_to(desk, case, Pages(person_page=f"{address}/return/"))
        await person.page.goto(person.url)
        return person

    yield visits
    for context in contexts:
        await context.close()


async def test_from_link_to_printed_label_without_scripts(visits):
    person = await visits("MacBook Pro", java_script_enabled=False)
    page = person.page
    assert "Return your equipment to" in await page.title()
    await page.get_by_label("Postal code").fill("15213")
    await person.press("My address is right")
    assert await person.reads("Your address is confirmed.")
    await page.get_by_label("I have a box, and someone collects it").check()
    await person.press("Send it this way")
    await person.reload()
    (parcel,) = (await person.desk.look(person.case)).parcels
    label = await person.fetches("Print the label")
    assert [code for code in codes(label) if parcel.back.tracking_number in code]
    listed = await person.fetches("Print the packing list")
    assert codes(listed) == {person.case.code}
    assert "MacBook Pro" in words(listed)

    await page.get_by_label("Tuesday, 12 May").check()
    await page.get_by_label("For the driver").fill("Ring twice")
    await person.press("Book the pickup")
    await person.reload()
    assert await person.reads("FedEx collects it on")
    assert await person.reads("Ring twice")

    await page.get_by_label("Your full name").fill("John Doe")
    await page.get_by_label("I agree, and sign with my name").check()
    await person.press("Sign")
    assert await person.reads("Signed by")
    assert await person.reads("I hand over the following")


async def test_no_page_is_wider_than_a_phone(visits):
    person = await visits("A thing with averyveryverylongnamewithoutanyspaceinitwhatsoever" * 2, "Laptop")
    page = person.page

    async def is_wide():
        return await page.evaluate("document.documentElement.scrollWidth > window.innerWidth")

    assert not await is_wide()
    await person.press("My address is right")
    assert not await is_wide()
    await page.get_by_label("I have a box", exact=False).first.check()
    await person.press("Send it this way")
    await person.reload()
    assert not await is_wide()
    for summary in await page.locator("summary").all():
        await summary.click()
    assert not await is_wide()
    small = await page.evaluate("""[...document.querySelectorAll('a, button, summary, input, select, textarea')]
        .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
        .filter(([html, box]) => box.width && (box.height < 24 || box.width < 24)
            && !html.includes('Follow')).map(([html]) => html)""")
    assert small == []


async def tab_to(page, name):
    """Press Tab until something of this name has the focus, and see that it shows."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        found = await page.evaluate("""() => { const e = document.activeElement;
            const label = e.labels && e.labels.length ? e.labels[0].textContent : '';
            return [(label || e.textContent || '').trim(), getComputedStyle(e).outlineStyle,
                    e.matches(':focus-visible')]; }""")
        assert found[1:] == ["solid", True], found
        if name in found[0]:
            return
    raise AssertionError(f"the keyboard never reaches {name}")


async def test_everything_works_with_a_keyboard_alone(visits):
    person = await visits("MacBook Pro", "Monitor")
    page = person.page

    async def enter(name, key="Enter"):
        await tab_to(page, name)
        await page.keyboard.press(key)

    await enter("I no longer have it: Monitor")
    await enter("I lost it", "Space")
    await tab_to(page, "Note")
    await page.keyboard.type("In the train")
    await enter("Tell ")
    await page.wait_for_url("**done=gone*")
    assert await person.reads("I lost it.")
    await page.goto(person.url)
    await enter("My address is right")
    await page.wait_for_url("**done=address*")
    await page.goto(person.url)
    await tab_to(page, "Send me a box")
    await page.keyboard.press("ArrowDown")
    await enter("Send it this way")
    await page.wait_for_url("**done=choice*")
    await person.reload()
    await tab_to(page, "Print the label")
    await tab_to(page, "Your full name")
    await page.keyboard.type("John Doe")
    await enter("I agree, and sign", "Space")
    await enter("Sign")
    await page.wait_for_url("**done=signature*")
    assert await person.reads("Signed by")
    assert len((await person.desk.look(person.case)).parcels) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_any_state(visits, scheme):
    person = await visits("MacBook Pro", "Monitor", color_scheme=scheme)
    page, seen = person.page, []

    async def judge(state):
        for summary in await page.locator("summary").all():
            await summary.click()
        results = await Axe().run(page, options=RULES)
        found = [
            (one["id"], node["target"], node["failureSummary"])
            for one in results.response["violations"] for node in one["nodes"]
        ]  # fmt: skip
        assert found == [], state
        assert len(results.response["passes"]) >= 10
        seen.append(state)

    await judge("new")
    await page.get_by_label("City").fill(" ")
    await page.get_by_label("Postal code").fill("1")
    await person.press("My address is right")
    assert await page.get_by_role("alert").is_visible()
    await judge("a refused address")
    await page.goto(person.url)
    await person.press("My address is right")
    await judge("a confirmed address")
    await page.locator(".items details[open]").last.get_by_label("I lost it").check()
    await person.follows(page.locator(".items details[open]").last.get_by_role("button"))
    await judge("a claim")
    await page.get_by_label("I have a box, and someone collects it").check()
    await person.press("Send it this way")
    await judge("chosen")
    await person.reload()
    await judge("to be handed over")
    await page.get_by_label("Tuesday, 12 May").check()
    await person.press("Book the pickup")
    await judge("a pickup")
    await page.get_by_label("Your full name").fill("John Doe")
    await page.get_by_label("I agree, and sign with my name").check()
    await person.press("Sign")
    await judge("signed")
    await person.desk.world.live(days=12)
    await page.goto(person.url)
    await judge("on its way or there")
    await page.goto(person.url[:-4] + "AAAA")
    assert await person.reads("This link does not work")
    await judge("no link")
    assert len(seen) == 10


async def test_axe_can_find_something(visits):
    person = await visits("MacBook Pro")
    await person.page.evaluate("document.querySelector('#city').labels[0].remove()")
    results = await Axe().run(person.page, options=RULES)
    assert [one["id"] for one in results.response["violations"]] == ["label"]


async def test_what_is_printed_leaves_forms_out(visits):
    person = await visits("MacBook Pro")
    await person.page.emulate_media(media="print")
    assert await person.page.get_by_text("MacBook Pro").first.is_visible()
    assert not await person.page.get_by_role("button").first.is_visible()
