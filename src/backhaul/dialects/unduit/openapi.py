"""OpenAPI 3.1 of this dialect: requests by hand (`schemas`), answers made from the structs that are written."""

from typing import Any

import msgspec
from litestar import Request, get

from backhaul import __version__
from backhaul.dialects.answering import Answer, answer
from backhaul.dialects.unduit import schemas
from backhaul.dialects.unduit.describing import (
    ALWAYS,
    BODY,
    GUARDED,
    PARAMETERS,
    REF,
    answer_of,
    list_route,
    open_route,
    refusals_of,
    view_one,
    view_page,
    view_route,
    write_route,
)
from backhaul.dialects.unduit.views import asset_details, assets, holding, people, recovery_shapes, sentences

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
    recovery_shapes.Campaigns,
    recovery_shapes.CampaignView,
    recovery_shapes.RecoveryView,
    recovery_shapes.FoundRecovery,
    recovery_shapes.FoundStanding,
    recovery_shapes.MadeCampaign,
    recovery_shapes.AddedPerson,
    recovery_shapes.CodedPerson,
    recovery_shapes.CodedPeople,
)


def document(base_url: str) -> dict[str, Any]:
    """Return the description of this dialect."""
    _, components = msgspec.json.schema_components(_ANSWERS, ref_template=REF)
    components.update({f"{name}Request": schema for name, schema in schemas.REQUESTS.items()})
    components["Refusal"] = schemas.REFUSAL
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Backhaul, Unduit dialect",
            "version": __version__,
            "description": "Sign in, employees, assets, recovery campaigns, legal holds. Bodies are read as JSON.",
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
            "post": open_route("signIn", "Exchange e-mail address and password for a token.", "SignIn", 401)
        },
        "/v1/refresh-token": {
            "post": open_route("refreshToken", "Exchange a token for a new one.", "Refresh", 401, 403)
        },
        "/v1/employees": {"get": list_route("listEmployees", "List employees.", people_filters, "Users")},
        "/v1/users": {"get": list_route("listUsers", "List employees; the same.", people_filters, "Users")},
        "/v2/employees": {
            "get": list_route(
                "listEmployeesOfToday",
                "List employees under the newer names.",
                (*people_filters, "include"),
                "EmployeesOfToday",
            )
        },
        "/v1/employee/add": {
            "post": write_route("addEmployee", "Add an employee.", "Employee", "Added", {409: update[409]})
        },
        "/v1/employee/update/{id}": {
            "put": write_route(
                "updateEmployee", "Write an employee anew.", "Employee", "Message", update, "id"
            ),
            "post": write_route("updateEmployeeByPost", "The same.", "Employee", "Message", update, "id"),
        },
        "/v1/employees/bulk-import": {
            "post": write_route("importEmployees", "Add employees, all or none.", "Import", "Imported", {})
        },
        "/v1/assets": {
            "get": list_route("listAssets", "List assets, newest first.", asset_filters, "Assets")
        },
        "/v1/assets/add-asset": {
            "post": write_route(
                "addAsset", "Add an asset.", "NewAsset", "AddedAsset", {409: "The serial is taken."}
            )
        },
        "/v1/assets/details/{serial_number}": {
            "get": view_route("viewAsset", "View an asset.", "serial_number", "FoundAsset")
        },
        "/v1/assets/{id}/history": {
            "get": view_route("listAssetHistory", "List what happened to an asset.", "id", "History")
        },
        "/v1/assets/{id}": {
            "patch": write_route(
                "changeAsset",
                "Change what is sent of an asset.",
                "AssetChange",
                "ChangedAsset",
                {404: "Unknown.", 409: "The serial is taken, or the custody does not allow it."},
                "id",
            )
        },
        "/v1/assets/assign/user": {
            "post": write_route("assignAsset", "Give an asset to somebody.", "Assign", "Message", taken)
        },
        "/v1/assets/unassign/user": {
            "post": write_route("unassignAsset", "Take an asset back.", "Unassign", "Message", taken),
            "get": _unassign_by_get(taken),
        },
        **_recover_paths(),
    }


def _recover_paths() -> dict[str, Any]:
    there = {404: "No such campaign.", 409: "Somebody is in the campaign already, or it is completed."}
    add = ("Add somebody to a campaign.", "Recovery", "AddedPerson", there)
    details = "View a campaign with a page of the people in it."
    return {
        "/v1/recover/campaigns": {
            "get": list_route(
                "listCampaigns", "List campaigns, newest first.", ("page", "limit"), "Campaigns"
            )
        },
        "/v1/recover/employees/details/{campaign_number}": {
            "get": view_page("viewCampaign", details, "campaign_number", "CampaignView")
        },
        "/v1/recover/campaign/{campaign_number}": {
            "get": view_page("viewCampaignOfToday", details, "campaign_number", "CampaignView")
        },
        "/v1/recover/campaign/create": {
            "post": write_route(
                "createCampaign", "Make a campaign.", "Campaign", "MadeCampaign", {409: "The name is taken."}
            )
        },
        "/v1/recover/user/add": {
            "post": write_route("addToCampaign", *add),
            "get": write_route("addToCampaignByGet", *add),
        },
        "/v1/recover/campaign/employee/add": {
            "post": write_route(
                "addToCampaignOfToday",
                "The same; the answer has the recovery code.",
                "Recovery",
                "CodedPerson",
                there,
            )
        },
        "/v1/recover/campaign/employee/bulk-add": {
            "post": write_route(
                "addManyToCampaign", "Add people, all or none.", "Recoveries", "CodedPeople", there
            )
        },
        "/v1/recover/campaign/employee/{recovery_id}": {
            "get": view_one(
                "viewRecovery", "View a recovery with its campaign.", "recovery_id", "RecoveryView"
            )
        },
        "/v1/recover/recovery/{recovery_code}": {
            "get": view_one("viewRecoveryByCode", "View a recovery.", "recovery_code", "FoundRecovery")
        },
        "/v1/recoveries/{recovery_number}/status": {
            "get": view_one(
                "viewRecoveryStatus", "View how a recovery stands.", "recovery_number", "FoundStanding"
            )
        },
    }


def _holds(prefix: str, end: str, server: str | None = None) -> dict[str, Any]:
    """Return the paths of legal holds, which are served with and without /api/v1 (contract C28)."""
    paging = [
        {"name": "page", "in": "query", "required": True, "schema": {"type": "integer", "minimum": 1}},
        {
            "name": "limit",
            "in": "query",
            "schema": PARAMETERS["limit"],
        },
    ]
    listed = {
        **list_route(f"listActiveHolds{end}", "List what is on hold.", (), "ActiveHolds"),
        "parameters": paging,
    }
    unknown = {404: "No such line, or it is another device's.", 409: "It is released already."}
    paths = {
        f"{prefix}/legal-hold/submit": {
            "post": write_route(
                f"submitHold{end}", "Place a legal hold.", "Hold", "Submitted", {409: "No status."}
            )
        },
        f"{prefix}/legal-hold/active": {
            "post": write_route(
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


def _unassign_by_get(refusals: dict[int, str]) -> dict[str, Any]:
    names = schemas.REQUESTS["Unassign"]["required"]
    every = {**BODY, **GUARDED, **ALWAYS, **refusals}
    return {
        "operationId": "unassignAssetByGet",
        "summary": "The same, with everything in the query.",
        "parameters": [
            {"name": name, "in": "query", "required": True, "schema": {"type": "string"}} for name in names
        ],
        "responses": {"200": answer_of("Done.", "Message"), **refusals_of(every)},
    }


@get("/openapi/unduit.json")
async def describe(request: Request[Any, Any, Any]) -> Answer:
    """Serve the description."""
    return answer(document(str(request.base_url).rstrip("/")))
