"""OpenAPI 3.1 of this dialect, made from the structs it reads and writes."""

from typing import Any

import msgspec
from litestar import Request, get

from backhaul import __version__
from backhaul.dialects.answering import Answer, answer
from backhaul.dialects.reready import bodies, views

_REF = "#/components/schemas/{name}"
_TYPES = (bodies.CreateDeviceTransfer, views.DeviceTransfer, bodies.CreateDeviceReturn)
_REFUSALS = {
    400: "The body is not valid JSON.",
    401: "The key is missing or not valid.",
    403: "The plan does not include the API, or the key lacks the right.",
    409: "The Idempotency-Key belongs to a different request.",
    413: "The body is larger than 1 MiB.",
    422: "Values were refused; `errors` lists them by path.",
    429: "Too many failed attempts.",
    500: "A defect of ours; the request id finds it.",
    503: "Something does not answer at the moment. With Retry-After nothing was changed; without it, look first.",
}


def document(base_url: str) -> dict[str, Any]:
    """Return the description of this dialect."""
    schemas, components = msgspec.json.schema_components(_TYPES, ref_template=_REF)
    create, view, create_old = schemas
    components["DeviceReturn"] = {
        "type": "object",
        "description": "A device transfer under its older names; see docs/dialects/reready.md.",
    }
    components["Refusal"] = {
        "type": "object",
        "required": ["error", "code", "errors"],
        "properties": {
            "error": {"type": "string", "description": "What happened and what to do."},
            "code": {"type": "string", "description": "Stable; for machines."},
            "errors": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
                "description": "Sentences by the dotted path of the refused value.",
            },
        },
    }
    old_view = {"$ref": _REF.format(name="DeviceReturn")}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Backhaul, ReReady dialect",
            "version": __version__,
            "description": "Create a device transfer, view one.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": f"{base_url}/api/v1"}],
        "security": [{"apiKey": []}],
        "paths": {
            "/device_transfers": {
                "post": _create("createDeviceTransfer", "Create a device transfer.", create, view)
            },
            "/device_transfers/{id}": {"get": _view("viewDeviceTransfer", "View a device transfer.", view)},
            "/device_returns": {
                "post": _create(
                    "createDeviceReturn", "Create a device return (older names).", create_old, old_view
                )
            },
            "/device_returns/{id}": {
                "get": _view("viewDeviceReturn", "View it under the older names.", old_view)
            },
        },
        "components": {
            "schemas": components,
            "securitySchemes": {
                "apiKey": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`Authorization: Token YOUR-API-KEY`",
                }
            },
        },
    }


def _create(operation: str, summary: str, body: dict[str, Any], view: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "A repeated request with the same key and body gets the first answer again.",
                "schema": {"type": "string", "minLength": 1, "maxLength": 255},
            }
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"201": _answer("Created.", view), **_refusals(_REFUSALS)},
    }


def _view(operation: str, summary: str, view: dict[str, Any]) -> dict[str, Any]:
    refusals = {status: _REFUSALS[status] for status in (401, 403, 429, 500, 503)}
    refusals[404] = "Unknown, or another organization's."
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        ],
        "responses": {"200": _answer("Found.", view), **_refusals(refusals)},
    }


def _answer(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _refusals(texts: dict[int, str]) -> dict[str, Any]:
    schema = {"$ref": _REF.format(name="Refusal")}
    return {str(status): _answer(text, schema) for status, text in sorted(texts.items())}


@get("/openapi/reready.json")
async def describe(request: Request[Any, Any, Any]) -> Answer:
    """Serve the description."""
    return answer(document(str(request.base_url).rstrip("/")))
