"""From bodies to an asset to add or to change (contract §2.4, C15–C19)."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from backhaul.dialects.unduit.calling import renamed
from backhaul.dialects.unduit.checking import Check
from backhaul.domain.inventory.model import AssetPatch, Condition, NewAsset, PurchaseType
from backhaul.domain.inventory.spelling import clean
from backhaul.kernel.errors import FieldProblem, InvalidInput

CONDITIONS = {condition.value.capitalize(): condition for condition in Condition}
CONDITION_NAMES = {condition: name for name, condition in CONDITIONS.items()}
PURCHASE_TYPES = {kind.value.capitalize(): kind for kind in PurchaseType}
_CONDITIONS_IN = {name.lower(): condition for name, condition in CONDITIONS.items()}
_PURCHASE_TYPES_IN = {name.lower(): kind for name, kind in PURCHASE_TYPES.items()}

# This contract's names of fields → inventory's. The first five are what every version of the contract requires (C19).
REQUIRED = {
    "product_type": "product_type",
    "product_name": "product_name",
    "manufacturer": "manufacturer",
    "serial_number": "serial_number",
    "asset_status": "status_name",
}
OPTIONAL = {
    "model_number": "model_number",
    "sku": "sku",
    "asset_id": "tag",  # answers call it customer_asset_id (C15)
    "condition": "condition",
    "purchase_date": "purchased_on",
    "purchase_cost": "purchase_cost_minor",
    "purchase_type": "purchase_type",
    "warranty_start": "warranty_starts_on",
    "warranty_expire": "warranty_ends_on",
    "warranty_type": "warranty_type",
    "department": "department",
    "location_name": "location_name",
    "imei": "imei",
    "imei2": "imei2",
}
ASSIGNEE = "assign_to_email"
NAMES = {ours: theirs for theirs, ours in (REQUIRED | OPTIONAL).items()}

Values = TypeVar("Values", NewAsset, AssetPatch)


def new_asset_of(values: Mapping[str, Any]) -> NewAsset:
    """Return the asset of `assets/add-asset`, or refuse everything that is wrong with it."""
    check = Check(values)
    given: dict[str, Any] = {
        ours: check.text(theirs, is_required=True) or "" for theirs, ours in REQUIRED.items()
    }
    given |= {ours: _optional(check, theirs) for theirs, ours in OPTIONAL.items()}
    given[ASSIGNEE] = check.text(ASSIGNEE)
    new = NewAsset(**given)
    _add_problems_of_inventory(check, new)
    check.done()
    return new


def patch_of(values: Mapping[str, Any]) -> AssetPatch:
    """Return what `PATCH assets/{id}` changes: what was sent, and nothing else.

    An empty optional value is taken away.
    """
    check = Check(values)
    given: dict[str, Any] = {
        ours: check.text(theirs, is_required=True) or ""
        for theirs, ours in REQUIRED.items()
        if check.has(theirs)
    }
    given |= {ours: _optional(check, theirs) for theirs, ours in OPTIONAL.items() if check.has(theirs)}
    if (assignee := check.text(ASSIGNEE)) is not None:
        given[ASSIGNEE] = assignee
    patch = AssetPatch(**given)
    _add_problems_of_inventory(check, patch)
    check.done()
    if not given:
        raise InvalidInput([FieldProblem("", "missing", "send at least one field to change")])
    return patch


def _optional(check: Check, name: str) -> Any:
    return _READERS.get(name, Check.text)(check, name)


_READERS: dict[str, Callable[[Check, str], Any]] = {
    "condition": lambda check, name: check.choice(name, _CONDITIONS_IN, shown=", ".join(CONDITIONS)),
    "purchase_type": lambda check, name: check.choice(
        name, _PURCHASE_TYPES_IN, shown=", ".join(PURCHASE_TYPES)
    ),
    "purchase_cost": Check.amount_minor,
    "purchase_date": Check.day,
    "warranty_start": Check.day,
    "warranty_expire": Check.day,
}


def _add_problems_of_inventory(check: Check, values: Values) -> None:
    told = {problem.path for problem in check.problems}
    _, problems = clean(values)
    check.problems += [problem for problem in renamed(problems, NAMES) if problem.path not in told]
