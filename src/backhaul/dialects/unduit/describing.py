"""What descriptions of routes are made of: parameters, bodies, answers and refusals (OpenAPI 3.1)."""

from typing import Any

from backhaul.dialects.unduit.holding import MAX_LIMIT

REF = "#/components/schemas/{name}"
ALWAYS = {
    429: "Too many failed attempts; see Retry-After.",
    500: "A defect of ours; the request id finds it.",
    503: "Something does not answer at the moment.",
}
GUARDED = {401: "The token is missing or not valid.", 403: "The right is missing."}
BODY = {
    400: "The body is no JSON, or something required is missing.",
    413: "The body is larger than 1 MiB.",
    422: "Values were refused; `error.details` lists them.",
}
PAGE = {400: "The page is no whole number from 1.", 422: "A filter was refused."}
PARAMETERS = {
    "page": {"type": "integer", "minimum": 1, "default": 1},
    "limit": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 10},
    "email": {"type": "string"},
    "include": {"type": "string", "description": "A comma list of assets, manager, department."},
    "serialNumber": {"type": "string"},
    "assetId": {"type": "string"},
    "asset_number": {"type": "string"},
}


def open_route(operation: str, summary: str, body: str, *statuses: int) -> dict[str, Any]:
    """Describe a route that needs no token."""
    texts = {401: "Wrong, or expired too long ago.", 403: "Revoked."}
    refusals = {**BODY, **ALWAYS, **{status: texts[status] for status in statuses}}
    return {
        "operationId": operation,
        "summary": summary,
        "security": [],
        "requestBody": request_body(body),
        "responses": {"200": answer_of("Signed in.", "Token"), **refusals_of(refusals)},
    }


def list_route(operation: str, summary: str, filters: tuple[str, ...], view: str) -> dict[str, Any]:
    """Describe a list in pages of ten."""
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [{"name": name, "in": "query", "schema": PARAMETERS[name]} for name in filters],
        "responses": {"200": answer_of("A page.", view), **refusals_of({**PAGE, **GUARDED, **ALWAYS})},
    }


def view_route(operation: str, summary: str, parameter: str, view: str) -> dict[str, Any]:
    """Describe the view of a device."""
    refusals = {404: "Asset not found.", 409: "Several assets are meant.", **GUARDED, **ALWAYS}
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [in_path(parameter)],
        "responses": {"200": answer_of("Found.", view), **refusals_of(refusals)},
    }


def view_one(operation: str, summary: str, parameter: str, view: str) -> dict[str, Any]:
    """Describe the view of one record."""
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [in_path(parameter)],
        "responses": {
            "200": answer_of("Found.", view),
            **refusals_of({404: "Not found.", **GUARDED, **ALWAYS}),
        },
    }


def view_page(operation: str, summary: str, parameter: str, view: str) -> dict[str, Any]:
    """Describe the view of one record with a page of what belongs to it."""
    one = view_one(operation, summary, parameter, view)
    paging = [{"name": name, "in": "query", "schema": PARAMETERS[name]} for name in ("page", "limit")]
    responses = {**one["responses"], **refusals_of(PAGE)}
    return {**one, "parameters": [*one["parameters"], *paging], "responses": responses}


def write_route(
    operation: str, summary: str, body: str, view: str, refusals: dict[int, str], *parameters: str
) -> dict[str, Any]:
    """Describe a route that changes something."""
    every = {**BODY, **GUARDED, **ALWAYS, **refusals}
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [in_path(parameter) for parameter in parameters],
        "requestBody": request_body(body),
        "responses": {"200": answer_of("Done.", view), **refusals_of(every)},
    }


def in_path(name: str) -> dict[str, Any]:
    """Describe a parameter in the path."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def request_body(name: str) -> dict[str, Any]:
    """Describe a body."""
    schema = {"$ref": REF.format(name=f"{name}Request")}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def answer_of(text: str, name: str) -> dict[str, Any]:
    """Describe an answer."""
    return {
        "description": text,
        "content": {"application/json": {"schema": {"$ref": REF.format(name=name)}}},
    }


def refusals_of(texts: dict[int, str]) -> dict[str, Any]:
    """Describe refusals by their status."""
    return {str(status): answer_of(text, "Refusal") for status, text in sorted(texts.items())}
