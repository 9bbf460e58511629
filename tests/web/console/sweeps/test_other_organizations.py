"""Ids of another organization: whatever is asked or sent with them, the answer is that of an id that nobody has."""

import re

import pytest

from tests.web.console.browse import Parsed
from tests.web.console.page_table import PAGES
from tests.web.console.sweeps.routing import PART, UNKNOWN, filled, nobody, routes

TRACED = (
    "history",
    "outbox",
    "transfers",
    "assets",
    "employees",
    "memberships",
    "invitations",
    "saved_views",
    "departments",
)
REFUSED = {402, 403, 404, 409, 422}
# One's own, whatever organization: an id in these paths is a session's or an account's.
OWN = re.compile(r"/(account|sign-|static)")
ABOUT = [path for path in routes("GET") if PART.search(path) and not OWN.match(path)]
ACTING = [path for path in routes("POST") if PART.search(path) and not OWN.match(path)]
BULK = [
    page for page in PAGES if (page.leads_to, page.who) == (None, "owner") and not page.is_about_something
]


# An invitation's link is asked for before a session; letters are the installation's; jobs and the warehouse are the
# operator's, who works for every organization.
WITHOUT_IDS = re.compile(r"/(invitation|settings/letters|settings/jobs|warehouse)/")
FIELDS = {
    "name": "Taken over",
    "new_name": "Taken over",
    "reason": "x",
    "email": "new@ours.example",
    "role": "viewer",
    "sure": "1",
    "version": "1",
}
CHILDREN = [path for path in ACTING if len(PART.findall(path)) > 1]


@pytest.fixture(scope="session")
async def theirs(console):
    """Ids of the other organization, also of what is not furnished: views, members, invitations, departments."""
    other = await console.kept("stranger")
    await other.get("/account")
    await other.does("/saved-views", {"list": "assets", "query": "q=x", "name": "Theirs"})
    await other.does("/people/departments", {"name": "Theirs"})
    await other.does("/settings/members/invitations", {"email": "asked@theirs.example", "role": "viewer"})
    found = await console.owner.fetchrow(
        "SELECT (SELECT id FROM saved_views WHERE org_id = $1 AND name = 'Theirs') AS view,"
        " (SELECT max(number) FROM departments WHERE org_id = $1) AS department,"
        " (SELECT id FROM invitations WHERE org_id = $1 LIMIT 1) AS invitation,"
        " (SELECT user_id FROM memberships WHERE org_id = $1 LIMIT 1) AS user",
        console.organizations["theirs"].id,
    )
    return console.ids["theirs"] | {kind: str(one) for kind, one in found.items()}


def plain(text):
    """A page without what differs every time: the token of its forms."""
    return re.sub(r'name="csrf" value="[^"]*"', "", text)


def test_there_are_routes_to_look_at():
    assert len(ABOUT) >= 10
    assert len(ACTING) >= 20


@pytest.mark.parametrize("path", ABOUT)
async def test_nothing_of_others_is_shown(browse, theirs, path):
    asked = filled(path, theirs)
    answer = await browse.get(asked)
    unknown = await browse.get(nobody(path))
    assert (answer.status_code, unknown.status_code) in {(404, 404), (403, 403)}
    for secret in ("Tessier", "ada@theirs.example", "THEIRS"):
        assert secret not in answer.text.replace(asked, "")


@pytest.mark.parametrize("path", ACTING)
async def test_nothing_of_others_is_changed(console, browse, theirs, path):
    await browse.get("/account")
    before = await console.traces(TRACED)
    answer = await browse.post(filled(path, theirs), FIELDS)
    unknown = await browse.post(nobody(path), FIELDS)
    assert answer.status_code in REFUSED, answer.text[:500]
    assert answer.status_code == unknown.status_code
    assert await console.traces(TRACED) == before


@pytest.mark.parametrize("path", CHILDREN)
async def test_nothing_of_others_is_changed_below_something_of_ones_own(console, browse, theirs, path):
    await browse.get("/account")
    before = await console.traces(TRACED)
    _, *inner = PART.findall(path)
    answer = await browse.post(
        filled(path, console.ids["ours"] | {part: theirs.get(part, UNKNOWN) for part in inner}), FIELDS
    )
    assert answer.status_code in REFUSED, answer.text[:500]
    for secret in ("Tessier", "ada@theirs.example", "THEIRS"):
        assert secret not in answer.text
    assert await console.traces(TRACED) == before


def test_every_form_about_something_is_sent_with_an_id_of_the_others(theirs):
    """What is left has no id of an organization: see each reason."""
    missing = {path for path in ACTING if UNKNOWN in filled(path, theirs)}
    assert {path for path in missing if not WITHOUT_IDS.match(path)} == set()


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
