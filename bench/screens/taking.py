"""A browser that signs in and takes pictures, and what makes them small."""

import io
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from bench.screens.shots import Shot

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
COLOURS = 96  # a palette of so many is as good to look at as millions: pages have few, and edges of letters
LARGEST_BYTES = 150_000


@contextmanager
def browser() -> Iterator[Browser]:
    """Open Chromium, whichever is installed."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise SystemExit(f"no browser: install one of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield launched
        finally:
            launched.close()


def take(browser: Browser, shot: Shot, *, base_url: str, email: str, password: str) -> bytes:
    """Return a picture of a page as somebody signed in sees it, as a PNG with a palette."""
    context = browser.new_context(
        viewport=shot.viewport, color_scheme="dark" if shot.scheme == "dark" else "light"
    )
    try:
        page = context.new_page()
        page.goto(f"{base_url}/sign-in")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(password)
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in", exact=True).click()
        answer = page.goto(f"{base_url}{shot.path}")
        assert answer is not None
        if answer.status != 200:  # noqa: PLR2004 -- anything else is no page to show
            raise SystemExit(f"{shot.path} answers {answer.status}")
        if shot.opens is not None:
            page.goto(base_url + _first_link(page, shot.opens))
        return _small(page.screenshot(animations="disabled"))
    finally:
        context.close()


def keep(picture: bytes, place: Path) -> None:
    """Write a picture, unless it is too large to be in a repository."""
    if len(picture) > LARGEST_BYTES:
        raise SystemExit(f"{place.name} has {len(picture)} bytes, more than {LARGEST_BYTES}")
    place.write_bytes(picture)


def _first_link(page: Page, start: str) -> str:
    links = page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    # What one thing is called has a figure in it; forms and files beside the list have none.
    pattern = re.compile(re.escape(start) + r"[A-Za-z-]*[0-9][0-9A-Za-z-]*")
    found = next((link for link in links if link and pattern.fullmatch(link)), None)
    if found is None:
        raise SystemExit(f"{page.url} has no link that begins with {start}")
    return str(found)


def _small(png: bytes) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        paletted = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        paletted.save(out, "PNG", optimize=True)
    return out.getvalue()
