"""JSON Schema of what this dialect reads and shows; rules stand in `reshipments` and the routes, words in `views`."""

from typing import Any

from backhaul.dialects.boxc.paging import (
    DEFAULT_LIMIT,
    MAX_FILTER_LENGTH,
    MAX_LIMIT,
    MAX_TOKEN_LENGTH,
    ORDERS,
)
from backhaul.dialects.boxc.reshipments import DECISIONS, MAX_STREET
from backhaul.dialects.boxc.routes.webhooks import LONGEST_KEY, MAX_ADDRESS, SHORTEST_KEY
from backhaul.dialects.boxc.views import reshipments, returns
from backhaul.dialects.boxc.webhooks import CODES, EXCEPTION, FAULTS, TOPICS
from backhaul.domain.reshipping.checking import MAX_CONTENTS, MAX_VALUE_MINOR
from backhaul.domain.reshipping.model import MAX_RETURNS
from backhaul.domain.returns import MAX_MESSAGE_LENGTH, MessageAuthor

Schema = dict[str, Any]

REF = "#/components/schemas/{name}"

ID: Schema = {"type": "integer", "minimum": 1}
COUNT: Schema = {"type": "integer", "minimum": 0}
TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
FLAG: Schema = {"type": "boolean"}
MONEY: Schema = {"type": "number", "description": "US dollars, at most two decimals."}
MOMENT: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", "description": "UTC."}
DAY: Schema = {"type": "string", "format": "date"}
KILOGRAMS: Schema = {"type": "number", "minimum": 0, "description": "At most three decimals."}
LINK: Schema = {"type": "string", "format": "uri"}


def shown(properties: dict[str, Schema]) -> Schema:
    """Return the schema of an object that always has these keys and no others."""
    return {
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "additionalProperties": False,
    }


def sent(properties: dict[str, Schema], required: list[str]) -> Schema:
    """Return the schema of an object that is read; other keys are passed over."""
    return {"type": "object", "required": required, "properties": properties}


def ref(name: str) -> Schema:
    """Return a reference to a schema."""
    return {"$ref": REF.format(name=name)}


def _limited(longest: int, *, is_required: bool = False) -> Schema:
    if is_required:
        return {"type": "string", "minLength": 1, "maxLength": longest}
    return {"type": ["string", "null"], "maxLength": longest}


_CONDITIONAL = "Needed for countries whose addresses have it."
_CONSIGNEE: dict[str, Schema] = {
    "company_name": _limited(40),
    "name": _limited(40, is_required=True),
    "phone": _limited(20),
    "email": _limited(64),
    "street1": _limited(MAX_STREET, is_required=True),
    "street2": _limited(MAX_STREET),
    "city": _limited(40, is_required=True),
    "province": {**_limited(40), "description": _CONDITIONAL},
    "postal_code": {**_limited(10), "description": _CONDITIONAL},
    "country": {"type": "string", "minLength": 2, "maxLength": 2, "description": "ISO 3166-1 alpha-2."},
}
_ADDRESSEE = sent(_CONSIGNEE, ["name", "street1", "city", "country"])
_VALUE: Schema = {"type": "number", "minimum": 0.01, "maximum": MAX_VALUE_MINOR // 100}
_CONTENTS = _limited(MAX_CONTENTS, is_required=True)
_ADDRESS: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": MAX_ADDRESS,
    "description": "http or https, with a path, on the public internet.",
}
_KEY: Schema = {
    "type": ["string", "null"],
    "minLength": SHORTEST_KEY,
    "maxLength": LONGEST_KEY,
    "writeOnly": True,
}
_TOPIC: Schema = {"enum": list(TOPICS)}

# What stands under the name that a body has.
REQUESTS: dict[str, tuple[str, Schema]] = {
    "ReturnChange": ("return", sent({"status": {"const": "Verify"}}, ["status"])),
    "NewMessage": (
        "message",
        sent({"body": _limited(MAX_MESSAGE_LENGTH, is_required=True)}, ["body"]),
    ),
    "NewReshipment": (
        "reshipment",
        sent(
            {
                "contents": _CONTENTS,
                "returns": {"type": "array", "items": ID, "minItems": 1, "maxItems": MAX_RETURNS},
                "to": _ADDRESSEE,
                "value": _VALUE,
            },
            ["contents", "returns", "to", "value"],
        ),
    ),
    "ReshipmentAnswer": ("reshipment", sent({"status": {"enum": list(DECISIONS)}}, ["status"])),
    "NewWebhook": (
        "webhook",
        sent({"address": _ADDRESS, "topic": _TOPIC, "key": _KEY, "active": FLAG}, ["address", "topic"]),
    ),
    "WebhookChange": ("webhook", sent({"address": _ADDRESS, "key": _KEY, "active": FLAG}, [])),
}

_RETURN: dict[str, Schema] = {
    "created": MOMENT,
    "id": ID,
    "images": {"type": "array", "items": LINK},
    "messages": {"type": "array", "items": ref("Message")},
    "process_fee": MONEY,
    "reshipment_id": {"type": ["integer", "null"]},
    "rma_number": MAYBE_TEXT,
    "status": {"enum": list(returns.STATUSES)},
    "tracking_number": TEXT,
    "verify_fee": MONEY,
    "warehouse": shown({"id": TEXT}),
    "weight": KILOGRAMS,
}
_RESHIPMENT: dict[str, Schema] = {
    "contents": _CONTENTS,
    "created": MOMENT,
    "estimated_reship_fee": {**MONEY, "description": "US dollars; 0: there is none yet."},
    "id": ID,
    "reship_fee": {**MONEY, "description": "US dollars; 0 until it is dispatched."},
    "returns": {"type": "array", "items": ID},
    "service": {**MAYBE_TEXT, "description": "The carrier, once dispatched."},
    "status": {"enum": list(reshipments.WORDS.values())},
    "to": shown(_CONSIGNEE),
    "tracking_number": MAYBE_TEXT,
    "value": MONEY,
    "weight": KILOGRAMS,
}
_BY_CURRENCY: Schema = {"type": ["object", "null"], "additionalProperties": {"type": "number"}}
# What stands under its name in answers, and in lists.
SHOWN: dict[str, Schema] = {
    "Message": shown(
        {"id": ID, "author": {"enum": [one.value for one in MessageAuthor]}, "body": TEXT, "created": MOMENT}
    ),
    "Return": shown(_RETURN),
    "ListedReturn": shown(
        {name: schema for name, schema in _RETURN.items() if name != "images"} | {"messages": COUNT}
    ),
    "Reshipment": shown(_RESHIPMENT),
    "ListedReshipment": shown({**_RESHIPMENT, "returns": COUNT}),
    "Invoice": shown(
        {
            "created": MOMENT,
            "currency": TEXT,
            "end_date": DAY,
            "id": ID,
            "name": TEXT,
            "start_date": DAY,
            "total": MONEY,
            "total_billed": MONEY,
            "total_paid": MONEY,
        }
    ),
    "Warehouse": shown(
        dict.fromkeys(("id", "name", "address", "country", "entry_point", "language", "language_code"), TEXT)
    ),
    "Webhook": shown(
        {"active": FLAG, "address": TEXT, "created": MOMENT, "id": ID, "topic": _TOPIC, "updated": MOMENT}
    ),
    "User": shown(
        {
            "id": ID,
            "email": TEXT,
            "company_name": TEXT,
            "address": {"type": ["object", "null"]},
            "timezone": TEXT,
            "subscriptions": {"type": "array", "maxItems": 0},
            "balance": {"type": ["number", "null"], "description": "Below zero is owed."},
            "balances": _BY_CURRENCY,
            "credit_limits": _BY_CURRENCY,
        }
    ),
}
_TOLD_RESHIPMENT = ("estimated_reship_fee", "id", "reship_fee", "status", "tracking_number")
# What webhooks bring, by topic.
TOLD: dict[str, Schema] = {
    "returns_status": shown(
        {"return": shown({name: _RETURN[name] for name in ("id", "status", "tracking_number")})}
    ),
    "reshipments_status": shown(
        {"reshipment": shown({name: _RESHIPMENT[name] for name in _TOLD_RESHIPMENT})}
    ),
    "shipments_status": shown(
        {
            "shipment": shown(
                {
                    "carrier": TEXT,
                    "code": {"enum": [*CODES.values(), *FAULTS.values(), EXCEPTION]},
                    "reshipment_id": ID,
                    "time": MOMENT,
                    "tracking_number": TEXT,
                }
            )
        }
    ),
}
REFUSAL: Schema = shown(
    {
        "status": {"const": "error"},
        "code": {"type": "integer", "description": "Stable; for machines."},
        "message": TEXT,
        "errors": {"type": "array", "items": TEXT, "minItems": 1, "maxItems": 5},
    }
)
PAGING: dict[str, Schema] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    "order": {"enum": list(ORDERS), "default": "desc"},
    "page_token": {
        "type": "string",
        "maxLength": MAX_TOKEN_LENGTH,
        "description": "`next_page` of an answer; enough by itself.",
    },
}
FILTERS: dict[str, Schema] = {
    "tracking_number": {"type": "string", "maxLength": MAX_FILTER_LENGTH},
    "status": _RETURN["status"],
}
