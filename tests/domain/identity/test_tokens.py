"""What a token says, and what is believed of one: no database needed."""

import base64
import json
import secrets
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import hypothesis
import hypothesis.strategies as st
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from tests.domain.identity.signing_in import written_out

from backhaul.domain.identity import tokens
from backhaul.domain.identity.tokens import Bearer, SigningKey

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ADA = Bearer(user_number=2, email="ada@example.com", org_number=317, valid_from=NOON - timedelta(days=1))
KEY = SigningKey(uuid4(), OctKey.import_key(secrets.token_bytes(32)), is_current=True)


def claims(now=NOON, **changes):
    return tokens.claims_for(ADA, now=now, lifetime_seconds=14_400, **changes)


def text(part):
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def forged(header, body, *, secret=KEY.secret.raw_value, algorithm="sha256"):
    """A token signed as told, whatever its header says."""
    import hmac

    signed = f"{text(header)}.{text(body)}"
    digest = hmac.digest(secret, signed.encode(), algorithm)
    return f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def believed(token):
    return tokens.key_id_of(token) == KEY.id and tokens.verified(token, KEY) is not None


def test_a_token_says_what_the_contract_shows_and_nothing_else():
    token = tokens.sign(claims(), KEY)
    header, body = written_out(token)
    assert header == {"alg": "HS256", "typ": "JWT", "kid": str(KEY.id)}
    noon = int(NOON.timestamp())
    assert body == {
        "id": 2,
        "email": "ada@example.com",
        "company_id": 317,
        "iat": noon,
        "exp": noon + 4 * 3600,
    }
    assert list(body) == ["id", "email", "company_id", "iat", "exp"]
    assert tokens.key_id_of(token) == KEY.id
    assert tokens.verified(token, KEY) == claims()


def test_any_reader_of_the_format_can_verify_it():
    read = jwt.decode(tokens.sign(claims(), KEY), KEY.secret, algorithms=["HS256"])
    assert read.claims["company_id"] == 317


def test_the_longest_address_fits():
    longest = Bearer(2**62, "ü" * 126 + "@ä", 2**62, NOON)
    token = tokens.sign(tokens.claims_for(longest, now=NOON, lifetime_seconds=1), KEY)
    assert len(token) < 2000 < tokens.MAX_LENGTH
    assert believed(token)


def header(**changes):
    return {"alg": "HS256", "typ": "JWT", "kid": str(KEY.id), **changes}


BODY = {"id": 2, "email": "ada@example.com", "company_id": 317, "iat": 1, "exp": 2}


def test_the_forger_can_forge():
    """What follows is refused for what it changes, not for how it is made."""
    assert believed(forged(header(), BODY))


@pytest.mark.parametrize(
    "changes",
    [
        {"alg": "none"},
        {"alg": "None"},
        {"alg": "RS256"},
        {"alg": "HS384"},
        {"alg": "HS512"},
        {"alg": None},
        {"alg": ["HS256"]},
        {"typ": "JWS"},
        {"kid": "../../etc/passwd"},
        {"kid": None},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"jku": "https://evil.example/keys"},
        {"crit": ["exp"]},
        {"b64": False},
        {"zip": "DEF"},
    ],
    ids=str,
)
def test_no_other_header_is_believed_even_with_a_right_signature(changes):
    assert not believed(forged(header(**changes), BODY))
    assert tokens.key_id_of(forged(header(**changes), BODY)) is None


@pytest.mark.parametrize(
    "changes",
    [{"role": "owner"}, {"id": "2"}, {"exp": 2.5}, {"exp": None}, {"iat": "now"}, {"company_id": True}],
    ids=str,
)
def test_no_other_claims_are_believed_even_with_a_right_signature(changes):
    assert not believed(forged(header(), {**BODY, **changes}))


def test_a_token_without_signature_is_not_believed():
    whole = tokens.sign(claims(), KEY)
    head, body, _ = whole.split(".")
    none = text({"alg": "none", "typ": "JWT", "kid": str(KEY.id)})
    for token in (f"{head}.{body}.", f"{head}.{body}", f"{none}.{body}.", f"{none}.{body}", f"{whole}.x"):
        assert not believed(token)


def test_one_algorithms_token_is_not_anothers():
    """Signed by HMAC with a public key, or by RSA and named HS256."""
    rsa = RSAKey.generate_key(2048)
    public = rsa.as_pem(private=False)
    for head in (header(), header(alg="RS256")):
        assert not believed(forged(head, BODY, secret=public))
    assert not believed(jwt.encode(header(alg="RS256"), BODY, rsa, algorithms=["RS256"]))
    assert not believed(forged(header(), BODY, algorithm="sha512"))


def test_a_changed_payload_or_another_key_is_not_believed():
    head, _, signature = tokens.sign(claims(), KEY).split(".")
    other = SigningKey(KEY.id, OctKey.import_key(secrets.token_bytes(32)), is_current=True)
    assert not believed(f"{head}.{text({**BODY, 'id': 3})}.{signature}")
    assert tokens.verified(tokens.sign(claims(), KEY), other) is None


@hypothesis.given(st.text() | st.from_regex(r"[A-Za-z0-9_=+/-]*\.[A-Za-z0-9_=+/-]*\.[A-Za-z0-9_=+/-]*"))
@hypothesis.example("\ud800.\ud800.\ud800")
@hypothesis.example("." * 5000)
@hypothesis.example(f"{text([])}..")
@hypothesis.example(base64.urlsafe_b64encode(b"[" * 2000).decode() + "..")
def test_garbage_is_refused_and_breaks_nothing(token):
    assert not believed(token)
    if token.isascii():
        assert tokens.verified(token, KEY) is None


@hypothesis.given(st.integers(0, 400), st.integers(0, 63))
def test_one_changed_character_is_noticed(at, which):
    token = tokens.sign(claims(), KEY)
    at %= len(token)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    changed = token[:at] + alphabet[which] + token[at + 1 :]
    assert believed(changed) == (changed == token)


INSTANTS = st.timedeltas(timedelta(0), timedelta(seconds=3)).map(NOON.__add__)


@hypothesis.given(INSTANTS, INSTANTS)
@hypothesis.example(NOON, NOON)
@hypothesis.example(NOON + timedelta(milliseconds=500), NOON + timedelta(milliseconds=500))
def test_a_token_issued_after_the_end_of_others_counts(ended, later):
    now = max(ended, later)
    bearer = Bearer(user_number=2, email="a@b", org_number=1, valid_from=ended)
    issued = tokens.claims_for(bearer, now=now, lifetime_seconds=10)
    assert not tokens.has_ended(issued, ended)
    assert abs(issued.iat - now.timestamp()) <= 1
    assert issued.exp - issued.iat == 10


@hypothesis.given(INSTANTS, INSTANTS)
def test_a_token_issued_before_the_end_does_not_count(issued, ended):
    hypothesis.assume(issued < ended)
    assert tokens.has_ended(claims(now=issued), ended)
