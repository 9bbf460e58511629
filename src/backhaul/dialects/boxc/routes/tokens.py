"""POST /auth/v1/token and /auth/v1/revoke (contract §3.2; RFC 6749, RFC 7009)."""

from typing import Any

from litestar import Request, post

from backhaul.dialects.answering import Answer, answer, answer_bytes
from backhaul.dialects.boxc.forms import client_of, fields_of, required
from backhaul.dialects.boxc.oauth_errors import NO_STORE
from backhaul.dialects.boxc.refusals import GrantTypeUnsupported, OauthRequestInvalid
from backhaul.dialects.serving import Serving
from backhaul.domain.identity import clients

MAX_DIGITS = 18  # any account's number fits


@post("/auth/v1/token", status_code=200)
async def give_token(request: Request[Any, Any, Any]) -> Answer:
    """Exchange a client's secret, or a code that a member gave it, for an access token."""
    serving: Serving = request.app.state.serving
    fields = fields_of(await request.body())
    client = await client_of(request, fields)
    grant_type = required(fields, "grant_type")
    bearers, now = serving.authenticator.clients, serving.clock.now()
    if grant_type == "client_credentials":
        issued = await clients.issue_own_token(
            serving.db, bearers=bearers, client=client, scope=fields.get("scope"), now=now
        )
    elif grant_type == "authorization_code":
        issued = await clients.exchange_code(
            serving.db,
            bearers=bearers,
            client=client,
            code=required(fields, "code"),
            redirect_uri=required(fields, "redirect_uri"),
            code_verifier=fields.get("code_verifier"),
            now=now,
        )
    else:
        raise GrantTypeUnsupported
    body = {
        "token_type": "Bearer",
        "access_token": issued.access_token,
        "expires_in": issued.expires_in,
    }
    if issued.id_token is not None:
        body["id_token"] = issued.id_token
    return answer(body, headers=NO_STORE)


@post("/auth/v1/revoke", status_code=200)
async def revoke(request: Request[Any, Any, Any]) -> Answer:
    """End one token of the client (`token`), or all that it has for an account (`sub`). May be repeated."""
    serving: Serving = request.app.state.serving
    fields = fields_of(await request.body())
    client = await client_of(request, fields)
    now = serving.clock.now()
    if "token" in fields:
        await clients.revoke_token(
            serving.db,
            bearers=serving.authenticator.clients,
            client=client,
            token=fields["token"],
            now=now,
        )
    else:
        number = _account_number(required(fields, "sub"))
        await clients.revoke_authorization(serving.db, client=client, user_number=number, now=now)
    return answer_bytes(b"", headers=NO_STORE)


def _account_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
        raise OauthRequestInvalid(reason="sub must be the number of an account")
    return int(text)
