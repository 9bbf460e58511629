"""Tokens over time: what ends them, what renews them, and how guessing is slowed."""

import base64
import json
from datetime import UTC, datetime, timedelta

from backhaul.domain.identity import (
    OPERATOR_ORG_ID,
    ThrottleSettings,
    address_name,
    disable_user,
    set_password,
    system_actor,
)
from tests.dialects.installation import PASSWORD

NO_TOKEN = "Authentication token is missing or invalid"


def claims_of(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


async def look(made, token):
    headers = {"authorization": f"Bearer {token}"}
    answer = await made.app.request("GET", "/api/v1/assets", headers=headers, address=made.address())
    body = answer.json()
    return answer.status_code, body.get("message"), body.get("error", {}).get("code")


async def sign_in(made, *, password=PASSWORD, address=None):
    return await made.call_as(
        None,
        "POST",
        "/api/v1/auth/login",
        json={"email": "hr@example.com", "password": password},
        address=address,
    )


async def refresh(made, token):
    answer = await made.call_as(None, "POST", "/api/v1/refresh-token", json={"refresh_token": token})
    return answer.status_code, answer.json()


async def test_a_token_lives_four_hours_and_is_refreshable_for_a_while_after(own_installation):
    made, clock = own_installation, own_installation.clock
    token = await made.token("owner")
    claims = claims_of(token)
    assert list(claims) == ["id", "email", "company_id", "iat", "exp"]
    assert claims["email"] == "hr@example.com"
    assert claims["company_id"] == made.organizations["ours"].number
    assert claims["exp"] - claims["iat"] == 4 * 3600
    expires_at = datetime.fromtimestamp(claims["exp"], UTC)
    clock.advance(expires_at - clock.now() - timedelta(seconds=1))
    assert await look(made, token) == (200, None, None)
    clock.advance(timedelta(seconds=1))
    assert await look(made, token) == (401, NO_TOKEN, "TOKEN_EXPIRED")
    clock.advance(timedelta(hours=23))
    status, body = await refresh(made, token)
    assert (status, body["message"]) == (200, "Token has been refreshed successfully.")
    assert await look(made, body["token"]) == (200, None, None)
    clock.advance(timedelta(hours=1))
    status, body = await refresh(made, token)
    assert (status, body["message"], body["error"]["code"]) == (
        401,
        "Invalid token",
        "IDENTITY_REFRESH_REFUSED",
    )


async def test_a_new_password_revokes_and_a_revoked_token_is_not_refreshed(own_installation):
    made = own_installation
    token = await made.token("owner")
    assert (await look(made, token))[0] == 200
    made.clock.advance(timedelta(seconds=2))
    operator, now = system_actor(OPERATOR_ORG_ID), made.clock.now()
    await set_password(
        made.db, actor=operator, user_id=made.actors["owner"].user_id, password="another long one", now=now
    )
    status, body = await refresh(made, token)
    assert (status, body["message"]) == (403, "Refresh token has been revoked")
    assert body["error"]["code"] == "IDENTITY_REFRESH_REVOKED"
    assert (await sign_in(made)).status_code == 401
    assert (await sign_in(made, password="another long one")).status_code == 200


async def test_a_disabled_account_cannot_sign_in(own_installation):
    made = own_installation
    await made.token("owner")
    operator, now = system_actor(OPERATOR_ORG_ID), made.clock.now()
    await disable_user(made.db, actor=operator, user_id=made.actors["owner"].user_id, now=now)
    answer = await sign_in(made)
    assert (answer.status_code, answer.json()["message"]) == (401, "Invalid email or password")


async def test_guessing_is_slowed_and_told_when_to_come_back(own_installation):
    made = own_installation
    guesser = "192.0.2.77"
    throttle = made.app.litestar.state.serving.authenticator.throttle
    for _ in range(ThrottleSettings().burst):
        throttle.fail(address_name(guesser, tried="password"))
    answer = await sign_in(made, password="guess", address=guesser)
    body = answer.json()
    assert (answer.status_code, body["error"]["code"]) == (429, "IDENTITY_TOO_MANY_ATTEMPTS")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert body["message"] == body["error"]["message"]
    assert body["message"].startswith("Too many failed attempts. Please wait ")


async def test_a_client_that_goes_on_with_a_bad_token_keeps_nobody_beside_it_from_signing_in(
    own_installation,
):
    made = own_installation
    await made.token("owner")  # which gives them a password
    office = {"address": "192.0.2.78"}
    headers = {"authorization": "Bearer a.b.c"}
    for _ in range(ThrottleSettings().burst):
        assert (await made.app.request("GET", "/api/v1/assets", headers=headers, **office)).status_code == 401
    assert (await made.app.request("GET", "/api/v1/assets", headers=headers, **office)).status_code == 429
    assert (await sign_in(made, **office)).status_code == 200


async def test_any_plan_may_sign_in(own_installation):
    """The plans are another contract's rule."""
    made = own_installation
    made.actors["free"] = await made.person(made.organizations["free"], "director@example.org")
    assert await look(made, await made.token("free")) == (200, None, None)
