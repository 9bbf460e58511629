"""Whose token is believed: genuine ones of this installation, for this API, in their time."""

import asyncio
import base64
import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey

from backhaul.domain.identity import OPERATOR_ORG_ID, system_actor
from backhaul.domain.identity.clients import rotate_client_signing_key
from tests.dialects.boxc.signing_in import program
from tests.domain.identity.signing_in import written_out

ME = "/v1/users/me"
JWKS = "/auth/v1/jwks.json"


async def refused(shop, token, *, number=1005, status=401):
    answer = await shop.call("GET", ME, token=token)
    assert (answer.status_code, answer.json()["code"]) == (status, number), answer.text
    return True


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def keyring(made):
    return made.app.litestar.state.serving.authenticator.clients.keys


async def signed(made, token, *, key=None, header=None, **claims):
    """A token like another one, with some claims changed, signed with our key unless told otherwise."""
    pair = await keyring(made).current()
    old_header, old_claims = written_out(token)
    payload = json.dumps({**old_claims, **claims}).encode()
    algorithm = (header or {}).get("alg", "RS256")
    return jws.serialize_compact(
        {**old_header, **(header or {})}, payload, key or pair.private, algorithms=[algorithm]
    )


async def test_a_token_like_ours_is_believed(made, shop):
    """The tests below would prove nothing if a token put together like this were refused for another reason."""
    token = await signed(made, await shop.token())
    assert (await shop.call("GET", ME, token=token)).status_code == 200


async def test_a_token_without_a_signature_is_refused(shop):
    header, claims = written_out(await shop.token())
    for algorithm in ("none", "None", "NONE", ""):
        bare = f"{encoded({**header, 'alg': algorithm})}.{encoded(claims)}."
        assert await refused(shop, bare)
        assert await refused(shop, bare.rstrip("."))


async def test_a_token_signed_with_the_public_key_as_a_password_is_refused(made, shop):
    token = await shop.token()
    published = (await made.app.request("GET", JWKS)).json()["keys"][0]
    pem = RSAKey.import_key(published).as_pem(private=False)
    for secret in (pem, pem.strip(), json.dumps(published).encode()):
        # joserfc refuses to make such a key: put together by hand
        header, claims = written_out(token)
        text = f"{encoded({**header, 'alg': 'HS256'})}.{encoded(claims)}"
        import hashlib
        import hmac

        signature = hmac.digest(secret, text.encode(), hashlib.sha256)
        forged = f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
        assert await refused(shop, forged)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "http://127.0.0.1:8000"},
        {"aud": "https://elsewhere.example/v1"},
        {"aud": ["http://127.0.0.1:8000/v1"]},
        {"iss": "https://elsewhere.example"},
        {"iss": "http://127.0.0.1:8000/"},
        {"exp": "never"},
        {"admin": True},
        {"jti": None},
        {"jti": "018f0000-0000-7000-8000-000000000000"},
        {"client_id": "0" * 32},
    ],
    ids=str,
)
async def test_a_genuine_signature_over_other_claims_is_refused(made, shop, claims):
    assert await refused(shop, await signed(made, await shop.token(), **claims))


async def test_a_token_of_another_client_under_this_ones_name_is_refused(made, shop):
    other = await program(made, "stranger")
    token = await signed(made, await shop.token(), client_id=other.client.client_id)
    assert await refused(shop, token)


async def test_a_token_of_another_key_is_refused(made, shop):
    token = await shop.token()
    stranger = RSAKey.generate_key(2048)
    assert await refused(shop, await signed(made, token, key=stranger))
    assert await refused(shop, await signed(made, token, key=stranger, header={"kid": str(uuid4())}))
    assert await refused(shop, await signed(made, token, header={"kid": str(uuid4())}))
    for header in (
        {"kid": "1"},
        {"jku": "https://evil.example/keys"},
        {"typ": "at+jwt"},
        {"crit": ["x"], "x": 1},
    ):
        made_header = {**written_out(token)[0], **header}
        _, claims, signature = token.split(".")
        assert await refused(shop, f"{encoded(made_header)}.{claims}.{signature}")


async def test_a_changed_token_is_refused(shop):
    token = await shop.token()
    header, claims, signature = token.split(".")
    other = encoded({**written_out(token)[1], "scope": "returns billing"})
    for changed in (
        f"{header}.{other}.{signature}",
        f"{header}.{claims}.",
        token + "A",
        token[:-2],
        "x" * 5000,
    ):
        assert await refused(shop, changed)


async def test_other_tokens_of_this_installation_do_not_open_this_api(made, shop):
    assert await refused(shop, await made.token("owner"))
    assert await refused(shop, made.keys["owner"])
    token = await shop.token()
    answer = await made.app.request("GET", "/api/v1/employees", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 401


async def test_a_call_without_a_token_is_refused_in_this_dialects_words(made):
    for headers in ({}, {"authorization": ""}, {"authorization": "Token x"}, {"authorization": "Bearer"}):
        answer = await made.app.request("GET", ME, headers=headers)
        assert answer.status_code == 401
        assert answer.json() == {
            "status": "error",
            "code": 1005,
            "message": "Invalid access token",
            "errors": ["Invalid access token"],
        }
        assert answer.headers["www-authenticate"] == 'Bearer realm="Backhaul"'


async def test_an_expired_token_is_refused_from_that_second_on(own_installation):
    shop = await program(own_installation)
    token = await shop.token()
    own_installation.clock.advance(timedelta(seconds=315_360_000 - 1))
    assert (await shop.call("GET", ME, token=token)).status_code == 200
    own_installation.clock.advance(timedelta(seconds=1))
    assert await refused(shop, token)


async def test_the_old_header_means_nothing(shop):
    for value in (shop.client.client_id, "0" * 32, ""):
        answer = await shop.call("GET", ME, headers={"x-boxc-client-id": value})
        assert answer.status_code == 200


async def test_rotation_keeps_what_the_former_key_signed_until_it_expires(own_installation):
    made = own_installation
    shop = await program(made)
    before = await shop.token()
    (first,) = (await made.app.request("GET", JWKS)).json()["keys"]
    assert set(first) == {"n", "e", "kty", "kid", "use", "alg"}
    operator = system_actor(OPERATOR_ORG_ID)
    await rotate_client_signing_key(made.db, actor=operator, now=made.clock.now())
    for _ in range(200):
        published = [key["kid"] for key in (await made.app.request("GET", JWKS)).json()["keys"]]
        if len(published) == 2:
            break
        await asyncio.sleep(0.02)
    assert published[1] == first["kid"]
    after = await shop.token()
    assert written_out(after)[0]["kid"] == published[0]
    for token in (before, after):
        assert (await shop.call("GET", ME, token=token)).status_code == 200
    rows = await made.owner.fetch(
        "SELECT sealed_private_key IS NULL AS gone FROM client_signing_keys ORDER BY created_at, retired_at NULLS LAST"
    )
    assert [row["gone"] for row in rows] == [True, False]
    made.clock.advance(timedelta(seconds=315_360_000))
    keyring(made).forget()
    published = [key["kid"] for key in (await made.app.request("GET", JWKS)).json()["keys"]]
    assert published == [written_out(after)[0]["kid"]]


async def test_a_leaked_key_takes_its_tokens_along(own_installation):
    made = own_installation
    shop = await program(made)
    before = await shop.token()
    assert (await shop.call("GET", ME, token=before)).status_code == 200
    operator = system_actor(OPERATOR_ORG_ID)
    await rotate_client_signing_key(made.db, actor=operator, now=made.clock.now(), ends_tokens=True)
    for _ in range(200):
        answer = await shop.call("GET", ME, token=before)
        if answer.status_code == 401:
            break
        await asyncio.sleep(0.02)
    assert (answer.status_code, answer.json()["code"]) == (401, 1005)
    assert (await shop.call("GET", ME)).status_code == 200


async def test_the_private_key_is_nowhere_in_clear(made, shop):
    """What stands in the table, and so in any log of statements, opens only with the installation's secret."""
    await shop.token()
    pair = await keyring(made).current()
    secret = pair.private.as_dict(private=True)["d"]
    row = await made.owner.fetchval("SELECT client_signing_keys::text FROM client_signing_keys")
    assert secret not in row
    assert "PRIVATE KEY" not in row


async def test_two_processes_that_need_the_first_key_share_one(own_installation, tmp_path):
    from tests.dialects.mounting import mounted

    made = own_installation
    async with mounted(made.database_url, tmp_path, clock=made.clock) as other:
        answers = await asyncio.gather(
            *(app.request("GET", JWKS) for app in (made.app, other, made.app, other))
        )
    assert len({answer.text for answer in answers}) == 1
    assert len(answers[0].json()["keys"]) == 1


async def test_a_clients_library_finds_everything(made):
    answers = [
        await made.app.request("GET", f"/.well-known/{name}")
        for name in ("openid-configuration", "oauth-authorization-server")
    ]
    assert answers[0].text == answers[1].text
    described = answers[0].json()
    assert described["issuer"] == "http://127.0.0.1:8000"
    assert described["token_endpoint"] == "http://127.0.0.1:8000/auth/v1/token"
    assert described["jwks_uri"] == "http://127.0.0.1:8000/auth/v1/jwks.json"
    assert described["code_challenge_methods_supported"] == ["S256"]
    for name in ("token_endpoint", "revocation_endpoint", "authorization_endpoint", "jwks_uri"):
        path = described[name].removeprefix(described["issuer"])
        method = "POST" if name in {"token_endpoint", "revocation_endpoint"} else "GET"
        assert (await made.app.request(method, path)).status_code not in {404, 405}


def test_an_oct_key_cannot_be_mistaken_for_ours():
    """The header names the algorithm before any key is looked for."""
    from backhaul.domain.identity.clients.tokens import key_id_of

    header = {"alg": "HS256", "typ": "JWT", "kid": str(UUID(int=1))}
    forged = jws.serialize_compact(header, b"{}", OctKey.import_key(b"x" * 32), algorithms=["HS256"])
    assert key_id_of(forged) is None
    assert key_id_of(f"{encoded({**header, 'alg': 'RS256'})}.e30.x") == UUID(int=1)
