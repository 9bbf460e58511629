"""Who has no password signs in anew elsewhere before what signs them in changes: being known there is not enough."""

from datetime import timedelta

import pytest

from tests.web.console.provider import came_back
from tests.web.console.test_second_factor import SECRET, Telephone

EMAIL = "provided@console.example"
TOTP = "/account/totp"
PLAIN = "/sign-in/oidc?next=%2Faccount%2Ftotp"
ANEW = "/sign-in/oidc?anew=yes&next=%2Faccount%2Ftotp"
TRACED = ("history", "outbox", "browser_sessions", "second_factors")


@pytest.fixture
async def person(elsewhere, visitors, provider):
    """The browser of somebody without a password, whom the provider has let through by its own session."""
    await elsewhere.person(elsewhere.organizations["ours"], EMAIL)
    provider.claims["email"] = EMAIL
    browse = await visitors(elsewhere)
    await came_back(browse, provider)
    elsewhere.clock.advance(timedelta(hours=1))
    await came_back(browse, provider)
    await browse.get("/account")
    return browse


async def require_refused(elsewhere, browse, path):
    await browse.get(TOTP)
    before = await elsewhere.traces(TRACED)
    answer = await browse.post(path)
    assert (answer.status_code, "has to have asked you who you are" in answer.text) == (409, True)
    assert await elsewhere.traces(TRACED) == before


async def test_that_the_provider_knew_somebody_is_no_fresh_sign_in(elsewhere, provider, person):
    await require_refused(elsewhere, person, TOTP)
    assert ANEW in (await person.page(TOTP)).links
    provider.claims["auth_time"] = int(elsewhere.clock.now().timestamp())  # nobody asked
    await came_back(person, provider, PLAIN)
    await require_refused(elsewhere, person, TOTP)


async def test_who_signed_in_anew_has_ten_minutes(elsewhere, provider, person):
    answer = await came_back(person, provider, ANEW)
    assert (answer.status_code, answer.headers["location"]) == (303, TOTP)
    assert provider.asked["max_age"] == "0"
    elsewhere.clock.advance(timedelta(minutes=9, seconds=59))
    page = await person.page(TOTP)
    assert any("You have just signed in anew" in text for text in page.texts)
    assert ANEW not in page.links
    assert await person.does(TOTP) == TOTP
    elsewhere.clock.advance(timedelta(seconds=1))
    await require_refused(elsewhere, person, TOTP)


@pytest.mark.parametrize(
    ("auth_time", "why"),
    [
        (None, "does not say when you did"),
        ("now", "does not say when you did"),
        (True, "does not say when you did"),
        (-181, "only knew you from before"),
        (301, "only knew you from before"),
    ],
)
async def test_an_answer_that_shows_no_fresh_sign_in_is_refused(elsewhere, provider, person, auth_time, why):
    if type(auth_time) is int:  # seconds behind the question, which is answered two minutes later
        auth_time += int(elsewhere.clock.now().timestamp())
    provider.changes["auth_time"] = auth_time
    before = await elsewhere.traces(TRACED)
    location = (await person.get(ANEW)).headers["location"]
    back = provider.receives(location)
    elsewhere.clock.advance(timedelta(minutes=2))
    # Whatever the browser makes of the address: the wish came back in the cookie.
    answer = await person.get(f"/sign-in/oidc/return?code={back['code']}&state={back['state']}&anew=no")
    assert (answer.status_code, why in answer.text, "Sign in again" in answer.text) == (401, True, True)
    assert await elsewhere.traces(TRACED) == before
    await require_refused(elsewhere, person, TOTP)  # and still signed in as before


@pytest.mark.parametrize(("behind", "left"), [(-180, 299), (300, 599)])
async def test_clocks_may_differ_by_three_minutes(elsewhere, provider, person, behind, left):
    provider.changes["auth_time"] = int(elsewhere.clock.now().timestamp()) + behind
    location = (await person.get(ANEW)).headers["location"]
    back = provider.receives(location)
    elsewhere.clock.advance(timedelta(minutes=2))
    answer = await person.get(f"/sign-in/oidc/return?code={back['code']}&state={back['state']}")
    assert answer.status_code == 303, answer.text
    elsewhere.clock.advance(timedelta(seconds=left))
    await person.get(TOTP)
    assert await person.does(TOTP) == TOTP
    elsewhere.clock.advance(timedelta(seconds=1))
    await require_refused(elsewhere, person, TOTP)


async def test_the_way_back_cannot_ask_for_what_the_way_there_did_not(elsewhere, provider, person):
    location = (await person.get(PLAIN)).headers["location"]
    back = provider.receives(location)
    provider.changes["auth_time"] = int(elsewhere.clock.now().timestamp())
    way = f"/sign-in/oidc/return?code={back['code']}&state={back['state']}&anew=yes"
    assert (await person.get(way)).status_code == 303
    await require_refused(elsewhere, person, TOTP)


async def test_a_code_makes_no_sign_in_fresher_than_it_was(elsewhere, provider, person):
    await came_back(person, provider, ANEW)
    await person.get(TOTP)
    await person.does(TOTP)
    phone = Telephone(elsewhere.clock, SECRET.search((await person.get(TOTP)).text)[1])
    assert (await person.post(f"{TOTP}/confirm", {"code": phone.code()})).status_code == 200
    for way, minutes in ((PLAIN, 1), (ANEW, 10)):
        answer = await came_back(person, provider, way)
        assert answer.headers["location"] == "/sign-in/totp?next=%2Faccount%2Ftotp"
        elsewhere.clock.advance(timedelta(minutes=1))
        await person.get("/sign-in/totp")
        await person.does("/sign-in/totp", {"code": phone.code(), "next": TOTP})
        elsewhere.clock.advance(timedelta(minutes=minutes - 1))
        await require_refused(elsewhere, person, f"{TOTP}/remove")
    await came_back(person, provider, ANEW)
    elsewhere.clock.advance(timedelta(minutes=1))
    await person.get("/sign-in/totp")
    await person.does("/sign-in/totp", {"code": phone.code(), "next": TOTP})
    await person.get(TOTP)
    assert await person.does(f"{TOTP}/remove") == "/account?notice=account.second_factor_removed"
    assert await elsewhere.owner.fetchval("SELECT count(*) FROM second_factors") == 0


async def test_who_has_a_password_is_asked_for_it_however_they_signed_in(elsewhere, visitors, provider):
    browse = await visitors(elsewhere)
    await came_back(browse, provider, ANEW)
    page = await browse.page(TOTP)
    assert "current_password" in {one.get("name") for one in page.tags("input")}
    refused = await browse.post(TOTP)
    assert (refused.status_code, 'id="current_password-problem"' in refused.text) == (422, True)
    assert await elsewhere.owner.fetchval("SELECT count(*) FROM second_factors") == 0
