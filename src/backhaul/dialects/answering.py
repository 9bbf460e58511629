"""Answers as finished bytes, and which status a kind of refusal has."""

from typing import Any, Self

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


class Answer(ASGIResponse):
    """A finished answer, for routes and for exception handlers alike."""

    __slots__ = ()

    def to_asgi_response(self, *_: Any, **__: Any) -> Self:
        """Return the answer itself: Litestar asks what an exception handler returned for its ASGI form."""
        return self


def answer(content: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """Return a JSON answer."""
    return answer_bytes(encoder.encode(content), status=status, headers=headers)


def answer_bytes(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """Return an answer whose JSON exists already."""
    return Answer(body=body, status_code=status, media_type=JSON, headers=headers)
