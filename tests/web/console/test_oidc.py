"""Signing in by an identity provider, and everything about its answer that may be wrong."""

from datetime import timedelta

import pytest
from joserfc.jwk import OctKey, RSAKey

from tests.web.console.provider import came_back


async def test_whom_the_provider_vouches_for_is_signed_in(elsewhere, visitors, provider):
    browse = await visitors(elsewhere)
    assert "Continue with Example ID" in (await browse.page("/sign-in")).texts
    answer = await came_back(browse, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings/keys"), answer.text
    assert provider.asked["scope"] == "openid email profile"
    assert provider.asked["code_challenge_method"] == "S256"
    assert "max_age" not in provider.asked
    assert (await browse.get("/settings/keys")).status_code == 200
    assert ("POST", "/token") in provider.calls


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email_verified": False}, (403, "has not verified your e-mail address")),
        ({"email_verified": "true"}, (403, "has not verified")),
        ({"email_verified": None}, (403, "has not verified")),
        ({"email": "nobody@console.example"}, (403, "There is no account for nobody@console.example here.")),
        ({"email": None}, (401, "names no e-mail address")),
        ({"nonce": "another"}, (401, "does not hold")),
        ({"nonce": None}, (401, "does not hold")),
        ({"iss": "https://evil.example"}, (401, "does not hold")),
        ({"aud": "another"}, (401, "does not hold")),
        ({"aud": ["backhaul", "another"]}, (401, "for somebody else")),
        ({"azp": "another"}, (401, "for somebody else")),
        ({"exp": 1}, (401, "does not hold")),
        ({"exp": None}, (401, "does not hold")),
        ({"sub": None}, (401, "does not hold")),
    ],
)
async def test_an_answer_that_does_not_hold_signs_nobody_in(elsewhere, visitors, provider, changes, said):
    status, text = said
    provider.changes = changes
    browse = await visitors(elsewhere)
    answer = await came_back(browse, provider)
    assert (answer.status_code, text in answer.text) == (status, True), answer.text
    assert "backhaul" not in browse.client.cookies
    assert await elsewhere.owner.fetchval("SELECT count(*) FROM browser_sessions") == 0


async def test_a_token_signed_by_anybody_else_is_refused(elsewhere, visitors, provider):
    keys = [
        (RSAKey.generate_key(2048, {"kid": "one"}), {"alg": "RS256", "kid": "one"}),
        (OctKey.import_key("shared-shared-shared-shared-shared"), {"alg": "HS256", "kid": "one"}),
    ]
    for provider.key, provider.header in keys:
        answer = await came_back(await visitors(elsewhere), provider)
        assert (answer.status_code, "does not hold" in answer.text) == (401, True)


async def test_an_answer_to_another_question_is_refused(elsewhere, visitors, provider):
    victim, attacker = await visitors(elsewhere), await visitors(elsewhere)
    assert (await came_back(victim, provider, state="made-up")).status_code == 401
    assert (await came_back(victim, provider, code=None)).status_code == 401
    assert (await came_back(victim, provider, error="access_denied")).status_code == 401
    assert (await came_back(victim, provider, code="wrong")).status_code == 401
    location = (await attacker.get("/sign-in/oidc")).headers["location"]
    planted = provider.receives(location)
    fresh = await visitors(elsewhere)
    query = f"code={planted['code']}&state={planted['state']}"
    assert (await fresh.get(f"/sign-in/oidc/return?{query}")).status_code == 401
    elsewhere.clock.advance(timedelta(minutes=10))
    assert (await attacker.get(f"/sign-in/oidc/return?{query}")).status_code == 401


async def test_who_has_no_password_is_not_asked_for_one(elsewhere, visitors, provider):
    email = "provided@console.example"
    await elsewhere.person(elsewhere.organizations["ours"], email)
    provider.claims["email"] = email
    browse = await visitors(elsewhere)
    await came_back(browse, provider)
    page = await browse.page("/account")
    assert "Your account has none: your identity provider signs you in." in page.texts
    assert "/account/password" not in page.posts
    none = {"current_password": "", "new_password": "n" * 12, "repeated_password": "n" * 12}
    assert (await browse.post("/account/password", none)).status_code == 422


async def test_a_provider_that_does_not_answer_is_said_so(elsewhere, visitors, provider):
    await provider.stop()
    answer = await (await visitors(elsewhere)).get("/sign-in/oidc")
    assert (answer.status_code, "The identity provider does not answer" in answer.text) == (503, True)


async def test_without_a_provider_there_is_no_such_way(console, visitors):
    nobody = await visitors(console)
    for path in ("/sign-in/oidc", "/sign-in/oidc/return?code=x&state=y"):
        assert (await nobody.get(path)).status_code == 404
    assert "Continue with" not in (await nobody.get("/sign-in")).text
