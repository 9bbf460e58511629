"""OpenAPI 3.1 of this dialect: requests by hand (`schemas`), answers made from the structs that are written."""

from typing import Any

import msgspec
from litestar import Request, get

from backhaul import __version__
from backhaul.dialects.answering import Answer, answer
from backhaul.dialects.unduit import schemas
from backhaul.dialects.unduit.holding import MAX_LIMIT
from backhaul.dialects.unduit.views import asset_details, assets, holding, people, sentences

_REF = "#/components/schemas/{name}"
_ANSWERS = (
    sentences.Token,
    sentences.Message,
    people.Users,
    people.EmployeesOfToday,
    people.Added,
    people.Imported,
    assets.Assets,
    assets.AddedAsset,
    assets.ChangedAsset,
    asset_details.FoundAsset,
    asset_details.History,
    holding.Submitted,
    holding.ReleaseAsked,
    holding.ActiveHolds,
)
_ALWAYS = {
    429: "Too many failed attempts; see Retry-After.",
    500: "A defect of ours; the request id finds it.",
    503: "Something does not answer at the moment.",
}
_GUARDED = {401: "The token is missing or not valid.", 403: "The right is missing."}
_BODY = {
    400: "The body is no JSON, or something required is missing.",
    413: "The body is larger than 1 MiB.",
    422: "Values were refused; `error.details` lists them.",
}
_PAGE = {400: "The page is no whole number from 1.", 422: "A filter was refused."}
_PARAMETERS = {
    "page": {"type": "integer", "minimum": 1, "default": 1},
    "email": {"type": "string"},
    "include": {"type": "string", "description": "A comma list of assets, manager, department."},
    "serialNumber": {"type": "string"},
    "assetId": {"type": "string"},
    "asset_number": {"type": "string"},
}


def document(base_url: str) -> dict[str, Any]:
    """Return the description of this dialect."""
    _, components = msgspec.json.schema_components(_ANSWERS, ref_template=_REF)
    components.update({f"{name}Request": schema for name, schema in schemas.REQUESTS.items()})
    components["Refusal"] = schemas.REFUSAL
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Backhaul, Unduit dialect",
            "version": __version__,
            "description": "Sign in, employees, assets. Bodies are read as JSON whatever their content type says.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": f"{base_url}/api"}],
        "security": [{"token": []}],
        "paths": {**_paths(), **_holds("/v1", ""), **_holds("", "WithoutPrefix", f"{base_url}/")},
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _paths() -> dict[str, Any]:
    people_filters, asset_filters = ("page", "email"), ("page", "serialNumber", "assetId", "asset_number")
    taken = {404: "Asset or user not found.", 409: "Assigned to a user already, or to nobody."}
    update = {404: "Unknown, or another organization's.", 409: "The e-mail address is somebody else's."}
    return {
        "/v1/auth/login": {
            "post": _open("signIn", "Exchange e-mail address and password for a token.", "SignIn", 401)
        },
        "/v1/refresh-token": {
            "post": _open("refreshToken", "Exchange a token for a new one.", "Refresh", 401, 403)
        },
        "/v1/employees": {"get": _list("listEmployees", "List employees.", people_filters, "Users")},
        "/v1/users": {"get": _list("listUsers", "List employees; the same.", people_filters, "Users")},
        "/v2/employees": {
            "get": _list(
                "listEmployeesOfToday",
                "List employees under the newer names.",
                (*people_filters, "include"),
                "EmployeesOfToday",
            )
        },
        "/v1/employee/add": {
            "post": _write("addEmployee", "Add an employee.", "Employee", "Added", {409: update[409]})
        },
        "/v1/employee/update/{id}": {
            "put": _write("updateEmployee", "Write an employee anew.", "Employee", "Message", update, "id"),
            "post": _write("updateEmployeeByPost", "The same.", "Employee", "Message", update, "id"),
        },
        "/v1/employees/bulk-import": {
            "post": _write("importEmployees", "Add employees, all or none.", "Import", "Imported", {})
        },
        "/v1/assets": {"get": _list("listAssets", "List assets, newest first.", asset_filters, "Assets")},
        "/v1/assets/add-asset": {
            "post": _write(
                "addAsset", "Add an asset.", "NewAsset", "AddedAsset", {409: "The serial is taken."}
            )
        },
        "/v1/assets/details/{serial_number}": {
            "get": _view("viewAsset", "View an asset.", "serial_number", "FoundAsset")
        },
        "/v1/assets/{id}/history": {
            "get": _view("listAssetHistory", "List what happened to an asset.", "id", "History")
        },
        "/v1/assets/{id}": {
            "patch": _write(
                "changeAsset",
                "Change what is sent of an asset.",
                "AssetChange",
                "ChangedAsset",
                {404: "Unknown.", 409: "The serial is taken, or the custody does not allow it."},
                "id",
            )
        },
        "/v1/assets/assign/user": {
            "post": _write("assignAsset", "Give an asset to somebody.", "Assign", "Message", taken)
        },
        "/v1/assets/unassign/user": {
            "post": _write("unassignAsset", "Take an asset back.", "Unassign", "Message", taken),
            "get": _unassign_by_get(taken),
        },
    }


def _holds(prefix: str, end: str, server: str | None = None) -> dict[str, Any]:
    """Return the paths of legal holds, which are served with and without /api/v1 (contract C28)."""
    paging = [
        {"name": "page", "in": "query", "required": True, "schema": {"type": "integer", "minimum": 1}},
        {
            "name": "limit",
            "in": "query",
            "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 10},
        },
    ]
    listed = {
        **_list(f"listActiveHolds{end}", "List devices on hold.", (), "ActiveHolds"),
        "parameters": paging,
    }
    unknown = {404: "No such line, or it is another device's.", 409: "It is released already."}
    paths = {
        f"{prefix}/legal-hold/submit": {
            "post": _write(
                f"submitHold{end}", "Place a legal hold.", "Hold", "Submitted", {409: "No status."}
            )
        },
        f"{prefix}/legal-hold/active": {
            "post": _write(
                f"requestHoldRelease{end}", "Ask for a release.", "HoldRelease", "ReleaseAsked", unknown
            )
        },
        f"{prefix}/legal-hold/active-holds": {"get": listed},
    }
    if server is not None:
        for operations in paths.values():
            for operation in operations.values():
                operation["servers"] = [{"url": server.rstrip("/")}]
    return paths


def _open(operation: str, summary: str, body: str, *statuses: int) -> dict[str, Any]:
    texts = {401: "Wrong, or expired too long ago.", 403: "Revoked."}
    refusals = {**_BODY, **_ALWAYS, **{status: texts[status] for status in statuses}}
    return {
        "operationId": operation,
        "summary": summary,
        "security": [],
        "requestBody": _request(body),
        "responses": {"200": _answer("Signed in.", "Token"), **_refusals(refusals)},
    }


def _list(operation: str, summary: str, filters: tuple[str, ...], view: str) -> dict[str, Any]:
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [{"name": name, "in": "query", "schema": _PARAMETERS[name]} for name in filters],
        "responses": {"200": _answer("A page.", view), **_refusals({**_PAGE, **_GUARDED, **_ALWAYS})},
    }


def _view(operation: str, summary: str, parameter: str, view: str) -> dict[str, Any]:
    refusals = {404: "Asset not found.", 409: "Several assets are meant.", **_GUARDED, **_ALWAYS}
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [_in_path(parameter)],
        "responses": {"200": _answer("Found.", view), **_refusals(refusals)},
    }


def _write(
    operation: str, summary: str, body: str, view: str, refusals: dict[int, str], *parameters: str
) -> dict[str, Any]:
    every = {**_BODY, **_GUARDED, **_ALWAYS, **refusals}
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [_in_path(parameter) for parameter in parameters],
        "requestBody": _request(body),
        "responses": {"200": _answer("Done.", view), **_refusals(every)},
    }


def _unassign_by_get(refusals: dict[int, str]) -> dict[str, Any]:
    names = schemas.REQUESTS["Unassign"]["required"]
    every = {**_BODY, **_GUARDED, **_ALWAYS, **refusals}
    return {
        "operationId": "unassignAssetByGet",
        "summary": "The same, with everything in the query.",
        "parameters": [
            {"name": name, "in": "query", "required": True, "schema": {"type": "string"}} for name in names
        ],
        "responses": {"200": _answer("Done.", "Message"), **_refusals(every)},
    }


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _request(name: str) -> dict[str, Any]:
    schema = {"$ref": _REF.format(name=f"{name}Request")}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _answer(text: str, name: str) -> dict[str, Any]:
    return {
        "description": text,
        "content": {"application/json": {"schema": {"$ref": _REF.format(name=name)}}},
    }


def _refusals(texts: dict[int, str]) -> dict[str, Any]:
    return {str(status): _answer(text, "Refusal") for status, text in sorted(texts.items())}


@get("/openapi/unduit.json")
async def describe(request: Request[Any, Any, Any]) -> Answer:
    """Serve the description."""
    return answer(document(str(request.base_url).rstrip("/")))
