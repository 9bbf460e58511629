"""What a client's library looks for first: the server's description and its public keys (RFC 8414, RFC 7517)."""

from typing import Any

from litestar import Request, get

from backhaul.dialects.answering import Answer, answer
from backhaul.dialects.boxc.authorizing import MODES
from backhaul.dialects.serving import Serving
from backhaul.domain.identity.clients import SCOPES

FIVE_MINUTES = {"cache-control": "max-age=300"}


@get(["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"])
async def describe_server(request: Request[Any, Any, Any]) -> Answer:
    """Describe how to sign in."""
    serving: Serving = request.app.state.serving
    issuer = serving.authenticator.clients.settings.issuer
    methods = ["client_secret_basic", "client_secret_post"]
    described = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/auth/v1/authorize",
        "token_endpoint": f"{issuer}/auth/v1/token",
        "revocation_endpoint": f"{issuer}/auth/v1/revoke",
        "jwks_uri": f"{issuer}/auth/v1/jwks.json",
        "scopes_supported": sorted(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": list(MODES),
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["iss", "iat", "exp", "aud", "sub", "nonce"],
        "authorization_response_iss_parameter_supported": True,
    }
    return answer(described, headers=FIVE_MINUTES)


@get("/auth/v1/jwks.json")
async def list_keys(request: Request[Any, Any, Any]) -> Answer:
    """List the public keys that verify tokens; a retired one until the last token it signed has expired."""
    serving: Serving = request.app.state.serving
    keys = await serving.authenticator.clients.keys.published()
    return answer({"keys": keys}, headers=FIVE_MINUTES)
