"""Refusals in this dialect: both documented shapes in one body (contract §2.2, C24).

`message` at the top has the documented sentence where there is one. `error` has a code for machines, our own sentence,
and what is wrong with which field.
"""

from typing import Any

from backhaul.dialects.answering import HTTP_STATUS, Answer, answer
from backhaul.kernel.errors import SHOWN, DomainError, InvalidInput, Kind

BAD_REQUEST = 400
ABSENT = frozenset({"missing", "blank"})  # codes of problems that say: nothing was sent

_NO_TOKEN = "Authentication token is missing or invalid"  # noqa: S105 -- a sentence
SENTENCES = {
    "identity.credentials_missing": _NO_TOKEN,
    "identity.credentials_invalid": _NO_TOKEN,
    "identity.token_expired": _NO_TOKEN,
    "identity.token_revoked": _NO_TOKEN,
    "identity.sign_in_refused": "Invalid email or password",
    "identity.refresh_refused": "Invalid token",
    "identity.refresh_revoked": "Refresh token has been revoked",
    "input.page_number_invalid": "Invalid page number",
    "input.assignment_malformed": "Invalid asset number or user email",
    "inventory.asset_unknown": "Asset not found",
    "inventory.asset_or_user_unknown": "Asset or user not found",
    "inventory.already_assigned": "Asset is already assigned to a user",
    "inventory.not_assigned": "Asset is not currently assigned to any user",
}
CODES = {"identity.token_expired": "TOKEN_EXPIRED"}  # tells a client to refresh


def body_of(error: DomainError) -> dict[str, Any]:
    """Return what a refusal says."""
    problems = error.problems if isinstance(error, InvalidInput) else []
    return {
        "message": _sentence(error),
        "success": False,
        "error": {
            "code": CODES.get(error.code) or error.code.upper().replace(".", "_"),
            "message": error.text,
            "details": [{"field": problem.path, "message": problem.text} for problem in problems],
        },
    }


def render(error: DomainError, status: int | None = None) -> Answer:
    """Return a refusal as an answer."""
    headers: dict[str, str] = {}
    if error.kind is Kind.UNAUTHENTICATED:
        headers["www-authenticate"] = 'Bearer realm="Backhaul"'
    if error.kind is Kind.TOO_MANY:
        headers["retry-after"] = str(error.data.get("retry_after_seconds", 1))
    if error.kind is Kind.UNAVAILABLE and error.is_repeatable:
        headers["retry-after"] = "2"
    return answer(body_of(error), status=status or status_of(error), headers=headers)


def status_of(error: DomainError) -> int:
    """Return the status: 400 when all that is wrong is that something was not sent, else what the kind has."""
    return BAD_REQUEST if _lacks_only(error) else HTTP_STATUS[error.kind]


def _lacks_only(error: DomainError) -> bool:
    return type(error) is InvalidInput and all(problem.code in ABSENT for problem in error.problems)


def _sentence(error: DomainError) -> str:
    if isinstance(error, InvalidInput) and _lacks_only(error):
        names = [problem.path for problem in error.problems if problem.path]
        if names == ["refresh_token"]:
            return "Missing required field: refresh_token"  # documented in the singular, all others in the plural
        if names:
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            return f"Missing required fields: {', '.join(names[:SHOWN])}{more}"
    return SENTENCES.get(error.code, error.text)
