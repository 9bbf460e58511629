"""Refusals of /auth/v1, as RFC 6749 §5.2 words them: `error` for machines, `error_description` for people."""

from backhaul.dialects.answering import HTTP_STATUS, Answer, answer
from backhaul.kernel.errors import DomainError, Kind

INVALID_REQUEST, INVALID_CLIENT = "invalid_request", "invalid_client"
NO_STORE = {"cache-control": "no-store", "pragma": "no-cache"}
REALM = 'Basic realm="Backhaul"'

CODES = {
    "identity.client_refused": INVALID_CLIENT,
    "identity.grant_refused": "invalid_grant",
    "identity.scope_refused": "invalid_scope",
    "identity.consent_refused": "access_denied",
    "input.grant_type_unsupported": "unsupported_grant_type",
    "http.internal_failure": "server_error",
}
_BY_KIND = {
    Kind.UNAUTHENTICATED: INVALID_CLIENT,
    Kind.FORBIDDEN: "access_denied",
    Kind.TOO_MANY: "temporarily_unavailable",
    Kind.UNAVAILABLE: "temporarily_unavailable",
}


def code_of(error: DomainError) -> str:
    """Return the registered word for a refusal."""
    return CODES.get(error.code) or _BY_KIND.get(error.kind, INVALID_REQUEST)


def render(error: DomainError, status: int | None = None) -> Answer:
    """Return a refusal as an answer."""
    headers = dict(NO_STORE)
    if error.kind is Kind.UNAUTHENTICATED:
        headers["www-authenticate"] = REALM
    if error.kind is Kind.TOO_MANY:
        headers["retry-after"] = str(error.data.get("retry_after_seconds", 1))
    body = {"error": code_of(error), "error_description": described(error.text)}
    own = 400 if error.kind is Kind.INVALID else HTTP_STATUS[error.kind]
    return answer(body, status=status or own, headers=headers)


def described(text: str) -> str:
    """Return a sentence in the characters that RFC 6749 allows: printable ASCII without quotes and backslashes."""
    plain = text.replace('"', "'").replace("\\", "/")
    return "".join(character if " " <= character <= "~" else "?" for character in plain)
