"""OpenAPI 3.1 of this dialect: returns, reshipments, invoices, webhooks, and what those webhooks bring."""

from typing import Any

from litestar import Request, get

from backhaul import __version__
from backhaul.dialects.answering import Answer, answer
from backhaul.dialects.boxc import schemas, signing_in
from backhaul.dialects.boxc.calling import BILLING, READ_WEBHOOKS, RETURNS, WRITE_WEBHOOKS
from backhaul.dialects.boxc.describing import in_path, page, removal, view, write

_NO_RETURN, _NO_RESHIPMENT = "1120: no such return.", "1140: no such reshipment."
_NO_WEBHOOK = "1400: no such webhook."
_NO_MONEY = "1080: insufficient funds."
_NO_BALANCE = "1081, 1082: the balance could not be read or charged; nothing was changed."
_HEADERS = {
    "X-Request-Id": ("string", "Finds the request in our log."),
    "X-Rate-Limit": ("integer", "How many requests the caller's bucket holds."),
    "X-Rate-Requests": ("integer", "How many are in it."),
}


def document(base_url: str) -> dict[str, Any]:
    """Return the description of this dialect."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Backhaul, BoxC dialect",
            "version": __version__,
            "description": "Sign-in of clients, returns, reshipments and their money. Bodies are read as JSON.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": base_url}],
        "security": [{"client": []}],
        "paths": {**signing_in.PATHS, **_returns(), **_reshipments(), **_money(), **_webhooks()},
        "webhooks": {topic: {"post": _told(topic, schema)} for topic, schema in schemas.TOLD.items()},
        "components": {
            "schemas": {
                **schemas.SHOWN,
                **{
                    name: schemas.sent({under: below}, [under])
                    for name, (under, below) in schemas.REQUESTS.items()
                },
                **signing_in.SCHEMAS,
                "Refusal": schemas.REFUSAL,
            },
            "headers": {
                name: {"description": text, "schema": {"type": kind}}
                for name, (kind, text) in _HEADERS.items()
            },
            "securitySchemes": signing_in.schemes(base_url),
        },
    }


def _returns() -> dict[str, Any]:
    none = {404: _NO_RETURN}
    changed = ("return", "Return")
    return {
        "/v1/returns": {"get": page("listReturns", "List returns.", RETURNS, ("returns", "ListedReturn"))},
        "/v1/returns/{return_id}": {
            "parameters": [in_path("return_id")],
            "get": view("viewReturn", "View a return.", RETURNS, changed, refusals=none),
            "put": write(
                "verifyReturn",
                "Have a return verified, for a fee.",
                RETURNS,
                changed,
                body="ReturnChange",
                refusals={400: "1121: it is not Processed.", 402: _NO_MONEY, 500: _NO_BALANCE, **none},
            ),
            "delete": removal(
                "discardReturn",
                "Discard a return, for good.",
                RETURNS,
                refusals={400: "1122: not in this status.", **none},
            ),
        },
        "/v1/returns/{return_id}/messages": {
            "parameters": [in_path("return_id")],
            "post": write(
                "addMessage",
                "Write to the warehouse.",
                RETURNS,
                changed,
                body="NewMessage",
                status=201,
                refusals=none,
            ),
        },
    }


def _reshipments() -> dict[str, Any]:
    none = {404: _NO_RESHIPMENT}
    changed = ("reshipment", "Reshipment")
    return {
        "/v1/reshipments": {
            "get": page("listReshipments", "List reshipments.", RETURNS, ("reshipments", "ListedReshipment")),
            "post": write(
                "createReshipment",
                "Have returns sent on together.",
                RETURNS,
                changed,
                body="NewReshipment",
                status=201,
                refusals={
                    400: "1143, 1144: a return can't be reshipped. 1145: they lie in several warehouses."
                },
            ),
        },
        "/v1/reshipments/{reshipment_id}": {
            "parameters": [in_path("reshipment_id")],
            "get": view("viewReshipment", "View a reshipment.", RETURNS, changed, refusals=none),
            "put": write(
                "answerEstimate",
                "Approve or decline the estimate.",
                RETURNS,
                changed,
                body="ReshipmentAnswer",
                refusals={
                    400: "1141: there is no estimate, or it was approved.",
                    402: _NO_MONEY,
                    500: _NO_BALANCE,
                    **none,
                },
            ),
            "delete": removal(
                "deleteReshipment",
                "Delete one that is not approved.",
                RETURNS,
                refusals={400: "1142: it is approved.", **none},
            ),
        },
    }


def _money() -> dict[str, Any]:
    invoice = view(
        "viewInvoice",
        "View an invoice.",
        BILLING,
        ("invoice", "Invoice"),
        refusals={404: "1090: no such invoice."},
    )
    invoice["responses"]["200"]["content"]["application/pdf"] = {}
    warehouse = ("warehouse", "Warehouse")
    listed = page("listWarehouses", "List the warehouses, all at once.", None, ("warehouses", "Warehouse"))
    return {
        "/v1/users/me": {"get": view("viewMyself", "View the token's account.", None, ("user", "User"))},
        "/v1/warehouses": {"get": {**listed, "parameters": []}},
        "/v1/warehouses/{warehouse_id}": {
            "parameters": [in_path("warehouse_id")],
            "get": view(
                "viewWarehouse",
                "View a warehouse.",
                None,
                warehouse,
                refusals={404: "1360: no such warehouse."},
            ),
        },
        "/v1/invoices": {"get": page("listInvoices", "List invoices.", BILLING, ("invoices", "Invoice"))},
        "/v1/invoices/{invoice_id}": {"parameters": [in_path("invoice_id")], "get": invoice},
    }


def _webhooks() -> dict[str, Any]:
    none = {404: _NO_WEBHOOK}
    taken = "1401: the address is subscribed to this topic."
    changed = ("webhook", "Webhook")
    listed = page("listWebhooks", "List webhooks.", READ_WEBHOOKS, ("webhooks", "Webhook"))
    added = write(
        "addWebhook",
        "Subscribe.",
        WRITE_WEBHOOKS,
        changed,
        body="NewWebhook",
        status=201,
        refusals={400: taken},
    )
    return {
        "/v1/webhooks": {"get": listed, "post": added},
        "/v1/webhooks/{webhook_id}": {
            "parameters": [in_path("webhook_id")],
            "get": view("viewWebhook", "View a webhook.", READ_WEBHOOKS, changed, refusals=none),
            "put": write(
                "changeWebhook",
                "Change it.",
                WRITE_WEBHOOKS,
                changed,
                body="WebhookChange",
                refusals={400: taken, **none},
            ),
            "delete": removal("deleteWebhook", "Unsubscribe.", WRITE_WEBHOOKS, refusals=none),
        },
        "/v1/webhooks/{webhook_id}/queue": {
            "parameters": [in_path("webhook_id")],
            "post": write(
                "queueTest",
                "Have a test event sent.",
                WRITE_WEBHOOKS,
                changed,
                body=None,
                status=201,
                refusals={400: "1405: it is not active.", **none},
            ),
        },
    }


def _told(topic: str, schema: schemas.Schema) -> dict[str, Any]:
    return {
        "summary": f"What is told under {topic}.",
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
            for name in ("X-BoxC-Topic", "X-BoxC-Account", "X-BoxC-Hmac-SHA256")
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": "Any status from 200 to 299: it was received."}},
    }


@get("/openapi/boxc.json")
async def describe(request: Request[Any, Any, Any]) -> Answer:
    """Serve the description."""
    return answer(document(str(request.base_url).rstrip("/")))
