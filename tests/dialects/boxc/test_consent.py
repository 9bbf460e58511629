"""The page on which a member signs in and agrees: where it may lead, and where it may not."""

from urllib.parse import urlencode

import pytest

from tests.dialects.boxc.signing_in import CALLBACK, FORM, brought, consent, pkce

OWNER = "hr@example.com"
ISSUER = "http://127.0.0.1:8000"
PAGE = "/auth/v1/authorize"


async def codes(made, shop):
    return await made.owner.fetchval(
        "SELECT count(*) FROM authorization_codes WHERE client_id = $1", shop.client.id
    )


async def test_the_page_says_who_asks_for_what_and_needs_no_script(shop, browser):
    shown = await browser.get(PAGE, params=shop.asked())
    assert shown.status_code == 200
    assert shown.headers["content-type"].startswith("text/html")
    for text in ("Shop asks for access", "Maas Biolabs", "<code>openid</code>", "<code>returns</code>"):
        assert text in shown.text
    assert "<script" not in shown.text
    assert "<code>billing</code>" not in shown.text
    policy = shown.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert policy.endswith("form-action 'self' https://shop.example")
    assert shown.headers["cache-control"] == "no-store"
    cookie = shown.headers["set-cookie"]
    assert "; Path=/auth/v1/authorize; HttpOnly; SameSite=Strict" in cookie


async def test_agreeing_sends_the_browser_back_with_a_code_and_the_state(shop, browser):
    answer = await consent(browser, shop.asked(), email=OWNER)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(CALLBACK + "&code=")
    told = brought(answer)
    assert set(told) == {"shop", "code", "state", "iss"}
    assert (told["state"], told["iss"]) == ("a state & more", ISSUER)


async def test_what_was_agreed_to_is_in_the_clients_history(made, shop, browser):
    await consent(browser, shop.asked(), email=OWNER)
    row = await made.owner.fetchrow(
        "SELECT action, actor_kind, change::text FROM history WHERE subject_id = $1 ORDER BY id DESC LIMIT 1",
        shop.client.id,
    )
    assert tuple(row) == ("authorized", "user", '{"reason": [null, "scopes: openid returns"]}')


async def test_a_fragment_can_be_asked_for(shop, browser):
    answer = await consent(browser, shop.asked(response_mode="fragment"), email=OWNER)
    assert answer.headers["location"].startswith(CALLBACK + "#code=")
    assert set(brought(answer)) == {"code", "state", "iss"}


async def test_without_a_scope_the_page_asks_for_all_the_client_has(shop, browser):
    shown = await browser.get(PAGE, params=shop.asked(scope=None))
    for scope in ("openid", "returns", "billing", "read_webhooks", "write_webhooks"):
        assert f"<code>{scope}</code>" in shown.text


async def test_refusing_tells_the_client(made, shop, browser):
    answer = await consent(browser, shop.asked(), email="", password="", decision="deny")
    assert answer.status_code == 303
    assert (brought(answer)["error"], brought(answer)["state"]) == ("access_denied", "a state & more")
    assert await codes(made, shop) == 0


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"response_type": "id_token token"}, "unsupported_response_type"),
        ({"response_type": "none"}, "unsupported_response_type"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"scope": "returns everything"}, "invalid_scope"),
        ({"scope": "classify"}, "invalid_scope"),
        ({"nonce": "n" * 2049}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"code_challenge": "A" * 43}, "invalid_request"),
        ({"code_challenge": "A" * 43, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "A" * 42, "code_challenge_method": "S256"}, "invalid_request"),
        ({"code_challenge_method": "S256"}, "invalid_request"),
    ],
)
async def test_what_cannot_be_asked_is_told_to_the_client_by_a_redirect(shop, browser, changes, error):
    asked = shop.asked(**changes)
    answer = await browser.get(PAGE, params=asked)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(CALLBACK)
    told = brought(answer)
    assert (told["error"], told["state"], told["iss"]) == (error, "a state & more", ISSUER)
    assert ("#" in answer.headers["location"]) == ("token" in (changes.get("response_type") or ""))
    assert "code" not in told


@pytest.mark.parametrize(
    "redirect_uri",
    [
        None,
        "",
        "https://shop.example/callback",
        "https://shop.example/callback?shop=7&more=1",
        "https://shop.example/callback?shop=7#x",
        "HTTPS://shop.example/callback?shop=7",
        "https://shop.example:443/callback?shop=7",
        "https://shop.example/x/../callback?shop=7",
        "https://shop.example.evil.example/callback?shop=7",
        "https://shop.example@evil.example/callback?shop=7",
        "//shop.example/callback?shop=7",
        "javascript:alert(1)",
        "https://shop.example/callback?shop=7\r\nset-cookie: x=1",
    ],
)
async def test_nobody_is_sent_to_an_address_that_is_not_registered(made, shop, browser, redirect_uri):
    asked = shop.asked(redirect_uri=redirect_uri)
    for answer in (
        await browser.get(PAGE, params=asked),
        await browser.get(PAGE, params={**asked, "response_type": "token"}),
        await browser.post(PAGE, content=urlencode({**asked, "decision": "deny"}), headers=FORM),
    ):
        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert "not registered" in answer.text
    assert await codes(made, shop) == 0


@pytest.mark.parametrize("client_id", [None, "", "0" * 32, "x" * 100, "ö", "\x00"])
async def test_an_unknown_client_is_a_page_and_no_redirect(shop, browser, client_id):
    answer = await browser.get(PAGE, params=shop.asked(client_id=client_id))
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert answer.headers["content-type"].startswith("text/html")


async def test_a_parameter_sent_twice_is_a_page_and_no_redirect(shop, browser):
    answer = await browser.get(f"{PAGE}?{urlencode(shop.asked())}&redirect_uri=https://evil.example/")
    assert (answer.status_code, "location" in answer.headers) == (400, False)


@pytest.mark.parametrize(
    ("email", "password"),
    [(OWNER, "wrong"), ("nobody@example.com", "wrong"), ("", ""), ("stranger@example.net", None)],
)
async def test_only_a_member_with_the_right_password_can_agree(made, shop, browser, email, password):
    await made.token("stranger")  # has a password, in another organization
    given = {} if password is None else {"password": password}
    answer = await consent(browser, shop.asked(), email=email, **given)
    assert answer.status_code == 403
    assert "Invalid email or password." in answer.text
    assert "location" not in answer.headers
    assert await codes(made, shop) == 0


async def test_what_somebody_typed_is_shown_as_text(shop, browser):
    answer = await consent(browser, shop.asked(state='"><b>'), email='"><script>x</script>')
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "<b>" not in answer.text


async def test_guessing_passwords_is_slowed(shop, browser):
    """The 31st failure has to wait, and a few more where forgiveness has set in meanwhile."""
    refusals = 0
    while refusals < 90:
        answer = await consent(browser, shop.asked(), email="viewer@example.com", password="wrong")
        if answer.status_code != 403:
            break
        refusals += 1
    assert refusals >= 30
    assert answer.status_code == 429
    assert "Too many failed attempts" in answer.text


async def test_a_form_from_elsewhere_is_not_taken(made, shop, browser):
    """Without the cookie that this browser was given with the page, right credentials count for nothing."""
    asked = {
        **shop.asked(),
        "email": OWNER,
        "password": "correct horse battery staple",
        "decision": "approve",
    }
    for token in ({}, {"form_token": ""}, {"form_token": "x" * 43}):
        answer = await browser.post(PAGE, content=urlencode({**asked, **token}), headers=FORM)
        assert answer.status_code == 403
        assert "This form is too old" in answer.text
        browser.cookies.clear()
    for changes in ({"form_token": "x" * 43}, {"form_token": None}):
        answer = await consent(browser, shop.asked(), email=OWNER, **changes)
        assert answer.status_code == 403
    assert await codes(made, shop) == 0


async def test_what_the_form_carries_is_checked_again(made, shop, browser):
    answer = await consent(browser, shop.asked(), email=OWNER, redirect_uri="https://evil.example/")
    assert (answer.status_code, "location" in answer.headers) == (400, False)
    answer = await consent(browser, shop.asked(), email=OWNER, scope="classify")
    assert brought(answer)["error"] == "invalid_scope"
    assert await codes(made, shop) == 0


async def test_a_challenge_is_kept_with_the_code(made, shop, browser):
    _, challenge = pkce()
    asked = shop.asked(code_challenge=challenge, code_challenge_method="S256")
    assert "code" in brought(await consent(browser, asked, email=OWNER))
    kept = await made.owner.fetchval(
        "SELECT code_challenge FROM authorization_codes WHERE client_id = $1", shop.client.id
    )
    assert kept == challenge
