"""Requests for a member's consent: read and checked, and where the browser goes afterwards (RFC 6749 §4.1)."""

import re
from urllib.parse import urlencode, urlsplit

import msgspec

from backhaul.dialects.boxc import oauth_errors
from backhaul.dialects.boxc.forms import required
from backhaul.dialects.boxc.refusals import AuthorizationRefused, OauthRequestInvalid
from backhaul.domain.identity.clients import AuthorizationRequest, KnownClient, check_authorization
from backhaul.domain.identity.clients.errors import RedirectRefused
from backhaul.kernel.errors import DomainError

MODES = ("query", "fragment")
FRAGMENT_TYPES = frozenset({"token", "id_token", "id_token token", "token id_token"})
MAX_CARRIED = 2048  # characters of state and nonce each
KEPT = (  # what the page carries from the request to the decision
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class Return(msgspec.Struct, frozen=True):
    """How the browser goes back to the client."""

    redirect_uri: str
    mode: str
    state: str | None
    issuer: str

    @property
    def origin(self) -> str:
        """Where that is, for the page's policy."""
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}"

    def with_code(self, code: str) -> str:
        """Return the address that brings the client its code."""
        return self._with({"code": code})

    def with_error(self, error: str, description: str) -> str:
        """Return the address that tells the client why there is none (RFC 6749 §4.1.2.1)."""
        return self._with({"error": error, "error_description": oauth_errors.described(description)})

    def _with(self, told: dict[str, str]) -> str:
        # `iss` keeps a client of several servers from taking one's answer for another's (RFC 9207).
        state = {} if self.state is None else {"state": self.state}
        query = urlencode({**told, **state, "iss": self.issuer})
        if self.mode == "fragment":
            return f"{self.redirect_uri}#{query}"
        joint = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{joint}{query}"


def way_back(client: KnownClient, fields: dict[str, str], *, issuer: str) -> Return:
    """Return how the browser goes back, or refuse with `RedirectRefused`: nobody is sent to a strange address."""
    redirect_uri = fields.get("redirect_uri", "")
    if redirect_uri not in client.redirect_uris:
        raise RedirectRefused
    default = "fragment" if fields.get("response_type") in FRAGMENT_TYPES else "query"
    mode = fields.get("response_mode", default)
    return Return(
        redirect_uri=redirect_uri,
        mode=mode if mode in MODES else default,
        state=fields.get("state"),
        issuer=issuer,
    )


def request_of(client: KnownClient, fields: dict[str, str]) -> AuthorizationRequest:
    """Return what the member is asked, or refuse: `AuthorizationRefused`, `OauthRequestInvalid`, `ScopeRefused`."""
    response_type = required(fields, "response_type")
    if response_type != "code":
        refusal = "unsupported_response_type"
        raise AuthorizationRefused(error=refusal, description="Only the response type code is offered.")
    if fields.get("response_mode", "query") not in MODES:
        raise OauthRequestInvalid(reason="response_mode must be query or fragment")
    if any(len(fields.get(name, "")) > MAX_CARRIED for name in ("state", "nonce")):
        raise OauthRequestInvalid(reason=f"state and nonce have at most {MAX_CARRIED} characters")
    if "none" in fields.get("prompt", "").split():
        raise AuthorizationRefused(error="login_required", description="A person has to sign in.")
    return check_authorization(
        client,
        redirect_uri=required(fields, "redirect_uri"),
        scope=fields.get("scope"),
        nonce=fields.get("nonce"),
        code_challenge=_challenge_of(fields),
    )


def told(error: DomainError) -> tuple[str, str]:
    """Return a refusal as the client is told it: error and description."""
    if isinstance(error, AuthorizationRefused):
        return error.data["error"], error.data["description"]
    return oauth_errors.code_of(error), error.text


def _challenge_of(fields: dict[str, str]) -> str | None:
    challenge, method = fields.get("code_challenge"), fields.get("code_challenge_method")
    if challenge is None and method is None:
        return None
    if method != "S256":
        raise OauthRequestInvalid(reason="code_challenge_method must be S256")
    if challenge is None or not _CHALLENGE.fullmatch(challenge):
        raise OauthRequestInvalid(reason="code_challenge must have 43 characters of base64url")
    return challenge
