"""Every route there is, what stands in for its parameters, and what a permitted call of it sends.

Tests that hold for all routes are generated from this: a new route is covered the day it appears, or fails until
somebody says here what it is.
"""

import itertools
import json
import re
from pathlib import Path

from litestar.routes import HTTPRoute

from backhaul.dialects.choosing import renderer
from backhaul.dialects.reready import errors as reready
from backhaul.main import Place, create_app
from backhaul.settings import Settings
from backhaul.storage.connecting import DatabaseUrls
from backhaul.web.console.routes import HANDLERS as CONSOLE_HANDLERS
from tests.dialects.installation import REDIRECT
from tests.dialects.replaying import filled
from tests.dialects.reready.replay import reference as reready_body
from tests.dialects.unduit.replay import reference as unduit_body

# Everybody may call these, with no credentials at all.
PUBLIC = {
    "/healthz": "says that the process lives",
    "/readyz": "says that it can serve",
    "/metrics": "counts; to be closed off by the proxy",
    "/openapi/reready.json": "the description of an API",
    "/openapi/unduit.json": "the description of an API",
    "/openapi/boxc.json": "the description of an API",
    "/static/plain.css": "a stylesheet",
    "/track/{tracking_number}": "a label's QR code leads here; shows movement, no people and no places",
    "/files/{key}": "a signed link to one picture, good for a day or two",
    "/label/{token}": "the token is the credential: 256 random bits for one label",
    "/pickup/{token}": "the token is the credential: 256 random bits for the pickup of one parcel",
    "/return/{token}": "the token is the credential: 256 random bits for the page of one person",
    "/return/{token}/{step}": "the same",
    "/return/{token}/{name}": "the same",
    "/static/return.css": "a stylesheet",
    "/api/v1/auth/login": "the password is the credential",
    "/auth/v1/token": "the client's secret is the credential",
    "/auth/v1/revoke": "the client's secret is the credential",
    "/auth/v1/authorize": "the page on which a password is given",
    "/auth/v1/jwks.json": "public keys",
    "/.well-known/openid-configuration": "the description of how to sign in",
    "/.well-known/oauth-authorization-server": "the same",
    "/api/v1/refresh-token": "the token to be exchanged is the credential",
}
# What may stand for a path parameter: the name of an id of whoever owns it, and one of that form that nobody has.
NOBODYS_ID = "018f0000-0000-7000-8000-000000000000"
IDS = {
    "transfer_id": [("transfer", NOBODYS_ID)],
    "employee": [("employee", "987654321"), ("employee_id", NOBODYS_ID)],
    "asset": [("asset_number", "98765432120260504120000"), ("serial", "NOBODYS-1"), ("tag", "NOBODYS-2")],
    "serial_number": [("serial", "NOBODYS-1")],
    "campaign_number": [("campaign", "1777896000987654321")],
    "recovery_id": [("recovery", "1777896000987654321"), ("recovery_code", "RC0000000000")],
    "recovery_code": [("recovery_code", "RC0000000000"), ("recovery", "1777896000987654321")],
    "warehouse_id": [("warehouse", "WHNOBODY")],
    "return_id": [("return", "987654321")],
    "reshipment_id": [("reshipment", "987654321")],
    "invoice_id": [("invoice", "987654321")],
    "webhook_id": [("webhook", "987654321")],
    "recovery_number": [("recovery", "1777896000987654321"), ("recovery_code", "RC0000000000")],
}
_PERSON = {**unduit_body("employee"), "email": "fresh{{fresh}}@example.com"}
_DEVICE = {
    **unduit_body("asset"),
    "serial_number": "FRESH-{{fresh}}",
    "assign_to_email": "{{employee_email}}",
}
_GIVE = {"asset_number": "{{free}}", "assign_to_email": "{{employee_email}}"}
_TAKE = {"asset_number": "{{held}}", "assign_to_email": "{{employee_email}}", "asset_status": "Available"}
_HOLD = {
    "summary": "Smith v. {{fresh}}",
    "description": "Keep everything.",
    "users": [
        {
            "serialNumber": "{{evidence}}",
            "name": "John Doe",
            "email": "somebody@elsewhere.example",
            "recoveryNumber": "17778880001",
            "assetName": "Demo Laptop",
            "assetId": "1",
        }
    ],
}
_RELEASE = {
    "summary": "Settled",
    "description": "The case is closed.",
    "user": {"id": "{{hold_line}}", "serial_number": "{{evidence}}", "status_name": "Legal Hold"},
}
_RECOVERED = {
    **unduit_body("recovery"),
    "campaign_number": "{{campaign}}",
    "email": "fresh{{fresh}}@example.com",
}
_RESHIPMENT = {
    "contents": "Leggings",
    "returns": ["#{{return_to_reship}}"],
    "to": {
        "name": "John Doe",
        "street1": "5200 Harry Hines Blvd",
        "city": "Dallas",
        "province": "TX",
        "postal_code": "75235",
        "country": "US",
    },
    "value": 29.95,
}
# (method, path) → what a permitted call sends; {{name}} is an id of the caller's organization.
WRITES = {
    ("POST", "/api/v1/device_transfers"): {"json": reready_body("request")},
    ("POST", "/api/v1/device_returns"): {"json": reready_body("older_request")},
    ("POST", "/api/v1/employee/add"): {"json": _PERSON},
    ("PUT", "/api/v1/employee/update/{employee}"): {"json": _PERSON},
    ("POST", "/api/v1/employee/update/{employee}"): {"json": _PERSON},
    ("POST", "/api/v1/employees/bulk-import"): {"json": {"employees": [_PERSON]}},
    ("POST", "/api/v1/assets/add-asset"): {"json": _DEVICE},
    ("PATCH", "/api/v1/assets/{asset}"): {
        "json": {"asset_status": "In Use", "assign_to_email": "{{employee_email}}"}
    },
    ("POST", "/api/v1/assets/assign/user"): {"json": _GIVE},
    ("POST", "/api/v1/assets/unassign/user"): {"json": _TAKE},
    ("POST", "/legal-hold/submit"): {"json": _HOLD},
    ("POST", "/api/v1/legal-hold/submit"): {"json": _HOLD},
    ("POST", "/legal-hold/active"): {
        "json": {**_RELEASE, "user": {**_RELEASE["user"], "id": "{{hold_line_too}}"}}
    },
    ("POST", "/api/v1/legal-hold/active"): {"json": _RELEASE},
    ("POST", "/api/v1/recover/campaign/create"): {"json": {"campaign_name": "Fresh {{fresh}}"}},
    ("POST", "/api/v1/recover/user/add"): {"json": _RECOVERED},
    ("GET", "/api/v1/recover/user/add"): {"json": _RECOVERED},
    ("POST", "/api/v1/recover/campaign/employee/add"): {"json": _RECOVERED},
    ("POST", "/api/v1/recover/campaign/employee/bulk-add"): {
        "json": {"campaign_number": "{{campaign}}", "users": [_RECOVERED]}
    },
    ("PUT", "/v1/returns/{return_id}"): {"json": {"return": {"status": "Verify"}}},
    ("DELETE", "/v1/returns/{return_id}"): {},
    ("POST", "/v1/returns/{return_id}/messages"): {"json": {"message": {"body": "Hello"}}},
    ("POST", "/v1/reshipments"): {"json": {"reshipment": _RESHIPMENT}},
    ("PUT", "/v1/reshipments/{reshipment_id}"): {"json": {"reshipment": {"status": "Approved"}}},
    ("DELETE", "/v1/reshipments/{reshipment_id}"): {},
    ("POST", "/v1/webhooks"): {
        "json": {"webhook": {"address": "https://fresh{{fresh}}.example/", "topic": "returns_status"}}
    },
    ("PUT", "/v1/webhooks/{webhook_id}"): {"json": {"webhook": {"key": "0123456789abcdef"}}},
    ("DELETE", "/v1/webhooks/{webhook_id}"): {},
    ("POST", "/v1/webhooks/{webhook_id}/queue"): {},
    ("GET", "/api/v1/assets/unassign/user"): {"params": {**_TAKE, "asset_number": "{{held_too}}"}},
}
# What is gone after a call: these have one of their own.
SPENT = {
    ("PUT", "/v1/returns/{return_id}"): "return_to_verify",
    ("DELETE", "/v1/returns/{return_id}"): "return_to_discard",
    ("DELETE", "/v1/reshipments/{reshipment_id}"): "reshipment_to_delete",
    ("DELETE", "/v1/webhooks/{webhook_id}"): "webhook_to_remove",
}
# What reading routes cannot do without.
READS = {
    ("GET", "/auth/v1/authorize"): {
        "params": {"client_id": "{{client}}", "redirect_uri": REDIRECT, "response_type": "code"}
    },
    ("GET", "/legal-hold/active-holds"): {"params": {"page": 1}},
    ("GET", "/api/v1/legal-hold/active-holds"): {"params": {"page": 1}},
}
# Parameters that name what belongs to the installation, and why everybody may see it.
SHARED = {"warehouse_id": "every customer's parcels come to the same warehouses"}
# Reading routes that a viewer may not use, and why.
CLOSED = {
    "/v1/webhooks": "where news go is the administrators' affair",
    "/v1/webhooks/{webhook_id}": "the same",
}
# Ids in bodies and queries that must be the caller's own.
FOREIGN = (
    "employee_email",
    "free",
    "held",
    "held_too",
    "evidence",
    "hold_line",
    "hold_line_too",
    "campaign",
    "return_to_reship",
)

# tests/web/console/test_sweeps.py and sweeps/ hold for all of these.
CONSOLE = {path for handler in CONSOLE_HANDLERS for path in handler.paths}
_NUMBER = re.compile(r'"#(\d+)"')  # a text that is sent as a number
_fresh = itertools.count(1)


def routes():
    """(method, path, its parameters) of every route, OPTIONS aside, and the console's, which has sweeps of its own."""
    app = create_app(Settings(), Place(Path(), DatabaseUrls.single("postgresql://nowhere"), None))._app
    found = []
    for route in app.routes:
        if route.path in CONSOLE:
            continue
        assert isinstance(route, HTTPRoute), f"{route.path}: say here how it keeps organizations apart"
        parameters = tuple(route.path_parameters)
        found += [
            (method, route.path_format, parameters)
            for method in sorted(route.route_handler_map)
            if method != "OPTIONS"
        ]
    return sorted(found)


ROUTES = routes()
GUARDED = [route for route in ROUTES if route[1] not in PUBLIC]
WITH_ID = [route for route in GUARDED if route[2] and not SHARED.keys() & set(route[2])]
WRITING = [route for route in GUARDED if route[:2] in WRITES]
READING = [route for route in GUARDED if route[:2] not in WRITES]
LISTS = [route for route in ROUTES if route[0] == "GET" and not route[2] and route[:2] not in WRITES]
WITH_FOREIGN = [
    (route, name)
    for route in WRITING
    for name in FOREIGN
    if f"{{{{{name}}}}}" in json.dumps(WRITES[route[:2]])
]


def name_of(value):
    """A route, or a route and an id, as the name of a test."""
    return value if isinstance(value, str) else f"{value[0]} {value[1]}"


def address_of(route, identities):
    """The path of a route; `identities`: parameter → what stands in for it."""
    return route[1].format_map({name: identities[name] for name in route[2]})


def identities_of(route, ids):
    """What stands in for a route's parameters when it is called with these ids and is to succeed."""
    return {name: ids[SPENT.get(route[:2], known[0][0])] for name, known in IDS.items()}


def sent_by(route, ids):
    """What a permitted call of a writing route sends, with these ids; a reading one little or nothing."""
    sent = {**WRITES, **READS}.get(route[:2], {})
    text = filled(json.dumps(sent), {**ids, "fresh": next(_fresh)})
    return json.loads(_NUMBER.sub(r"\1", text))


async def speak(made, route, address, caller, **options):
    """Call a route in its dialect, with that dialect's credentials of a caller; None sends none."""
    if renderer({"path": route[1], "headers": []}) is reready.render:
        return await made.call(route[0], address, key=caller, **options)
    if route[1].startswith("/v1/"):
        return await made.call_by_client(caller, route[0], address, **options)
    return await made.call_as(caller, route[0], address, **options)
