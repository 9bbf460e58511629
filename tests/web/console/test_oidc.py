"""Signing in by an identity provider, and everything about its answer that may be wrong."""

from datetime import timedelta

import pytest
from joserfc.jwk import OctKey, RSAKey

from backhaul.settings import OidcSettings
from tests.dialects.mounting import small
from tests.dialects.statement_log import Log
from tests.web.console.furnished import furnished
from tests.web.console.provider import Provider
from tests.web.console.test_second_factor import SECRET, Telephone


@pytest.fixture
async def provider(clock):
    started = await Provider(clock).start()
    yield started
    await started.stop()


@pytest.fixture
async def elsewhere(provider, database_url, tmp_path, clock):
    """A console whose people may also sign in by the provider."""
    oidc = OidcSettings(
        issuer=provider.issuer,
        client_id="backhaul",
        client_secret="shared",
        name="Example ID",
        allowed_private_networks=("127.0.0.0/8",),
    )
    settings = small(database_url, oidc=oidc)
    async with furnished(
        database_url, tmp_path, clock=clock, settings=settings, is_bare=True, logger=Log()
    ) as made:
        provider.claims = {"email": made.emails["owner"].upper(), "email_verified": True}
        yield made


async def came_back(browse, provider, **said):
    location = (await browse.get("/sign-in/oidc?next=/settings/keys")).headers["location"]
    answer = {**provider.receives(location), **said}
    query = "&".join(f"{name}={value}" for name, value in answer.items() if value is not None)
    return await browse.get(f"/sign-in/oidc/return?{query}")


async def test_whom_the_provider_vouches_for_is_signed_in(elsewhere, visitors, provider):
    browse = await visitors(elsewhere)
    assert "Continue with Example ID" in (await browse.page("/sign-in")).texts
    answer = await came_back(browse, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings/keys"), answer.text
    assert provider.asked["scope"] == "openid email profile"
    assert provider.asked["code_challenge_method"] == "S256"
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


async def test_who_has_no_password_changes_what_signs_them_in_right_after_signing_in(
    elsewhere, visitors, provider
):
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
    elsewhere.clock.advance(timedelta(minutes=10))
    late = await browse.post("/account/totp")
    assert (late.status_code, "You signed in too long ago for this." in late.text) == (409, True)
    assert "/sign-in/oidc?next=%2Faccount%2Ftotp" in (await browse.page("/account/totp")).links
    assert await elsewhere.owner.fetchval("SELECT count(*) FROM second_factors") == 0
    await came_back(browse, provider)
    elsewhere.clock.advance(timedelta(minutes=9, seconds=59))
    await browse.get("/account/totp")
    assert await browse.does("/account/totp") == "/account/totp"
    phone = Telephone(elsewhere.clock, SECRET.search((await browse.get("/account/totp")).text)[1])
    confirmed = await browse.post("/account/totp/confirm", {"code": phone.code()})
    assert confirmed.status_code == 200
    elsewhere.clock.advance(timedelta(seconds=1))
    assert (await browse.post("/account/totp/remove")).status_code == 409
    again = await came_back(browse, provider)
    assert again.headers["location"] == "/sign-in/totp?next=%2Fsettings%2Fkeys"
    elsewhere.clock.advance(timedelta(seconds=60))
    await browse.get("/sign-in/totp")
    assert await browse.does("/sign-in/totp", {"code": phone.code()}) == "/"
    await browse.get("/account/totp")
    await browse.does("/account/totp/remove")
    assert await elsewhere.owner.fetchval("SELECT count(*) FROM second_factors") == 0


async def test_a_provider_that_does_not_answer_is_said_so(elsewhere, visitors, provider):
    await provider.stop()
    answer = await (await visitors(elsewhere)).get("/sign-in/oidc")
    assert (answer.status_code, "The identity provider does not answer" in answer.text) == (503, True)


async def test_without_a_provider_there_is_no_such_way(console, visitors):
    nobody = await visitors(console)
    for path in ("/sign-in/oidc", "/sign-in/oidc/return?code=x&state=y"):
        assert (await nobody.get(path)).status_code == 404
    assert "Continue with" not in (await nobody.get("/sign-in")).text
