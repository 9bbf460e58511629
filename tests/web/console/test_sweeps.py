"""What holds on every page and for every form of the console; the tables say which there are."""

import re

import pytest
from litestar.routes import HTTPRoute

from backhaul.domain.identity.model import RIGHTS, Role
from backhaul.web.console.answering import HEADERS
from backhaul.web.console.declaring import RIGHT
from backhaul.web.console.routes import HANDLERS
from tests.web.console.browse import HTML, Parsed
from tests.web.console.page_table import NO_PAGES, PAGES

UNKNOWN = "019a0000-0000-7000-8000-000000000000"
# Dialects with credentials in each request, and links that are the credential.
BY_OTHER_MEANS = ("/api/", "/v1/", "/auth/", "/legal-hold", "/return/", "/pickup/")
TRACED = ("history", "outbox", "browser_sessions", "account_preferences")
PART = re.compile(r"\{[^}]*\}")
pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)


def routes(method):
    """The console's own paths that answer a method, from its handlers."""
    found = (
        path
        for handler in HANDLERS
        for path in handler.paths
        if method in {str(one) for one in handler.http_methods}
    )
    return sorted(set(found))


def may(page, role):
    return page.right is None or page.right in RIGHTS[role]


async def opened(installation, page, name):
    browse = await installation.kept(name)
    return await browse.get(page.of(installation.ids["ours"]))


def test_every_page_is_in_the_table():
    listed = [PART.sub("x", page.path.partition("?")[0]) for page in PAGES]
    served = {path: re.compile(PART.sub("[^/]+", path)) for path in routes("GET") if path not in NO_PAGES}
    assert [path for path, form in served.items() if not any(map(form.fullmatch, listed))] == []
    assert [page for page in listed if not any(form.fullmatch(page) for form in served.values())] == []
    assert set(NO_PAGES) - set(routes("GET")) == set()


def test_the_application_takes_no_other_form_with_a_cookie(console):
    """What answers POST is the console's and swept here, or knows its caller by something else than a cookie."""
    served = {
        re.sub(r":\w+", "", route.path)
        for route in console.app.litestar.routes
        if isinstance(route, HTTPRoute) and "POST" in route.methods
    }
    own = {re.sub(r":\w+", "", path) for path in routes("POST")}
    assert own <= served
    assert {path for path in served - own if not path.startswith(BY_OTHER_MEANS)} == set()


@pages
async def test_who_may_see_a_page_sees_it_and_others_are_told_which_right_they_lack(console, page):
    for name, role in (
        ("owner", Role.OWNER),
        ("admin", Role.ADMIN),
        ("member", Role.MEMBER),
        ("viewer", Role.VIEWER),
    ):
        answer = await opened(console, page, name)
        if page.leads_to is not None and may(page, role):
            assert answer.status_code == 303
            assert name != "owner" or answer.headers["location"] == page.leads_to
        elif may(page, role):
            assert answer.status_code == 200, (name, answer.text[:2000])
        else:
            assert answer.status_code == 403, name
            assert page.right.value in answer.text


@pages
async def test_who_is_signed_out_is_led_to_sign_in(console, visitors, page):
    nobody = await visitors(console)
    answer = await nobody.get(page.of(console.ids["ours"]))
    assert answer.status_code == 303
    assert answer.headers["location"].partition("?")[0] == "/sign-in"


@pytest.mark.parametrize("page", [page for page in PAGES if page.is_about_something], ids=lambda p: p.path)
async def test_what_belongs_to_another_organization_is_not_there(console, page):
    browse = await console.kept(page.who)
    nothing = await browse.get(page.of(dict.fromkeys(console.ids["ours"], UNKNOWN)))
    theirs = await browse.get(page.of(console.ids["theirs"]))
    # The operator works for every organization: to them another one's parcels are there.
    assert (theirs.status_code, nothing.status_code) == (200 if page.who == "operator" else 404, 404)


@pages
async def test_a_page_takes_few_statements(console, page):
    browse = await console.kept(page.who)
    path = page.of(console.ids["ours"])
    await browse.get(path)  # drivers and pools are warm
    answer, sent = await browse.statements(path)
    assert answer.status_code < 400
    assert len(sent) <= 4, sent


@pages
async def test_a_page_is_sound(console, page):
    browse = await console.kept(page.who)
    answer = await browse.get(page.of(console.ids["ours"]))
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, name
    if page.leads_to is not None:
        return
    found = Parsed(answer.text)
    assert found.inline == []
    assert len(found.tags("h1")) == 1
    assert len(found.tags("main")) == 1
    assert sorted(found.ids) == sorted(set(found.ids))
    assert set(found.described) <= set(found.ids)
    fragments = {link[1:] for link in found.links if link.startswith("#")}
    assert fragments <= set(found.ids)
    assert all(link.startswith(("/", "#", "https://", "mailto:", "tel:")) for link in found.links)


@pages
async def test_every_form_that_posts_carries_the_token_and_leads_to_an_action(console, page):
    browse = await console.kept(page.who)
    if page.leads_to is not None:
        return
    answer = await browse.get(page.of(console.ids["ours"]))
    found = Parsed(answer.text)
    forms = re.findall(r'<form method="post".*?</form>', answer.text, flags=re.DOTALL)
    assert len(forms) == sum(method == "post" for method, _ in found.forms)
    assert all('name="csrf"' in form for form in forms)
    actions = [re.compile(PART.sub("[^/]+", path) + r"(\?.*)?") for path in routes("POST")]
    for action in found.posts:
        assert any(one.fullmatch(action) for one in actions), action


# What every member may post: their own session, account and looks.
OWN = re.compile(r"/(sign-out|account(/.*)?|organization/switch|saved-views(/.*)?)")


@pages
async def test_a_viewer_gets_no_button_that_changes_something(console, page):
    answer = await opened(console, page, "viewer")
    found = Parsed(answer.text)
    assert {action for action in found.posts if not OWN.fullmatch(action)} == set()


def with_the_right(path):
    """Who may send a form: whoever may not is refused for that, before the form is read."""
    (handler,) = (
        one for one in HANDLERS if path in one.paths and "POST" in {str(m) for m in one.http_methods}
    )
    right = handler.opt.get(RIGHT)
    return "owner" if right is None or right in RIGHTS[Role.OWNER] else "operator"


@pytest.mark.parametrize("path", routes("POST"))
async def test_a_form_without_its_token_is_refused_and_changes_nothing(console, visitors, path):
    browse, other = await console.kept(with_the_right(path)), await console.kept("stranger")
    await browse.get("/account")
    await other.get("/account")
    target = PART.sub(UNKNOWN, path)
    before = await console.traces(TRACED)
    for csrf in (None, "", "A" * 86, other.csrf, "é" * 43):
        answer = await browse.post(target, {"name": "x"}, csrf=csrf)
        assert answer.status_code == 403, csrf
        assert "was not sent from a page of yours" in answer.text
    nobody = await visitors(console)
    assert (await nobody.post(target, csrf=browse.csrf)).status_code == 403
    assert await console.traces(TRACED) == before


ELSEWHERE = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
]


@pytest.mark.parametrize("path", routes("POST"))
async def test_a_form_that_another_site_sends_is_refused_with_the_right_token_too(console, browse, path):
    await browse.get("/account")
    for headers in ELSEWHERE:
        answer = await browse.post(PART.sub(UNKNOWN, path), **headers)
        assert answer.status_code == 403, headers


@pytest.mark.parametrize(("method", "status"), [("GET", 404), ("POST", 404), ("DELETE", 404)])
async def test_unknown_paths_answer_browsers_with_a_page_and_programs_without(console, method, status):
    path = "/nowhere/at-all"
    page = await console.app.request(method, path, headers=HTML)
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert {name: page.headers[name] for name in HEADERS} == HEADERS
    plain = await console.app.request(method, path)
    assert plain.json() == {"error": f"There is nothing at {path}.", "code": "http.route_unknown"}
    for api in ("/api/v1/nowhere", "/v1/nowhere"):
        answer = await console.app.request(method, api, headers=HTML)
        assert answer.headers["content-type"].startswith("application/json")


async def test_a_wrong_method_and_a_body_too_large_are_pages_as_well(console, browse):
    answer = await browse.client.request("DELETE", "/settings/keys", headers=HTML)
    assert (answer.status_code, "That cannot be done here" in answer.text) == (405, True)
    await browse.get("/account")
    answer = await browse.post("/account/name", {"name": "x" * 300_000})
    assert (answer.status_code, "That is too large" in answer.text) == (413, True)
