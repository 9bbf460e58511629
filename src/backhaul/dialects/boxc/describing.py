"""What descriptions of routes are made of: parameters, bodies, answers and numbered refusals (OpenAPI 3.1)."""

from collections.abc import Mapping
from typing import Any

from backhaul.dialects.boxc.schemas import FILTERS, PAGING, Schema, ref, shown

JSON = "application/json"
Refusals = Mapping[int, str]  # by status
NO_MORE: Refusals = {}
Named = tuple[str, str]  # under which key an object stands, and its schema
HEADERS = {
    name: {"$ref": f"#/components/headers/{name}"}
    for name in ("X-Request-Id", "X-Rate-Limit", "X-Rate-Requests")
}
ALWAYS = {
    400: "1002: the language is not English.",
    401: "1005: no token, or none that is good.",
    403: "1008: the token was revoked. 1009: a scope or a right is missing.",
    429: "1015: too many requests; see Retry-After.",
    500: "1001: a defect of ours; the request id finds it.",
    503: "1010: something does not answer at the moment.",
}
BODY = {
    400: "1000: the body was refused, `errors` says why. 1002: the language is not English.",
    413: "1000: the body is larger than 1 MiB.",
}
_PAGE = "1025: the page token is not valid. 1031: a parameter is not valid."


def view(
    operation: str, summary: str, scope: str | None, named: Named, *, refusals: Refusals = NO_MORE
) -> dict[str, Any]:
    """Describe the view of one object."""
    return _operation(operation, summary, scope, one_of(named), refusals)


def page(operation: str, summary: str, scope: str | None, named: Named) -> dict[str, Any]:
    """Describe a list."""
    name, schema = named
    filters = FILTERS if name == "returns" else {}
    parameters = [
        {"name": asked, "in": "query", "schema": rule} for asked, rule in {**PAGING, **filters}.items()
    ]
    listed = shown({name: {"type": "array", "items": ref(schema)}, "next_page": {"type": ["string", "null"]}})
    content = {JSON: {"schema": listed}}
    return {**_operation(operation, summary, scope, content, {400: _PAGE}), "parameters": parameters}


def write(
    operation: str,
    summary: str,
    scope: str,
    named: Named,
    *,
    body: str | None,
    status: int = 200,
    refusals: Refusals = NO_MORE,
) -> dict[str, Any]:
    """Describe a change that answers with the whole object; without a `body` nothing is sent."""
    told = _operation(
        operation, summary, scope, one_of(named), refusals, status=status, reads=body is not None
    )
    if body is None:
        return told
    return {**told, "requestBody": {"required": True, "content": {JSON: {"schema": ref(body)}}}}


def removal(operation: str, summary: str, scope: str, *, refusals: Refusals = NO_MORE) -> dict[str, Any]:
    """Describe a change that answers with nothing."""
    return _operation(operation, summary, scope, None, refusals)


def one_of(named: Named) -> dict[str, Any]:
    """Return the content of an answer with one object under its name."""
    name, schema = named
    return {JSON: {"schema": shown({name: ref(schema)})}}


def in_path(name: str) -> dict[str, Any]:
    """Describe a parameter in the path."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def answer_of(text: str, content: dict[str, Any] | None, *, headers: Any = None) -> dict[str, Any]:
    """Describe an answer."""
    told: dict[str, Any] = {"description": text, "headers": HEADERS if headers is None else headers}
    return told if content is None else {**told, "content": content}


def _operation(
    operation: str,
    summary: str,
    scope: str | None,
    content: dict[str, Any] | None,
    own: Refusals,
    *,
    status: int = 200,
    reads: bool = False,
) -> dict[str, Any]:
    refusals: dict[int, str] = {**ALWAYS, **(BODY if reads else {})}
    for refused, text in own.items():
        refusals[refused] = f"{text} {refusals[refused]}" if refused in refusals else text
    refusal: dict[str, Schema] = {JSON: {"schema": ref("Refusal")}}
    return {
        "operationId": operation,
        "summary": summary,
        "security": [{"client": [] if scope is None else [scope]}],
        "responses": {
            str(status): answer_of("Done.", content),
            **{str(refused): answer_of(text, refusal) for refused, text in sorted(refusals.items())},
        },
    }
