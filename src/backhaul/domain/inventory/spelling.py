"""How values of a device are written: cleaned here, or refused with a sentence each, all at once."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from backhaul.domain.inventory.model import AssetPatch, NewAsset
from backhaul.kernel.errors import FieldProblem, InvalidInput

MAX_TEXT_LENGTH = 200
MAX_STATUS_LENGTH = 100
MAX_COST_MINOR = 10**15
MAX_SPECS = 50
MAX_SPEC_KEY_LENGTH = 50
MAX_SPEC_LENGTH = 500
DEFAULT_CURRENCY = "USD"
SPECS_RULE = (
    f"must be at most {MAX_SPECS} names of up to {MAX_SPEC_KEY_LENGTH} characters, each with a text of up to "
    f"{MAX_SPEC_LENGTH}"
)

# What every documentation of add-asset requires (contract C19).
REQUIRED = ("product_type", "product_name", "manufacturer", "serial_number", "status_name")
OPTIONAL = (
    "model_number", "sku", "tag", "warranty_type", "assign_to_email", "department", "location_name", "imei", "imei2",
)  # fmt: skip

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_UNSEARCHABLE = re.compile("[\x00\ud800-\udfff]")
_CURRENCY = re.compile(r"[A-Z]{3}")

Values = TypeVar("Values", NewAsset, AssetPatch)


def clean(values: Values) -> tuple[Values, list[FieldProblem]]:
    """Return the values without surrounding space, blank ones as None, and everything that is wrong with them.

    A refused value is blanked, so that the rest can be looked at nevertheless. UNSET stays.
    """
    given = {
        name: value for name, value in msgspec.structs.asdict(values).items() if value is not msgspec.UNSET
    }
    problems: list[FieldProblem] = []
    for name in (*REQUIRED, *OPTIONAL):
        if name in given:
            given[name] = _clean_text(name, given[name], problems)
    _check_cost(given, problems)
    _check_specs(given, problems)
    problems += check_warranty(given)
    return type(values)(**given), problems


def check_warranty(given: Mapping[str, Any]) -> list[FieldProblem]:
    """Return what is wrong with a warranty's first and last day."""
    starts_on, ends_on = given.get("warranty_starts_on"), given.get("warranty_ends_on")
    if starts_on is None or ends_on is None or starts_on < ends_on:
        return []
    text = "must be later than the day the warranty starts"
    return [FieldProblem("warranty_ends_on", "inventory.warranty_order", text)]


def clean_status_name(name: str) -> str:
    """Return a status's name without surrounding space, or refuse it."""
    problems: list[FieldProblem] = []
    text = _clean_text("status_name", name, problems)
    if text is None or problems:
        raise InvalidInput(problems)
    return text


def searchable(text: str) -> str:
    """Return a text as it can be looked for: what PostgreSQL has no text for, nothing has."""
    return _UNSEARCHABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _clean_text(name: str, value: str | None, problems: list[FieldProblem]) -> str | None:
    is_required = name in REQUIRED
    text = (value or "").strip()
    longest = MAX_STATUS_LENGTH if name == "status_name" else MAX_TEXT_LENGTH
    if not text:
        if is_required:
            problems.append(FieldProblem(name, "missing", "is required"))
    elif _UNPRINTABLE.search(text):
        problems.append(
            FieldProblem(name, "inventory.text_unprintable", "must be a text without control characters")
        )
    elif len(text) > longest:
        problems.append(
            FieldProblem(name, "inventory.text_too_long", f"must have at most {longest} characters")
        )
    else:
        return text
    return "" if is_required else None


def _check_cost(given: dict[str, Any], problems: list[FieldProblem]) -> None:
    cost = given.get("purchase_cost_minor")
    if cost is not None and not 0 <= cost <= MAX_COST_MINOR:
        given["purchase_cost_minor"] = None
        text = f"must lie between 0 and {MAX_COST_MINOR // 100}"
        problems.append(FieldProblem("purchase_cost_minor", "inventory.cost_range", text))
    currency = given.get("purchase_currency")
    if currency is None:
        return
    given["purchase_currency"] = currency.strip().upper()
    if not _CURRENCY.fullmatch(given["purchase_currency"]):
        given["purchase_currency"] = None
        text = "must be an ISO 4217 code of three letters, such as USD"
        problems.append(FieldProblem("purchase_currency", "inventory.currency_shape", text))


def fits_as_specs(specs: Mapping[str, str | None]) -> bool:
    """Return whether these may be an asset's specs, or change them."""
    return len(specs) <= MAX_SPECS and all(
        0 < len(key) <= MAX_SPEC_KEY_LENGTH
        and len(value or "") <= MAX_SPEC_LENGTH
        and not _UNPRINTABLE.search(key + (value or ""))
        for key, value in specs.items()
    )


def _check_specs(given: dict[str, Any], problems: list[FieldProblem]) -> None:
    if not fits_as_specs(given.get("specs") or {}):
        given["specs"] = {}
        problems.append(FieldProblem("specs", "inventory.specs_shape", SPECS_RULE))
