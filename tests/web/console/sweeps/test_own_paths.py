"""Where a form says it leads back to: a path of ours, whatever stands there."""

import re

import pytest

from tests.web.console.browse import Parsed
from tests.web.console.page_table import PAGES
from tests.web.console.sweeps.routing import UNKNOWN

BACK = re.compile(r'name="(back|next)"')
ELSEWHERE = (
    "https://evil.example/",
    "https:evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/ok\x00//evil.example",
    "@evil.example",
    "?next=//evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%0d%0aset-cookie:a=b",
    "/\r\nset-cookie: a=b",
    "/" + "a" * 5_000,
)
PLACES = [page for page in PAGES if page.leads_to is None and "?" not in page.path]


async def test_no_form_leads_elsewhere(console):
    found = set()
    for page in PLACES:
        browse = await console.kept(page.who)
        answer = await browse.get(page.of(console.ids["ours"]))
        for text in re.findall(r'<form method="post".*?</form>', answer.text, flags=re.DOTALL):
            (action,) = Parsed(text).posts
            for name in BACK.findall(text):
                if (action, name) not in found:
                    found.add((action, name))
                    for hostile in ELSEWHERE:
                        await require_own(browse, action, {name: hostile}, hostile)
    assert {action for action, _ in found} >= {
        "/account/theme",
        "/assets/change",
        "/cases/many",
        "/returns/many",
    }


async def require_own(browse, action, fields, hostile):
    """Send the form, as what it is about is unknown or nothing, and look wherever the answer leads."""
    for wish in ({}, {"ids": UNKNOWN, "do": "x"}, {"ids": "1", "do": "send"}):
        answer = await browse.post(action, fields | wish)
        assert answer.status_code < 500, (action, hostile)
        assert "a=b" not in answer.headers.get("set-cookie", "")
        places = [answer.headers["location"]] if "location" in answer.headers else Parsed(answer.text).links
        for place in places:
            assert place.startswith(("/", "#")), (action, hostile, place)
            assert not place.startswith(("//", "/\\")), (action, hostile, place)


@pytest.mark.parametrize("hostile", ELSEWHERE)
async def test_the_way_to_sign_in_leads_back_to_nothing_else(console, visitors, hostile):
    nobody = await visitors(console)
    answer = await nobody.client.get("/sign-in", params={"next": hostile}, follow_redirects=False)
    (kept,) = (one["value"] for one in Parsed(answer.text).tags("input") if one.get("name") == "next")
    assert kept.startswith("/")
    assert not kept.startswith(("//", "/\\"))
