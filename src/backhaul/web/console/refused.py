"""Pages for what is refused before anybody is known: unknown paths, wrong methods, large bodies, defects."""

from collections.abc import Mapping
from typing import Any

from litestar.response.base import ASGIResponse

from backhaul.kernel.errors import DomainError
from backhaul.web.console import answering
from backhaul.web.console.rendering import render
from backhaul.web.console.statuses import STATUS, TITLES


def plain_page(
    scope: Mapping[str, Any], refusal: DomainError, *, status: int | None = None, sign_in: bool = False
) -> answering.Page:
    """Return a page without navigation that says what was refused and where to go on."""
    code = status or STATUS[refusal.kind]
    text = render(
        "plain.html",
        {
            "title": TITLES.get(code, "That did not work"),
            "text": refusal.text,
            "theme": "system",
            "to_sign_in": sign_in,
        },
    )
    headers = {}
    if "retry_after_seconds" in refusal.data:
        headers["retry-after"] = str(refusal.data["retry_after_seconds"])
    return answering.html(scope, text, status=code, headers=headers)


def prefers_page(scope: Mapping[str, Any]) -> bool:
    """Tell whether a browser asks: it names HTML in what it accepts."""
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def render_refusal(scope: Mapping[str, Any], refusal: DomainError, status: int | None) -> ASGIResponse | None:
    """Return the page of a refusal, where a browser asks for it; None lets others word it."""
    return plain_page(scope, refusal, status=status) if prefers_page(scope) else None
