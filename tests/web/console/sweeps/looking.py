"""A window of Chromium that is signed in: what it finds wrong with a page."""

from axe_playwright_python.async_playwright import Axe

# Everything of WCAG 2.2 A and AA that axe knows, and its own best practices.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
FEWEST_PASSES = 10  # so that a page that is not there is not found to be fine
SMALL = """[...document.querySelectorAll('main a, main button, main summary, main input, main select')]
    .filter(e => e.offsetParent && !e.closest('p, dd, td, h1, h2, .hint, .soft') && e.type !== 'checkbox'
        && e.type !== 'radio' && (e.getBoundingClientRect().height < 24 || e.getBoundingClientRect().width < 24))
    .map(e => e.outerHTML.slice(0, 100))"""


class Window:
    """Somebody who is signed in and looks at one page after another."""

    def __init__(self, context, address):
        self.context, self.address = context, address
        self.page, self.said = None, []

    async def sign_in(self, email, password):
        self.page = await self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        await self.page.goto(f"{self.address}/sign-in")
        await self.page.get_by_label("Email").fill(email)
        await self.page.get_by_label("Password").fill(password)
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name="Sign in", exact=True).click()
        return self

    async def open(self, path):
        """Open a page that must be there; everything on it that folds is unfolded."""
        self.said.clear()
        answer = await self.page.goto(self.address + path)
        assert answer.status == 200, path
        await self.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")

    async def violations(self):
        """What axe finds, by rule and element."""
        results = (await Axe().run(self.page, options=RULES)).response
        assert len(results["passes"]) >= FEWEST_PASSES
        return [
            (one["id"], node["target"], node["failureSummary"])
            for one in results["violations"]
            for node in one["nodes"]
        ]

    async def is_too_wide(self):
        """Whether the page scrolls sideways on a phone."""
        await self.page.set_viewport_size(PHONE)
        try:
            return await self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        finally:
            await self.page.set_viewport_size(WIDE)

    async def headings(self):
        """The title and every heading, as text."""
        return await self.page.evaluate(
            "[document.title, ...[...document.querySelectorAll('h1, h2, h3')].map(one => one.textContent.trim())]"
        )
