"""Access tokens by client credentials and by code; how they end."""

import asyncio
from datetime import timedelta

import pytest

from backhaul.domain.identity import (
    OPERATOR_ORG_ID,
    disable_user,
    operator_actor,
    remove_member,
    system_actor,
)
from backhaul.domain.identity.clients import disable_client, rotate_client_secret
from tests.dialects.boxc.signing_in import CALLBACK, code_for, pkce, program
from tests.domain.identity.signing_in import written_out

ME = "/v1/users/me"
OWNER = "hr@example.com"


async def exchange(shop, code, **changes):
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **changes}
    return await shop.ask("token", **{name: value for name, value in fields.items() if value is not None})


def refused(answer, error, status=400):
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.text
    assert set(answer.json()) == {"error", "error_description"}
    assert answer.headers["cache-control"] == "no-store"
    return True


async def test_client_credentials_answer_as_documented(own_installation):
    shop = await program(own_installation)
    answer = await shop.ask("token", grant_type="client_credentials")
    assert answer.status_code == 200
    body = answer.json()
    assert list(body) == ["token_type", "access_token", "expires_in"]
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 315360000)
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")
    header, claims = written_out(body["access_token"])
    assert (header["alg"], header["typ"]) == ("RS256", "JWT")
    me = await shop.call("GET", ME, token=body["access_token"])
    number = me.json()["user"]["id"]
    at = int(own_installation.clock.now().timestamp())
    assert claims == {
        "iss": "http://127.0.0.1:8000",
        "iat": at,
        "exp": at + 315360000,
        "aud": "http://127.0.0.1:8000/v1",
        "sub": str(number),
        "client_id": shop.client.client_id,
        "scope": "returns billing read_webhooks write_webhooks",
        "jti": claims["jti"],
    }


async def test_credentials_may_stand_in_the_form(own_installation):
    shop = await program(own_installation)
    given = {"client_id": shop.client.client_id, "client_secret": shop.secret}
    answer = await shop.ask("token", headers={}, grant_type="client_credentials", **given)
    assert answer.status_code == 200


async def test_a_wrong_secret_another_clients_secret_and_a_disabled_client_are_refused(own_installation):
    shop, other = await program(own_installation), await program(own_installation, name="Other")
    wrong = {"client_id": shop.client.client_id, "client_secret": other.secret}
    for fields in (
        {},
        wrong,
        {**wrong, "client_secret": "x"},
        {"client_id": "\udfff".encode("utf-8", "replace").decode()},
    ):
        answer = await shop.ask("token", headers={}, grant_type="client_credentials", **fields)
        assert refused(answer, "invalid_client", 401)
        assert answer.headers["www-authenticate"] == 'Basic realm="Backhaul"'
    both = await shop.ask("token", grant_type="client_credentials", client_secret=shop.secret)
    assert refused(both, "invalid_request")
    for scheme in ("Bearer x", "Basic !", "Basic eA==", "Basic /w=="):
        answer = await shop.ask("token", headers={"authorization": scheme}, grant_type="client_credentials")
        assert refused(answer, "invalid_client", 401)
    actor = operator_actor(own_installation.organizations["ours"])
    now = own_installation.clock.now()
    await disable_client(own_installation.db, actor=actor, client_id=shop.client.client_id, now=now)
    assert refused(await shop.ask("token", grant_type="client_credentials"), "invalid_client", 401)
    assert await other.token()


async def test_guessing_secrets_is_slowed(own_installation):
    shop = await program(own_installation)
    wrong = {"client_id": shop.client.client_id, "client_secret": "bhc_" + "A" * 43}
    statuses = []
    for _ in range(32):
        answer = await own_installation.app.request(
            "POST", "/auth/v1/token", data={"grant_type": "client_credentials", **wrong}, address="10.9.9.9"
        )
        statuses.append(answer.status_code)
    assert statuses == [401] * 30 + [429] * 2
    assert answer.json()["error"] == "temporarily_unavailable"
    assert answer.headers["retry-after"] == "2"


async def test_requests_that_say_nothing_useful_are_refused_by_their_names(own_installation):
    shop = await program(own_installation)
    assert refused(await shop.ask("token"), "invalid_request")
    assert refused(await shop.ask("token", grant_type="password"), "unsupported_grant_type")
    for scope in ("read_orders", "returns nothing", "openid"):
        answer = await shop.ask("token", grant_type="client_credentials", scope=scope)
        assert refused(answer, "invalid_scope")
    for path in ("", "/auth/v1", "/auth/v1/", "/auth/v1/nothing"):
        if path:
            answer = await own_installation.app.request("GET", path)
            assert (answer.status_code, answer.json()["error"]) == (404, "invalid_request")
    answer = await own_installation.app.request("GET", "/auth/v1/token")
    assert (answer.status_code, answer.json()["error"]) == (405, "invalid_request")
    twice = await own_installation.app.request(
        "POST", "/auth/v1/token", content="grant_type=a&grant_type=b", headers=shop.basic
    )
    assert refused(twice, "invalid_request")
    for content in (b"\xff=\xfe", b"a=%ff", b"a=%00", b"&".join(b"a%d=1" % n for n in range(60))):
        answer = await own_installation.app.request(
            "POST", "/auth/v1/token", content=content, headers=shop.basic
        )
        assert refused(answer, "invalid_request")


async def test_a_narrower_scope_is_all_a_token_gets(own_installation):
    shop = await program(own_installation)
    token = await shop.token(scope="billing")
    assert written_out(token)[1]["scope"] == "billing"


async def test_a_code_brings_both_tokens(own_installation):
    shop = await program(own_installation)
    answer = await exchange(shop, await code_for(shop, OWNER))
    assert answer.status_code == 200
    body = answer.json()
    assert list(body) == ["token_type", "access_token", "expires_in", "id_token"]
    me = await shop.call("GET", ME, token=body["access_token"])
    assert me.json()["user"]["email"] == OWNER
    _, claims = written_out(body["id_token"])
    at = int(own_installation.clock.now().timestamp())
    assert claims == {
        "iss": "http://127.0.0.1:8000",
        "iat": at,
        "exp": at + 3600,
        "aud": shop.client.client_id,
        "sub": str(me.json()["user"]["id"]),
        "nonce": "n-1",
    }
    as_access = await shop.call("GET", ME, token=body["id_token"])
    assert (as_access.status_code, as_access.json()["code"]) == (401, 1005)


async def test_without_openid_there_is_no_id_token(own_installation):
    shop = await program(own_installation)
    answer = await exchange(shop, await code_for(shop, OWNER, scope="returns"))
    assert list(answer.json()) == ["token_type", "access_token", "expires_in"]


async def test_a_code_is_good_once_and_its_second_use_ends_what_the_first_brought(own_installation):
    shop = await program(own_installation)
    code = await code_for(shop, OWNER)
    token = (await exchange(shop, code)).json()["access_token"]
    own = await shop.token()
    assert (await shop.call("GET", ME, token=token)).status_code == 200
    assert refused(await exchange(shop, code), "invalid_grant")
    await until_refused(shop, token)
    assert (await shop.call("GET", ME, token=own)).status_code == 200


async def until_refused(shop, token):
    """Wait for the notice of a revocation; it has 30 seconds by the rule, and needs a moment."""
    for _ in range(200):
        answer = await shop.call("GET", ME, token=token)
        if answer.status_code != 200:
            assert (answer.status_code, answer.json()["code"]) == (403, 1008)
            assert answer.json()["message"] == "Forbidden: Authorization revoked"
            return
        await asyncio.sleep(0.02)
    pytest.fail("the token is still believed")


async def test_a_code_of_another_client_stays_good_for_its_own(own_installation):
    shop, thief = await program(own_installation), await program(own_installation, name="Thief")
    foreign = await program(own_installation, "stranger", name="Foreign")
    code = await code_for(shop, OWNER)
    for other in (thief, foreign):
        assert refused(await exchange(other, code), "invalid_grant")
    assert (await exchange(shop, code)).status_code == 200


async def test_a_code_needs_its_redirect_uri_and_its_time(own_installation):
    shop = await program(own_installation)
    code = await code_for(shop, OWNER)
    assert refused(await exchange(shop, code, redirect_uri=CALLBACK + "x"), "invalid_grant")
    assert refused(await exchange(shop, code, redirect_uri=None), "invalid_request")
    assert refused(await exchange(shop, None), "invalid_request")
    assert refused(await exchange(shop, "A" * 43), "invalid_grant")
    assert refused(await exchange(shop, "ö"), "invalid_grant")
    own_installation.clock.advance(timedelta(seconds=60))
    assert refused(await exchange(shop, code), "invalid_grant")


async def test_a_code_with_a_challenge_needs_its_verifier(own_installation):
    shop = await program(own_installation)
    verifier, challenge = pkce()
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}
    code = await code_for(shop, OWNER, **asked)
    for wrong in (None, challenge, verifier + "x"):
        assert refused(await exchange(shop, code, code_verifier=wrong), "invalid_grant")
    assert (await exchange(shop, code, code_verifier=verifier)).status_code == 200
    unannounced = await code_for(shop, OWNER)
    assert refused(await exchange(shop, unannounced, code_verifier=verifier), "invalid_grant")


async def test_of_many_who_bring_a_code_at_once_one_is_served(own_installation):
    shop = await program(own_installation)
    code = await code_for(shop, OWNER)
    answers = await asyncio.gather(*(exchange(shop, code) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7
    live = await own_installation.owner.fetchval(
        "SELECT count(*) FROM client_tokens WHERE revoked_at IS NULL"
    )
    assert live == 0


async def test_revoking_an_account_ends_all_its_tokens_of_this_client_alone(own_installation):
    shop, other = await program(own_installation), await program(own_installation, name="Other")
    own, given = (
        await shop.token(),
        (await exchange(shop, await code_for(shop, OWNER))).json()["access_token"],
    )
    others = await other.token()
    number = written_out(own)[1]["sub"]
    for token in (own, given, others):
        assert (await shop.call("GET", ME, token=token)).status_code == 200
    assert refused(await shop.ask("revoke"), "invalid_request")
    assert refused(await shop.ask("revoke", sub="one"), "invalid_request")
    assert refused(await shop.ask("revoke", headers={}, sub=number), "invalid_client", 401)
    assert (await shop.ask("revoke", sub="999999")).status_code == 200
    assert (await shop.call("GET", ME, token=own)).status_code == 200
    answer = await shop.ask("revoke", sub=number)
    assert (answer.status_code, answer.content) == (200, b"")
    for token in (own, given):
        await until_refused(shop, token)
    assert (await shop.call("GET", ME, token=others)).status_code == 200
    assert (await shop.call("GET", ME, token=await shop.token())).status_code == 200


async def test_revoking_a_token_ends_that_one(own_installation):
    shop, other = await program(own_installation), await program(own_installation, name="Other")
    first, second = await shop.token(), await shop.token()
    assert (await shop.call("GET", ME, token=first)).status_code == 200
    for token in ("nonsense", "a.b.c", first):  # the last by who it was not given to
        assert (await other.ask("revoke", token=token)).status_code == 200
    assert (await shop.call("GET", ME, token=first)).status_code == 200
    answer = await shop.ask("revoke", token=first, token_type_hint="access_token")
    assert (answer.status_code, answer.content) == (200, b"")
    await until_refused(shop, first)
    assert (await shop.call("GET", ME, token=second)).status_code == 200
    assert (await shop.ask("revoke", token=first)).status_code == 200


async def test_disabling_the_client_ends_its_tokens_and_another_secret_does_not(own_installation):
    made, shop = own_installation, await program(own_installation)
    token = await shop.token()
    assert (await shop.call("GET", ME, token=token)).status_code == 200
    actor = operator_actor(made.organizations["ours"])
    given = {"actor": actor, "client_id": shop.client.client_id, "now": made.clock.now()}
    made.clock.advance(timedelta(seconds=1))
    _, secret = await rotate_client_secret(made.db, **{**given, "now": made.clock.now()})
    assert refused(await shop.ask("token", grant_type="client_credentials"), "invalid_client", 401)
    shop.secret = secret
    assert await shop.token()
    assert (await shop.call("GET", ME, token=token)).status_code == 200
    await disable_client(made.db, **given)
    await until_refused(shop, token)


@pytest.mark.parametrize("ending", ["disabled", "removed"])
async def test_the_members_end_is_the_tokens_end(own_installation, ending):
    made = own_installation
    shop = await program(made)
    colleague = made.actors["colleague"]
    await made.token("colleague")
    given = (await exchange(shop, await code_for(shop, "colleague@example.com"))).json()["access_token"]
    assert (await shop.call("GET", ME, token=given)).json()["user"]["email"] == "colleague@example.com"
    now = made.clock.now()
    if ending == "disabled":
        await disable_user(made.db, actor=system_actor(OPERATOR_ORG_ID), user_id=colleague.user_id, now=now)
    else:
        actor = operator_actor(made.organizations["ours"])
        await remove_member(made.db, actor=actor, user_id=colleague.user_id, now=now)
    await until_refused(shop, given)
    assert (await shop.call("GET", ME)).status_code == 200
