"""Form-encoded requests of sign-in, and the credentials that a client sends with them (RFC 6749 §2.3.1)."""

import base64
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from litestar import Request

from backhaul.dialects.boxc.refusals import OauthRequestInvalid
from backhaul.dialects.serving import Serving, header
from backhaul.domain.identity.clients import KnownClient
from backhaul.domain.identity.clients.errors import ClientRefused

SCHEME = "basic "
MAX_FIELDS = 50


def fields_of(raw: bytes) -> dict[str, str]:
    """Return the fields of a form or a query; refuses what is no form, and what names a field twice (RFC 6749 §3.2)."""
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError:  # UnicodeDecodeError is one
        raise OauthRequestInvalid(reason="it is no form in UTF-8") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise OauthRequestInvalid(reason="a parameter was sent twice")
    if any("\x00" in value for value in fields.values()):
        raise OauthRequestInvalid(reason="a parameter contains the character U+0000")
    return {name: value for name, value in fields.items() if value}


def required(fields: dict[str, str], name: str) -> str:
    """Return a field's value, or refuse its absence."""
    if name not in fields:
        raise OauthRequestInvalid(reason=f"the parameter {name} is missing")
    return fields[name]


async def client_of(request: Request[Any, Any, Any], fields: dict[str, str]) -> KnownClient:
    """Return the client that calls, by HTTP Basic or by fields of the form; by both is refused."""
    serving: Serving = request.app.state.serving
    credentials = header(request.scope, b"authorization")
    if credentials is not None:
        if "client_secret" in fields:
            raise OauthRequestInvalid(reason="the client authenticates in two ways at once")
        client_id, secret = _basic(credentials)
        if fields.get("client_id", client_id) != client_id:
            raise OauthRequestInvalid(reason="two different clients are named")
    else:
        client_id, secret = fields.get("client_id", ""), fields.get("client_secret", "")
    return await serving.authenticator.clients.by_secret(
        client_id=client_id, secret=secret, remote_address=serving.remote_address(request.scope)
    )


def _basic(credentials: str) -> tuple[str, str]:
    if credentials[: len(SCHEME)].lower() != SCHEME:
        raise ClientRefused
    try:
        decoded = base64.b64decode(credentials[len(SCHEME) :].strip(), validate=True).decode()
    except ValueError:  # binascii.Error and UnicodeDecodeError are ones
        raise ClientRefused from None
    client_id, _, secret = decoded.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)
