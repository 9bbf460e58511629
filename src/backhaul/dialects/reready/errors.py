"""Refusals in this dialect: `error` for people, `errors` by field path, `code` for machines (contract §1.9)."""

from typing import Any

from backhaul.dialects.answering import HTTP_STATUS, Answer, answer
from backhaul.kernel.errors import DomainError, InvalidInput, Kind


def body_of(error: DomainError) -> dict[str, Any]:
    """Return what a refusal says."""
    body: dict[str, Any] = {"error": error.text, "code": error.code, "errors": {}}
    if isinstance(error, InvalidInput):
        by_path: dict[str, list[str]] = {}
        for problem in error.problems:
            by_path.setdefault(problem.path or "base", []).append(problem.text)
        body["errors"] = by_path
    return body


def render(error: DomainError, status: int | None = None) -> Answer:
    """Return a refusal as an answer."""
    headers: dict[str, str] = {}
    if error.kind is Kind.UNAUTHENTICATED:
        headers["www-authenticate"] = 'Token realm="Backhaul"'
    if error.kind is Kind.TOO_MANY:
        headers["retry-after"] = str(error.data.get("retry_after_seconds", 1))
    if error.kind is Kind.UNAVAILABLE and error.is_repeatable:
        headers["retry-after"] = "2"
    return answer(body_of(error), status=status or HTTP_STATUS[error.kind], headers=headers)
