"""OpenAPI 3.1 of signing in: the paths below /auth/v1, their forms and refusals (contract §3.2; RFC 6749)."""

from typing import Any

from backhaul.dialects.boxc.describing import JSON, answer_of
from backhaul.dialects.boxc.schemas import Schema, ref, sent, shown
from backhaul.domain.identity.clients import SCOPES

_FORM, _HTML = "application/x-www-form-urlencoded", "text/html"
_REQUEST_ID = {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}}
_TEXT: Schema = {"type": "string"}
_REFUSED = {
    400: "The request, the grant, the code or a scope is refused.",
    401: "The client is not known, or its secret is wrong.",
    413: "The body is larger than 1 MiB.",
    429: "Too many failed attempts; see Retry-After.",
    500: "A defect of ours; the request id finds it.",
    503: "Something does not answer at the moment.",
}
_CREDENTIALS: dict[str, Schema] = {
    "client_id": {**_TEXT, "description": "With client_secret instead of HTTP Basic."},
    "client_secret": _TEXT,
}
SCHEMAS: dict[str, Schema] = {
    "TokenRequest": sent(
        {
            "grant_type": {"enum": ["authorization_code", "client_credentials"]},
            "scope": {**_TEXT, "description": "Separated by blanks; all that the client has unless said."},
            "code": _TEXT,
            "redirect_uri": _TEXT,
            "code_verifier": _TEXT,
            **_CREDENTIALS,
        },
        ["grant_type"],
    ),
    "RevokeRequest": sent({"sub": _TEXT, "token": _TEXT, **_CREDENTIALS}, []),
    "Token": {
        **shown(
            {
                "token_type": {"const": "Bearer"},
                "access_token": _TEXT,
                "expires_in": {"type": "integer", "minimum": 1},
                "id_token": _TEXT,
            }
        ),
        "required": ["token_type", "access_token", "expires_in"],
    },
    "OauthRefusal": shown({"error": _TEXT, "error_description": _TEXT}),
    "KeySet": shown({"keys": {"type": "array", "items": {"type": "object"}}}),
    "ServerDescription": {"type": "object", "required": ["issuer", "token_endpoint", "jwks_uri"]},
}


def schemes(base_url: str) -> dict[str, Any]:
    """Return how clients sign in, and with what to ask for a token."""
    scopes = {name: _meaning(name) for name in sorted(SCOPES)}
    urls = {"tokenUrl": f"{base_url}/auth/v1/token", "scopes": scopes}
    return {
        "client": {
            "type": "oauth2",
            "flows": {
                "clientCredentials": urls,
                "authorizationCode": {"authorizationUrl": f"{base_url}/auth/v1/authorize", **urls},
            },
        },
        "secret": {"type": "http", "scheme": "basic"},
    }


def _meaning(scope: str) -> str:
    known = {
        "returns": "Returns and reshipments.",
        "billing": "Invoices.",
        "read_webhooks": "View webhooks.",
        "write_webhooks": "Make, change and remove webhooks.",
        "openid": "An id token.",
    }
    return known.get(scope, "May be asked for; grants nothing.")


def _refusals() -> dict[str, Any]:
    content = {JSON: {"schema": ref("OauthRefusal")}}
    return {str(status): answer_of(text, content, headers=_REQUEST_ID) for status, text in _REFUSED.items()}


def _form(operation: str, summary: str, body: str, content: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "operationId": operation,
        "summary": summary,
        "security": [{"secret": []}, {}],
        "requestBody": {"required": True, "content": {_FORM: {"schema": ref(body)}}},
        "responses": {"200": answer_of("Done.", content, headers=_REQUEST_ID), **_refusals()},
    }


def _public(operation: str, summary: str, schema: str) -> dict[str, Any]:
    told = answer_of("Found.", {JSON: {"schema": ref(schema)}}, headers=_REQUEST_ID)
    return {"operationId": operation, "summary": summary, "security": [], "responses": {"200": told}}


def _consent(operation: str, summary: str) -> dict[str, Any]:
    texts = {
        200: "The page on which a member signs in and agrees.",
        303: "Back to the client, with a code or an error.",
        400: "The client or its redirect URI is not known: nobody is redirected.",
        403: "Wrong password, no member, or a form of elsewhere.",
        429: "Too many failed attempts.",
    }
    responses = {
        str(status): answer_of(text, {_HTML: {"schema": _TEXT}}, headers=_REQUEST_ID)
        for status, text in texts.items()
    }
    return {"operationId": operation, "summary": summary, "security": [], "responses": responses}


PATHS: dict[str, Any] = {
    "/auth/v1/authorize": {
        "get": _consent("askForConsent", "Show the page of consent."),
        "post": _consent("takeDecision", "Take the member's decision."),
    },
    "/auth/v1/token": {
        "post": _form("giveToken", "Get a token.", "TokenRequest", {JSON: {"schema": ref("Token")}})
    },
    "/auth/v1/revoke": {"post": _form("revoke", "End tokens.", "RevokeRequest", None)},
    "/auth/v1/jwks.json": {"get": _public("listKeys", "List the public keys.", "KeySet")},
    "/.well-known/openid-configuration": {
        "get": _public("describeServer", "Describe how to sign in.", "ServerDescription")
    },
    "/.well-known/oauth-authorization-server": {
        "get": _public("describeOauthServer", "The same.", "ServerDescription")
    },
}
