"""Answers as finished bytes, and which status a kind of refusal has."""

from typing import Any

import msgspec
from litestar.response.base import ASGIResponse

from backhaul.kernel.errors import Kind

JSON = "application/json"

HTTP_STATUS: dict[Kind, int] = {
    Kind.MALFORMED: 400,
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.PAYMENT_REQUIRED: 402,
    Kind.TOO_LARGE: 413,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
    Kind.UNSUPPORTED: 501,
}

encoder = msgspec.json.Encoder()


def answer(content: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> ASGIResponse:
    """Return a JSON answer."""
    return answer_bytes(encoder.encode(content), status=status, headers=headers)


def answer_bytes(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> ASGIResponse:
    """Return an answer whose JSON exists already."""
    return ASGIResponse(body=body, status_code=status, media_type=JSON, headers=headers)
