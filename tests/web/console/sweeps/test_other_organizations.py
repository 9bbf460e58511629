"""Ids of another organization: whatever is asked or sent with them, the answer is that of an id that nobody has."""

import re

import pytest

from tests.web.console.browse import Parsed
from tests.web.console.page_table import PAGES
from tests.web.console.sweeps.routing import PART, filled, nobody, routes

TRACED = ("history", "outbox", "transfers", "assets", "employees")
REFUSED = {402, 403, 404, 409, 422}
# One's own, whatever organization: an id in these paths is a session's or an account's.
OWN = re.compile(r"/(account|sign-|static)")
ABOUT = [path for path in routes("GET") if PART.search(path) and not OWN.match(path)]
ACTING = [path for path in routes("POST") if PART.search(path) and not OWN.match(path)]
BULK = [
    page for page in PAGES if (page.leads_to, page.who) == (None, "owner") and not page.is_about_something
]


def plain(text):
    """A page without what differs every time: the token of its forms."""
    return re.sub(r'name="csrf" value="[^"]*"', "", text)


def test_there_are_routes_to_look_at():
    assert len(ABOUT) >= 10
    assert len(ACTING) >= 20


@pytest.mark.parametrize("path", ABOUT)
async def test_nothing_of_others_is_shown(console, browse, path):
    theirs = filled(path, console.ids["theirs"])
    answer = await browse.get(theirs)
    unknown = await browse.get(nobody(path))
    assert (answer.status_code, unknown.status_code) in {(404, 404), (403, 403)}
    for secret in ("Tessier", "ada@theirs.example", "THEIRS"):
        assert secret not in answer.text.replace(theirs, "")


@pytest.mark.parametrize("path", ACTING)
async def test_nothing_of_others_is_changed(console, browse, path):
    await browse.get("/account")
    before = await console.traces(TRACED)
    fields = {"name": "Taken over", "reason": "x", "email": "new@ours.example", "sure": "1", "version": "1"}
    answer = await browse.post(filled(path, console.ids["theirs"]), fields)
    unknown = await browse.post(nobody(path), fields)
    assert answer.status_code in REFUSED, answer.text[:500]
    assert answer.status_code == unknown.status_code
    assert await console.traces(TRACED) == before


@pytest.mark.parametrize("page", BULK, ids=lambda page: page.path)
async def test_nothing_of_others_is_changed_by_ticking_it(console, browse, page):
    answer = await browse.get(page.path)
    form = re.search(
        r'<form method="post" action="([^"]+)" id="bulk".*?</form>', answer.text, flags=re.DOTALL
    )
    if form is None:
        return  # nothing is done with many here
    wishes = [given["value"] for given in Parsed(form[0]).tags("button") if given.get("name") == "do"] or [
        "x"
    ]
    before = await console.traces(TRACED)
    for wish in wishes:
        fields = {"do": wish, "sure": "1", "ids": list(console.ids["theirs"].values())}
        answer = await browse.post(form[1], fields)
        assert answer.status_code in REFUSED | {200, 303}
        for secret in ("Tessier", "ada@theirs.example", "THEIRS"):
            assert secret not in answer.text
    assert await console.traces(TRACED) == before
