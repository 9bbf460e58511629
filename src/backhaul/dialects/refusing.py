"""The last stop of every failure: each answer is worded by the dialect that was spoken to."""

from typing import Any

import structlog
from litestar import Request
from litestar.exceptions import HTTPException

from backhaul.dialects.answering import Answer
from backhaul.dialects.choosing import Render, plain, renderer
from backhaul.kernel.errors import DomainError, Kind
from backhaul.kernel.paths import segment_text

logger = structlog.get_logger("backhaul.http")

_TOO_LARGE = 413
_METHOD = 405
_NOT_FOUND = 404
_SERVER_SIDE = 500


class RouteUnknown(DomainError):
    """No route has this path."""

    code = "http.route_unknown"
    kind = Kind.NOT_FOUND
    message = "There is nothing at {path}."


class MethodRefused(DomainError):
    """The path exists, the method does not."""

    code = "http.method_refused"
    kind = Kind.UNSUPPORTED
    message = "{path} does not answer {method}."


class BodyTooLarge(DomainError):
    """The request body is larger than this installation accepts."""

    code = "http.body_too_large"
    kind = Kind.TOO_LARGE
    message = "The request body is larger than {limit_bytes} bytes."


class RequestRefused(DomainError):
    """The request itself is not understood."""

    code = "http.request_refused"
    kind = Kind.MALFORMED
    message = "The request was not understood: {reason}"


class InternalFailure(DomainError):
    """A defect of ours; the request id finds it in the log."""

    code = "http.internal_failure"
    kind = Kind.UNAVAILABLE
    is_repeatable = False
    message = (
        "Something went wrong on our side. Please name the request id {request_id} when you ask about it."
    )


def refuse(request: Request[Any, Any, Any], error: DomainError) -> Answer:
    """Answer a named refusal."""
    return _renderer(request)(error, None)


def refuse_http(request: Request[Any, Any, Any], error: HTTPException) -> Answer:
    """Answer what the framework refuses by itself: unknown paths, methods, oversized bodies."""
    path = segment_text(request.scope["path"])
    named: DomainError
    if error.status_code == _NOT_FOUND:
        named = RouteUnknown(path=path[:200])
    elif error.status_code == _METHOD:
        named = MethodRefused(path=path[:200], method=request.method)
    elif error.status_code == _TOO_LARGE:
        limit = request.route_handler.resolve_request_max_body_size()  # some routes have one of their own
        named = BodyTooLarge(limit_bytes=limit)
    elif error.status_code < _SERVER_SIDE:
        named = RequestRefused(reason=error.detail)
    else:
        return fail(request, error)
    refused = _renderer(request)(named, error.status_code)
    for name, value in (error.headers or {}).items():  # a refused method says which ones are allowed
        refused.headers[name] = value.replace("GET", "GET, HEAD") if name.lower() == "allow" else value
    return refused


def fail(request: Request[Any, Any, Any], error: Exception) -> Answer:
    """Answer a defect without saying more than the request id."""
    route = request.scope.get("path_template", "unmatched")  # not the path: it may be a key by itself
    logger.error("request failed", method=request.method, route=route, exc_info=error)
    request_id = request.scope.get("request_id", "unknown")
    return _renderer(request)(InternalFailure(request_id=request_id), _SERVER_SIDE)


def _renderer(request: Request[Any, Any, Any]) -> Render:
    """Return who words a refusal: where no dialect is spoken and a browser asks, a page does."""
    chosen = renderer(request.scope)
    page = request.app.state.get("refused_page")
    if chosen is not plain or page is None:
        return chosen

    def render(error: DomainError, status: int | None) -> Answer:
        shown: Answer | None = page(request.scope, error, status)
        return plain(error, status) if shown is None else shown

    return render
