"""An OpenID Connect provider over the safe caller: discovery, keys, and a code exchanged for a verified address."""

import base64
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from backhaul.adapters.outgoing.calling import Answered, CallFailed, SafeCaller
from backhaul.domain.identity.federation.errors import EmailUnverified, ProviderRefused
from backhaul.domain.identity.federation.freshness import proved_at
from backhaul.domain.identity.federation.model import Attempt, ProviderSettings, Vouched
from backhaul.kernel.errors import Unavailable

ALGORITHMS = [
    "RS256",
    "PS256",
    "ES256",
    "EdDSA",
]  # none that is keyed with the client's secret, and never "none"
LEEWAY_SECONDS = 60  # between our clock and theirs
_KEPT_SECONDS = 3600.0
_LOOK_AGAIN_SECONDS = 30.0  # between two searches for keys that nobody knows
_FORM = ("content-type", "application/x-www-form-urlencoded")
_OK = 200
_WHAT = "The identity provider"

Wanted = TypeVar("Wanted", bound=msgspec.Struct)


class Discovered(msgspec.Struct, frozen=True):
    """What a provider says of itself (OpenID Connect Discovery §3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class Exchanged(msgspec.Struct, frozen=True):
    """What a code was exchanged for; nothing but the identity is used."""

    id_token: str


class OidcProvider:
    """Asks one provider. What it says of itself, and its keys, are kept for an hour."""

    def __init__(
        self,
        caller: SafeCaller,
        settings: ProviderSettings,
        *,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._caller = caller
        self._settings = settings
        self._ticks = ticks
        self._discovered: tuple[float, Discovered] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def question(self, attempt: Attempt) -> str:
        """Return where the browser goes."""
        discovered = await self._discover()
        # The same as `prompt=login`, and the answer has to say when they signed in (OpenID Connect Core §3.1.2.1).
        anew = {} if attempt.fresh_after is None else {"max_age": "0"}
        query = urlencode(
            {
                "response_type": "code",
                "client_id": self._settings.client_id,
                "redirect_uri": self._settings.redirect_uri,
                "scope": " ".join(self._settings.scopes),
                "state": attempt.state,
                "nonce": attempt.nonce,
                "code_challenge": attempt.challenge,
                "code_challenge_method": "S256",
                **anew,
            }
        )
        joint = "&" if "?" in discovered.authorization_endpoint else "?"
        return f"{discovered.authorization_endpoint}{joint}{query}"

    async def vouched(self, attempt: Attempt, *, code: str, now: datetime) -> Vouched:
        """Return who came back with a code."""
        discovered = await self._discover()
        exchanged = await self._exchange(discovered, attempt, code)
        claims = await self._claims(discovered, exchanged.id_token, attempt, now)
        if claims.get("email_verified") is not True:
            raise EmailUnverified
        email = claims.get("email")
        if not isinstance(email, str):
            raise ProviderRefused(reason="it names no e-mail address")
        return Vouched(email=email, proved_at=proved_at(attempt, claims.get("auth_time"), now=now))

    async def _discover(self) -> Discovered:
        if self._discovered is None or self._ticks() - self._discovered[0] > _KEPT_SECONDS:
            issuer = self._settings.issuer
            url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
            found = _read(await self._call("GET", url), Discovered)
            if found.issuer != issuer:  # one provider must not speak for another (Discovery §4.3)
                raise Unavailable(what=_WHAT)
            self._discovered = (self._ticks(), found)
        return self._discovered[1]

    async def _exchange(self, discovered: Discovered, attempt: Attempt, code: str) -> Exchanged:
        settings = self._settings
        user, password = quote(settings.client_id, safe=""), quote(settings.client_secret, safe="")
        proof = base64.b64encode(f"{user}:{password}".encode()).decode()
        body = urlencode(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": settings.redirect_uri,
                "code_verifier": attempt.verifier,
            }
        ).encode()
        headers = [_FORM, ("authorization", f"Basic {proof}"), ("accept", "application/json")]
        answered = await self._call("POST", discovered.token_endpoint, headers=headers, body=body)
        if 400 <= answered.status < 500:  # noqa: PLR2004 -- it was understood and refused
            raise ProviderRefused(reason="the identity provider does not take the code")
        return _read(answered, Exchanged)

    async def _claims(
        self, discovered: Discovered, id_token: str, attempt: Attempt, now: datetime
    ) -> dict[str, Any]:
        """Return what a token says, if it was made by this provider, for us, for this attempt, and lately."""
        registry = JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": discovered.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            nonce={"essential": True, "value": attempt.nonce},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            claims = (await self._decoded(discovered, id_token)).claims
            registry.validate(claims)
        except (JoseError, ValueError) as error:
            raise ProviderRefused(reason="its answer does not hold") from error
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        party = claims.get("azp")
        if (several and party is None) or (party is not None and party != self._settings.client_id):
            raise ProviderRefused(reason="its answer is for somebody else")
        return claims

    async def _decoded(self, discovered: Discovered, id_token: str) -> jwt.Token:
        keys = await self._key_set(discovered, kept_seconds=_KEPT_SECONDS)
        try:
            return jwt.decode(id_token, keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError):  # they may have changed their keys
            keys = await self._key_set(discovered, kept_seconds=_LOOK_AGAIN_SECONDS)
            return jwt.decode(id_token, keys, algorithms=ALGORITHMS)

    async def _key_set(self, discovered: Discovered, *, kept_seconds: float) -> KeySet:
        if self._keys is None or self._ticks() - self._keys[0] > kept_seconds:
            answered = await self._call("GET", discovered.jwks_uri)
            try:
                keys = KeySet.import_key_set(msgspec.json.decode(answered.body))
            except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
                raise Unavailable(what=_WHAT) from error
            self._keys = (self._ticks(), keys)
        return self._keys[1]

    async def _call(self, method: str, url: str, **given: Any) -> Answered:
        try:
            answered = await self._caller.call(method, url, **given)
        except CallFailed as failure:
            raise Unavailable(what=_WHAT) from failure
        if answered.status != _OK and not (method == "POST" and 400 <= answered.status < 500):  # noqa: PLR2004
            raise Unavailable(what=_WHAT)
        return answered


def _read(answered: Answered, kind: type[Wanted]) -> Wanted:
    try:
        return msgspec.json.decode(answered.body, type=kind)
    except msgspec.DecodeError as error:
        raise Unavailable(what=_WHAT) from error
