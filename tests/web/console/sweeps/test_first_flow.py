"""What everybody does first, in real Chromium without scripts: sign in, enable Enterprise, create a key, call."""

import asyncio
import json
import subprocess
import sys

import pytest

from tests.dialects.installation import PASSWORD
from tests.dialects.reready.replay import reference
from tests.web.recovery import browsing

pytestmark = pytest.mark.slow
CALL = """
import json, sys, urllib.request
url, key, body = sys.argv[1:]
headers = {"authorization": f"Token {key}", "content-type": "application/json"}
request = urllib.request.Request(url, body.encode(), headers)
with urllib.request.urlopen(request, timeout=20) as answer:
    print(answer.status, json.load(answer)["id"])
"""


async def test_from_sign_in_to_a_transfer_ordered_by_the_api(own_console, clock, tmp_path):
    async with (
        browsing.served(own_console.database_url, tmp_path / "served", clock=clock) as url,
        browsing.browser() as chromium,
    ):
        context = await chromium.new_context(java_script_enabled=False)
        page = await context.new_page()
        page.set_default_timeout(10_000)

        async def press(name, role="button"):
            async with page.expect_navigation():
                await page.get_by_role(role, name=name, exact=True).first.click()

        await page.goto(f"{url}/transfers")
        await page.get_by_label("Email").fill(own_console.emails["free"])
        await page.get_by_label("Password").fill(PASSWORD)
        await press("Sign in")
        assert await page.get_by_text("No transfers yet").is_visible()
        await press("Settings", "link")
        await press("Enable Enterprise plan")
        await press("Manage API keys", "link")
        await page.get_by_label("Name", exact=True).fill("First program")
        await press("Create key")
        key = (await page.locator("#secret").inner_text()).strip()

        body = json.dumps({**reference("request"), "ticket_reference": "FLOW-1"})
        called = await _run(CALL, f"{url}/api/v1/device_transfers", key, body)
        status, transfer_id = called.split()
        assert status == "201"

        await page.goto(f"{url}/search?q=flow-1")
        await page.goto(f"{url}/transfers")
        assert await page.get_by_text("FLOW-1").is_visible()
        async with page.expect_navigation():
            await page.locator(f'main a[href="/transfers/{transfer_id}"]').first.click()
        assert transfer_id in page.url
        await page.goto(f"{url}/settings/keys")
        assert key not in await page.content()


async def _run(program, *arguments):
    """Run a program of somebody else's, as curl would be, and return what it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    printed, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    return printed.decode()
