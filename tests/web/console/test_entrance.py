"""Signing in and out with a browser that has no scripts; where it may lead."""

import string
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backhaul.web.console.paths import own_path
from tests.dialects.installation import PASSWORD
from tests.web.console.browse import Parsed

HERE = "https://backhaul.example"
HOSTILE = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
    "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", "/%0d%0aLocation: x",
    "//evil.example/%2f..", "/..//evil.example", " //evil.example", "/ /evil.example", "evil.example", "?next=x",
    "@evil.example", "/a\r\nset-cookie: x=y", "/\u2028/evil",
]  # fmt: skip


@given(
    st.text(alphabet=string.printable + "\\/\u3002\uff0f\u2028\x00", max_size=40)
    | st.sampled_from(HOSTILE)
    | st.builds("{}{}".format, st.sampled_from(["/", "//", "/\\", "\\", "/\t/", "/./"]), st.text(max_size=20))
)
@example("/settings/keys?before=1&x=%2F#top")
def test_no_path_from_outside_leads_to_another_host(text):
    chosen = own_path(text)
    assert chosen in {"/", text}
    assert chosen.isascii()
    assert chosen.isprintable()
    # What browsers do first: backslashes are slashes, tabs and line ends are nothing (WHATWG URL).
    read = chosen.replace("\\", "/").replace("\t", "").replace("\n", "").replace("\r", "")
    assert read == chosen
    assert urlsplit(urljoin(f"{HERE}/sign-in", read)).netloc == "backhaul.example"


def test_paths_of_our_own_are_kept():
    for path in ("/", "/assets/1001", "/people?q=a%20b&page=2", "/settings/organization#plan"):
        assert own_path(path) == path


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_signing_in_leads_to_no_other_host(console, visitors, hostile):
    browse = await visitors(console)
    shown = Parsed((await browse.client.get("/sign-in", params={"next": hostile})).text)
    kept = [given["value"] for given in shown.tags("input") if given.get("name") == "next"]
    assert kept == [own_path(hostile)]
    await browse.get("/sign-in")
    fields = {"email": console.emails["viewer"], "password": PASSWORD, "next": hostile}
    where = await browse.does("/sign-in", fields)
    assert where == own_path(hostile)
    assert urlsplit(urljoin(f"{HERE}/sign-in", where)).netloc == "backhaul.example"
    await browse.get("/account")
    assert await browse.does("/account/theme", {"theme": "dark", "back": hostile}) == own_path(hostile)


async def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(console, visitors):
    nobody = await visitors(console)
    answer = await nobody.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    answer = await nobody.get("/settings/keys?before=1")
    assert answer.headers["location"] == "/sign-in?next=%2Fsettings%2Fkeys%3Fbefore%3D1"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("owner@console.example", "wrong password"),
        ("nobody@console.example", PASSWORD),
        ("", ""),
        ("é", "x" * 2000),
    ],
)
async def test_a_wrong_password_and_an_unknown_address_look_the_same(console, visitors, email, password):
    browse = await visitors(console)
    await browse.get("/sign-in")
    before = await console.traces(("browser_sessions", "history"))
    answer = await browse.post("/sign-in", {"email": email, "password": password})
    assert answer.status_code == 401
    page = Parsed(answer.text)
    assert "Invalid email or password." in page.texts
    assert password == "" or password not in answer.text
    assert await console.traces(("browser_sessions", "history")) == before


async def test_guessing_is_slowed(bare_console, visitors):
    browse = await visitors(bare_console)
    await browse.get("/sign-in")
    fields = {"email": bare_console.emails["owner"], "password": "a wrong guess"}
    statuses = []
    while 429 not in statuses and len(statuses) < 100:  # failures are forgiven by the machine's own time
        statuses.append((await browse.post("/sign-in", fields)).status_code)
    assert statuses[:30] == [401] * 30
    assert statuses[-1] == 429
    elsewhere = await visitors(bare_console)
    await elsewhere.get("/sign-in")
    right = await elsewhere.post("/sign-in", {**fields, "password": PASSWORD})
    assert (right.status_code, "retry-after" in right.headers) == (429, True)


@pytest.mark.parametrize("csrf", [None, "", "A" * 86, "x" * 9999])
async def test_a_sign_in_form_of_another_site_signs_nobody_in(console, visitors, csrf):
    browse = await visitors(console)
    await browse.get("/sign-in")
    fields = {"email": console.emails["owner"], "password": PASSWORD}
    assert (await browse.post("/sign-in", fields, csrf=csrf)).status_code == 403
    without_cookie = await visitors(console)
    assert (await without_cookie.post("/sign-in", fields, csrf=browse.csrf)).status_code == 403
    foreign = await browse.post("/sign-in", fields, origin="https://evil.example")
    assert foreign.status_code == 403


async def test_who_is_signed_in_skips_the_form(browse):
    answer = await browse.get("/sign-in?next=/settings/keys")
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings/keys")


async def test_the_masked_token_differs_on_every_page(browse):
    await browse.get("/account")
    first = browse.csrf
    await browse.get("/account")
    assert first != browse.csrf
    assert (
        await browse.post("/account/theme", {"theme": "system", "back": "/"}, csrf=first)
    ).status_code == 303


async def test_notices_are_only_those_of_the_catalogue(browse):
    page = await browse.page("/settings/keys?notice=keys.revoked")
    assert "The key is revoked. Programs that use it are refused from now on." in page.texts
    for query in ("notice=You+won", "notice=keys.revoked2", "notice=%3Cb%3E"):
        answer = await browse.get(f"/settings/keys?{query}")
        assert (answer.status_code, "data-notice" in answer.text, "You won" in answer.text) == (
            200,
            False,
            False,
        )
    left = "/settings/organization?notice=organization.plan_left&about="
    forms = [form for form in (await browse.page(f"{left}enterprise")).forms if form[0] == "post"]
    plain = [form for form in (await browse.page("/settings/organization")).forms if form[0] == "post"]
    assert sorted(forms) == sorted([*plain, ("post", "/settings/organization/plan/enterprise")])
    for about in ("../../x", "a/b", "%2e%2e", "x" * 65, "a%20b", ""):
        page = await browse.page(left + about)
        assert [form for form in page.forms if form[0] == "post"] == plain
