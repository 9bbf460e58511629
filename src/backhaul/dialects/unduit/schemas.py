"""JSON Schema of the bodies this dialect reads; the rules themselves stand in `people`, `devices` and `assigning`."""

from typing import Any

from backhaul.dialects.unduit.checking import MAX_AMOUNT
from backhaul.dialects.unduit.devices import ASSIGNEE, CONDITIONS, OPTIONAL, PURCHASE_TYPES, REQUIRED
from backhaul.dialects.unduit.people import LOCATION_TYPES, MAX_ROWS
from backhaul.dialects.unduit.recovering import REASONS, SHIPPING_OPTIONS
from backhaul.domain.holds.model import MAX_SUBJECTS
from backhaul.domain.recovery.model import MAX_CASES_AT_ONCE, MAX_ITEMS

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NEEDED: Schema = {"type": "string", "minLength": 1}
DIGITS: Schema = {"type": ["string", "integer"], "pattern": "^\\s*[0-9]+\\s*$", "minimum": 0}
DAY: Schema = {"type": ["string", "null"], "description": "YYYY-MM-DD; empty counts as absent."}
MAYBE: Schema = {"type": ["string", "null"]}

_STATE: Schema = {"type": ["string", "null"], "description": "Required, but for addresses in GB."}
_LETTERS: Schema = {"type": "string", "minLength": 1, "description": "Letters and spaces only."}
_PERSON: dict[str, Schema] = {
    "firstname": _LETTERS,
    "lastname": _LETTERS,
    "location_name": {"type": "string", "minLength": 1, "description": "Made when new."},
    "location_type": {
        "type": "string",
        "description": f"{', '.join(LOCATION_TYPES)}; in any letter case. Office, Corporate and Store are taken too.",
    },
    "contact_info": DIGITS,
    "email": {"type": "string", "minLength": 3},
    "address_1": NEEDED,
    "address_2": MAYBE,
    "city": NEEDED,
    "state": _STATE,
    "zip": NEEDED,
    "country": {"type": "string", "minLength": 2, "description": "ISO 3166-1 alpha-2; UK is GB."},
    "contact_country": NEEDED,
}
_ASSET_RULES: dict[str, Schema] = {
    "asset_status": {"type": "string", "minLength": 1, "description": "A status's name, in any letter case."},
    "condition": {"type": ["string", "null"], "description": ", ".join(CONDITIONS)},
    "purchase_type": {"type": ["string", "null"], "description": ", ".join(PURCHASE_TYPES)},
    "purchase_date": DAY,
    "purchase_cost": {
        "type": ["number", "string", "null"],
        "minimum": 0,
        "maximum": MAX_AMOUNT,
        "description": "At most two decimals.",
    },
    "warranty_start": DAY,
    "warranty_expire": {**DAY, "description": "YYYY-MM-DD, after warranty_start; empty counts as absent."},
    ASSIGNEE: {"type": ["string", "null"], "description": "Needed when the status is of type deployed."},
}


def _object(properties: dict[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "required": required, "properties": properties}


_ASSET = {
    **{name: _ASSET_RULES.get(name, NEEDED) for name in REQUIRED},
    **{name: _ASSET_RULES.get(name, MAYBE) for name in (*OPTIONAL, ASSIGNEE)},
}
_OPTIONAL_OF_PEOPLE = {"address_2", "state"}
_EMPLOYEE = _object(_PERSON, [name for name in _PERSON if name not in _OPTIONAL_OF_PEOPLE])
_ROW = _object(
    {
        **_PERSON,
        "contact_country": MAYBE,
        "location_name": MAYBE,
        "location_type": {**_PERSON["location_type"], "type": ["string", "null"]},
        "country": {**NEEDED, "description": "A code or a country's name."},
    },
    [],  # the keys may have the names of answers as well: FirstName, …
)
_ASSIGNMENT: dict[str, Schema] = {
    "asset_number": DIGITS,
    "assign_to_email": {"type": "string", "minLength": 3},
    "asset_status": NEEDED,
}

_TEXT_OR_NUMBER: Schema = {"type": ["string", "integer"], "minLength": 1}
_HOLD_USER: dict[str, Schema] = {
    "serialNumber": {**NEEDED, "description": "Of an asset in the inventory."},
    "name": NEEDED,
    "email": {"type": "string", "minLength": 3},
    "recoveryNumber": _TEXT_OR_NUMBER,
    "assetName": NEEDED,
    "assetId": _TEXT_OR_NUMBER,
}
# A person or a case has neither: the line's id alone names them.
_OF_DEVICE: Schema = {**MAYBE, "description": "Needed of a device."}
_HELD_LINE: dict[str, Schema] = {"id": DIGITS, "serial_number": _OF_DEVICE, "status_name": _OF_DEVICE}
_WHY: dict[str, Schema] = {"summary": NEEDED, "description": NEEDED}
_ITEM = _object(
    {
        "item": NEEDED,
        "item_serial_no": MAYBE,
        "item_asset_id": MAYBE,
        "item_imei": MAYBE,
        "custom_field_1": MAYBE,
        "custom_field_2": MAYBE,
        "is_legal_hold": {"type": ["integer", "string", "boolean", "null"]},
    },
    ["item"],
)
_RECOVERY: dict[str, Schema] = {
    "campaign_number": DIGITS,
    "email": {"type": "string", "minLength": 3},
    "firstname": NEEDED,
    "lastname": NEEDED,
    "phone": {"type": ["string", "integer"]},
    "address_line_1": NEEDED,
    "address_line_2": MAYBE,
    "city": NEEDED,
    "state": _STATE,
    "zip": NEEDED,
    "country": {"type": "string", "minLength": 2, "description": "ISO 3166-1 alpha-2; UK is GB."},
    "shipping_option": {
        "type": ["string", "null"],
        "description": f"One of {', '.join(SHIPPING_OPTIONS)}; the first unless said.",
    },
    "callback_url": {
        "type": ["string", "null"],
        "description": "Needed for a prepaid label; where it is sent.",
    },
    "recovery_reason": {"enum": [*REASONS, *map(str, REASONS), "", None]},
    "recovery_reason_note": {"type": ["string", "null"], "description": "Needed for reason 4."},
    "items": {"type": "array", "minItems": 1, "maxItems": MAX_ITEMS, "items": _ITEM},
}
_OPTIONAL_OF_RECOVERY = {
    "address_line_2",
    "state",
    "shipping_option",
    "callback_url",
    "recovery_reason",
    "recovery_reason_note",
}
_RECOVERY_NEEDED = [name for name in _RECOVERY if name not in _OPTIONAL_OF_RECOVERY]
_USER = _object(_RECOVERY, [name for name in _RECOVERY_NEEDED if name != "campaign_number"])

REQUESTS: dict[str, Schema] = {
    "SignIn": {
        "type": "object",
        "properties": {"email": TEXT, "password": TEXT, "client_id": TEXT, "client_secret": TEXT},
        "allOf": [
            {"anyOf": [{"required": ["email"]}, {"required": ["client_id"]}]},
            {"anyOf": [{"required": ["password"]}, {"required": ["client_secret"]}]},
        ],
    },
    "Refresh": _object({"refresh_token": NEEDED}, ["refresh_token"]),
    "Employee": _EMPLOYEE,
    "Import": _object(
        {"employees": {"type": "array", "minItems": 1, "maxItems": MAX_ROWS, "items": _ROW}}, ["employees"]
    ),
    "NewAsset": _object(_ASSET, list(REQUIRED)),
    "AssetChange": {**_object(_ASSET, []), "minProperties": 1},
    "Assign": _object({**_ASSIGNMENT, "asset_status": MAYBE}, ["asset_number", "assign_to_email"]),
    "Unassign": _object(_ASSIGNMENT, list(_ASSIGNMENT)),
    "Campaign": _object({"campaign_name": NEEDED, "description": MAYBE}, ["campaign_name"]),
    "Recovery": _object(_RECOVERY, _RECOVERY_NEEDED),
    "Recoveries": _object(
        {
            "campaign_number": DIGITS,
            "users": {"type": "array", "minItems": 1, "maxItems": MAX_CASES_AT_ONCE, "items": _USER},
        },
        ["campaign_number", "users"],
    ),
    "Hold": _object(
        {
            **_WHY,
            "users": {
                "type": "array",
                "minItems": 1,
                "maxItems": MAX_SUBJECTS,
                "items": _object(_HOLD_USER, list(_HOLD_USER)),
            },
        },
        [*_WHY, "users"],
    ),
    "HoldRelease": _object({**_WHY, "user": _object(_HELD_LINE, ["id"])}, [*_WHY, "user"]),
}
REFUSAL: Schema = {
    "type": "object",
    "required": ["message", "success", "error"],
    "properties": {
        "message": {"type": "string", "description": "The documented sentence, where there is one."},
        "success": {"const": False},
        "error": {
            "type": "object",
            "required": ["code", "message", "details"],
            "properties": {
                "code": {"type": "string", "description": "Stable; for machines."},
                "message": {"type": "string", "description": "What happened and what to do."},
                "details": {
                    "type": "array",
                    "items": _object({"field": TEXT, "message": TEXT}, ["field", "message"]),
                },
            },
        },
    },
}
