"""Signing in by an identity provider: there with a question, back with a code."""

import hmac
from datetime import timedelta
from typing import Any

import msgspec
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from litestar import Request, get
from litestar.response.base import ASGIResponse

from backhaul.domain.identity.browsing import begin_elsewhere
from backhaul.domain.identity.federation import Attempt, IdentityProvider, make_attempt
from backhaul.domain.identity.federation.errors import ProviderMissing, ProviderRefused, SignInNotFresh
from backhaul.kernel.errors import DomainError
from backhaul.storage.installation_secrets import find_secret
from backhaul.web.console import answering, cookies
from backhaul.web.console.declaring import SECOND_FACTOR, installed
from backhaul.web.console.entrance.admitting import admitted, device_of, end_former
from backhaul.web.console.paths import own_path, with_query
from backhaul.web.console.refused import plain_page

SECRET_NAME = "sign_in_elsewhere"  # noqa: S105 -- the name of one
_LASTING = timedelta(minutes=10)
_HEADER = {"alg": "dir", "enc": "A256GCM"}
_LONGEST_CODE = 4096


class Carried(msgspec.Struct, frozen=True):
    """What the browser carries there and back."""

    attempt: Attempt
    until: float  # seconds since 1970


@get("/sign-in/oidc")
async def ask(request: Request[Any, Any, Any]) -> ASGIResponse:
    """Send the browser to the provider, with a cookie that the way back is recognised by.

    With `?anew=yes` the person signs in there though the provider knows them. The cookie says so on the way back.
    """
    serving = request.app.state.serving
    now = serving.clock.now()
    is_anew = request.query_params.get("anew") == "yes"
    next_path = own_path(request.query_params.get("next"))
    attempt = make_attempt(next_path, fresh_after=now if is_anew else None)
    try:
        address = await _provider(request).question(attempt)
        carried = Carried(attempt, (now + _LASTING).timestamp())
        secret = OctKey.import_key(await find_secret(serving.db, SECRET_NAME))
    except DomainError as refusal:
        return plain_page(request.scope, refusal, sign_in=True)
    sealed = jwe.encrypt_compact(_HEADER, msgspec.json.encode(carried), secret)
    is_secure = installed(request).is_secure
    given = cookies.written(cookies.ELSEWHERE, sealed, is_secure=is_secure, lasting=_LASTING)
    return answering.see_other(address, cookies=[given])


@get("/sign-in/oidc/return")
async def come_back(request: Request[Any, Any, Any]) -> ASGIResponse:
    """Begin a session for whom the provider vouches."""
    serving = request.app.state.serving
    now = serving.clock.now()
    said = request.query_params
    try:
        provider = _provider(request)
        attempt = await _attempt(request, said.get("state", ""))
        if said.get("error") or not said.get("code"):
            raise ProviderRefused(reason="the identity provider did not let you through")
        code = said["code"][:_LONGEST_CODE]
        vouched = await provider.vouched(attempt, code=code, now=now)
        begun = await begin_elsewhere(
            serving.db,
            email=vouched.email,
            proved_at=vouched.proved_at,
            device=device_of(request),
            terms=request.app.state.browsers.terms,
            now=now,
        )
    except SignInNotFresh as refusal:  # of somebody who is signed in here
        return plain_page(request.scope, refusal)
    except DomainError as refusal:
        return plain_page(request.scope, refusal, sign_in=True)
    await end_former(request, now=now)
    wanted = attempt.next
    if begun.is_second_factor_due:
        wanted = with_query(SECOND_FACTOR, next=None if wanted == "/" else wanted)
    answer = admitted(request, begun, wanted, now=now)
    is_secure = installed(request).is_secure
    gone = cookies.written(cookies.ELSEWHERE, "", is_secure=is_secure, lasting=timedelta(0))
    answer.headers.add("set-cookie", gone)
    return answer


async def _attempt(request: Request[Any, Any, Any], state: str) -> Attempt:
    """Return the attempt this browser has begun, if it is the one that the answer names."""
    serving = request.app.state.serving
    sealed = cookies.read(request.scope, cookies.ELSEWHERE, is_secure=installed(request).is_secure)
    secret = OctKey.import_key(await find_secret(serving.db, SECRET_NAME))
    try:
        opened = jwe.decrypt_compact(sealed or "", secret).plaintext or b""
        carried = msgspec.json.decode(opened, type=Carried)
    except (JoseError, ValueError, msgspec.DecodeError):
        raise ProviderRefused(reason="this browser has not begun to sign in") from None
    is_same = hmac.compare_digest(carried.attempt.state.encode(), state.encode("utf-8", "replace"))
    if not is_same or carried.until <= serving.clock.now().timestamp():
        raise ProviderRefused(reason="the answer belongs to another attempt, or it took too long")
    return carried.attempt


def _provider(request: Request[Any, Any, Any]) -> IdentityProvider:
    provider: IdentityProvider | None = request.app.state.serving.ports.get(IdentityProvider)
    if provider is None:
        raise ProviderMissing
    return provider


HANDLERS = [ask, come_back]
