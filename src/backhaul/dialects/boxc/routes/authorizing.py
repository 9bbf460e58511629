"""GET and POST /auth/v1/authorize: a member signs in and agrees, or refuses (contract §3.2; RFC 6749 §4.1)."""

import hmac
import secrets
from typing import Any

from litestar import Request, get, post

from backhaul.dialects.answering import Answer
from backhaul.dialects.boxc.authorizing import KEPT, Return, request_of, told, way_back
from backhaul.dialects.boxc.forms import fields_of
from backhaul.dialects.boxc.pages import COOKIE, page, redirect
from backhaul.dialects.serving import Serving
from backhaul.domain.identity import clients
from backhaul.domain.identity.clients import AuthorizationRequest, KnownClient, find_known_client
from backhaul.domain.identity.clients.errors import ConsentRefused
from backhaul.domain.identity.errors import SignInRefused, TooManyAttempts
from backhaul.kernel.errors import DomainError

PATH = "/auth/v1/authorize"
UNKNOWN_CLIENT = "The program that sent you here is not known, or may not be used any more."
STALE_FORM = "This form is too old, or was opened elsewhere. Please sign in again."


@get(PATH)
async def ask_for_consent(request: Request[Any, Any, Any]) -> Answer:
    """Show the page on which a member signs in and agrees."""
    return await _answer(request, request.scope["query_string"], decides=False)


@post(PATH, status_code=200)
async def take_decision(request: Request[Any, Any, Any]) -> Answer:
    """Take the member's password and decision, and send the browser back to the client."""
    return await _answer(request, await request.body(), decides=True)


async def _answer(request: Request[Any, Any, Any], raw: bytes, *, decides: bool) -> Answer:
    serving: Serving = request.app.state.serving
    try:
        fields = fields_of(raw)
        client = await find_known_client(serving.db, client_id=fields.get("client_id", ""))
        if client is None:
            return page("refused.html", status=400, problem=UNKNOWN_CLIENT)
        back = way_back(client, fields, issuer=serving.authenticator.clients.settings.issuer)
    except DomainError as error:  # there is no address yet that may be trusted with a redirect
        return page("refused.html", status=400, problem=error.text)
    try:
        asked = request_of(client, fields)
    except DomainError as error:
        return redirect(back.with_error(*told(error)))
    if decides:
        return await _decide(request, client, asked, back, fields)
    return _form(request, client, asked, back, fields, status=200)


async def _decide(
    request: Request[Any, Any, Any],
    client: KnownClient,
    asked: AuthorizationRequest,
    back: Return,
    fields: dict[str, str],
) -> Answer:
    serving: Serving = request.app.state.serving
    if not _is_our_form(request, fields):
        return _form(request, client, asked, back, fields, status=403, problem=STALE_FORM)
    if fields.get("decision") != "approve":
        return redirect(back.with_error("access_denied", "The person refused."), headers=_cookie(request, ""))
    try:
        bearer = await serving.authenticator.check_password(
            email=fields.get("email", ""),
            password=fields.get("password", ""),
            remote_address=serving.remote_address(request.scope),
        )
        code = await clients.authorize(
            serving.db,
            client=client,
            request=asked,
            user_email=bearer.email,
            user_number=bearer.user_number,
            settings=serving.authenticator.clients.settings,
            now=serving.clock.now(),
        )
    except TooManyAttempts as error:
        return _form(request, client, asked, back, fields, status=429, problem=error.text)
    except (SignInRefused, ConsentRefused) as error:
        return _form(request, client, asked, back, fields, status=403, problem=error.text)
    return redirect(back.with_code(code), headers=_cookie(request, ""))


def _form(
    request: Request[Any, Any, Any],
    client: KnownClient,
    asked: AuthorizationRequest,
    back: Return,
    fields: dict[str, str],
    *,
    status: int,
    problem: str = "",
) -> Answer:
    token = secrets.token_urlsafe(32)
    return page(
        "authorize.html",
        status=status,
        target=back.origin,
        headers=_cookie(request, token),
        client=client,
        origin=back.origin,
        scopes=asked.scopes,
        carried={name: fields[name] for name in KEPT if name in fields},
        form_token=token,
        email=fields.get("email", ""),
        problem=problem,
    )


def _is_our_form(request: Request[Any, Any, Any], fields: dict[str, str]) -> bool:
    """Tell whether the form comes from a page that this browser was shown: no other site knows the cookie."""
    kept = request.cookies.get(COOKIE, "")
    return bool(kept) and hmac.compare_digest(kept.encode(), fields.get("form_token", "").encode())


def _cookie(request: Request[Any, Any, Any], token: str) -> dict[str, str]:
    serving: Serving = request.app.state.serving
    is_secure = serving.authenticator.clients.settings.issuer.startswith("https://")
    ends = "" if token else "; Max-Age=0"
    secure = "; Secure" if is_secure else ""
    return {"set-cookie": f"{COOKIE}={token}; Path={PATH}; HttpOnly; SameSite=Strict{secure}{ends}"}
